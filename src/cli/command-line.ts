import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CliFailure, exitCodes } from './failure.ts';
import { addNouns } from './nouns.ts';
import type { Terminal } from './terminal.ts';

const examples = `
Verbs on a running server act as whoever signed in with "postern login", or as the RAM user of an access key: set POSTERN_ISSUER,
POSTERN_ACCESS_KEY_ID and POSTERN_ACCESS_KEY_SECRET, or write a profile. Beside a server with the embedded database, with the same
DATA_DIR (./data), nothing needs to be set.

Exit codes: 0 done, 1 refused or failed, 2 the command makes no sense as it stands.

Examples:
  postern serve
  postern login --issuer https://id.example.com/acme
  postern user create alice --display-name "Alice Li"
  postern application create "Wiki" --redirect-uri https://wiki.example.com/oidc/callback`;

/** Runs one command line (without the names of node and the script) and answers the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const json = args.includes('--json');
  try {
    const program = createProgram(terminal, json);
    await addNouns(program, terminal, args);
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(terminal, error, json);
    return await reportFailure(terminal, error, json);
  }
}

const packageFile = new URL('../../package.json', import.meta.url);

const versionOf = (file: URL): string => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;

/** With `json`, faults of usage are told once, as JSON, when the parser is through. */
function createProgram(terminal: Terminal, json: boolean): Command {
  return new Command('postern')
    .description('Self-hosted identity provider: serve it, set it up, manage its users and applications.')
    .version(versionOf(packageFile), '--version', 'print the version')
    .addHelpText('after', examples)
    .showHelpAfterError('(add --help for what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => (json ? undefined : terminal.err(text.trimEnd())),
    });
}

function reportUsage(terminal: Terminal, { exitCode, message }: CommanderError, json: boolean): number {
  if (exitCode === 0) return exitCodes.done;
  if (json) terminal.err(JSON.stringify({ code: 'Usage', message, details: [] }, null, 2));
  return exitCodes.usage;
}

async function reportFailure(terminal: Terminal, error: unknown, json: boolean): Promise<number> {
  const failure = await asFailure(error);
  if (failure === undefined) throw error;
  const { message, code, details, exitCode } = failure;
  if (json) terminal.err(JSON.stringify({ code, message, details }, null, 2));
  else terminal.err([`${message} (${code})`, ...details.map((detail) => `  ${detail}`)].join('\n'));
  return exitCode;
}

/** Refusals of the domain, from verbs that work on the database, read like those of the server. */
async function asFailure(error: unknown): Promise<CliFailure | undefined> {
  if (error instanceof CliFailure) return error;
  const [{ AppError }, { formatFault }] = await Promise.all([import('../domain/app-error.ts'), import('./text.ts')]);
  if (!(error instanceof AppError)) return undefined;
  return new CliFailure(error.message, { code: error.code, details: error.faults.map(formatFault) });
}
