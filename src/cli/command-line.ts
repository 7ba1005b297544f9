import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { AppError } from '../domain/app-error.ts';
import { addAccessKeyCommands } from './access-keys.ts';
import { addAccountCommands } from './account.ts';
import { addApplicationCommands } from './applications/applications.ts';
import { addInit } from './deployment/init.ts';
import { addEncryptionKeyCommands } from './deployment/keys.ts';
import { addMigrate } from './deployment/migrate.ts';
import { addRecover } from './deployment/recover.ts';
import { addServe } from './deployment/serve.ts';
import { CliFailure, exitCodes } from './failure.ts';
import type { Terminal } from './terminal.ts';
import { formatFault } from './text.ts';
import { addUserCommands } from './users/users.ts';

const examples = `
Verbs on a running server act as the RAM user of an access key: set POSTERN_ISSUER, POSTERN_ACCESS_KEY_ID and
POSTERN_ACCESS_KEY_SECRET, or write a profile. Beside a server with the embedded database, with the same
DATA_DIR (./data), nothing needs to be set.

Exit codes: 0 done, 1 refused or failed, 2 the command makes no sense as it stands.

Examples:
  postern serve
  postern user create alice --display-name "Alice Li"
  postern application create "Wiki" --redirect-uri https://wiki.example.com/oidc/callback`;

/** Runs one command line (without the names of node and the script) and answers the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return reportFailure(terminal, error, args.includes('--json'));
  }
}

const packageFile = new URL('../../package.json', import.meta.url);

const versionOf = (file: URL): string =>
  z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;

function buildProgram(terminal: Terminal): Command {
  const program = new Command('postern')
    .description('Self-hosted identity provider: serve it, set it up, manage its users and applications.')
    .version(versionOf(packageFile), '--version', 'print the version')
    .addHelpText('after', examples)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    });
  addServe(program, terminal);
  addInit(program, terminal);
  addMigrate(program, terminal);
  addRecover(program, terminal);
  addEncryptionKeyCommands(program, terminal);
  addAccountCommands(program, terminal);
  addUserCommands(program, terminal);
  addAccessKeyCommands(program, terminal);
  addApplicationCommands(program, terminal);
  return program;
}

function reportFailure(terminal: Terminal, error: unknown, json: boolean): number {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  const { message, code, details, exitCode } = failure;
  if (json) terminal.err(JSON.stringify({ code, message, details }, null, 2));
  else terminal.err([`${message} (${code})`, ...details.map((detail) => `  ${detail}`)].join('\n'));
  return exitCode;
}

/** Refusals of the domain, from verbs that work on the database, read like those of the server. */
function asFailure(error: unknown): CliFailure | undefined {
  if (error instanceof CliFailure) return error;
  if (!(error instanceof AppError)) return undefined;
  const details = error.faults.map(formatFault);
  return new CliFailure(error.message, { code: error.code, details });
}
