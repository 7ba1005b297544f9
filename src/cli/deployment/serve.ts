import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Logger, pino } from 'pino';
import { type Backend, openBackend, startServer } from '../../compose.ts';
import type { Config } from '../../config/config.ts';
import { countAccounts } from '../../domain/accounts/accounts-store.ts';
import type { NewAccountHandover } from '../../domain/accounts/create-account.ts';
import { compareDeployment, rememberDeployment } from '../../domain/accounts/deployment-settings.ts';
import type { Terminal } from '../terminal.ts';
import { formatFields } from '../text.ts';
import { refuseChanged } from './changed-deployment.ts';
import { configOf, explainingStores, keyRingOf, requireBreachedPasswords } from './deployment-database.ts';
import { firstRunFile, followFirstRun, makeFirstAccount } from './first-run.ts';
import { explainingPorts, requireFreePorts } from './listening.ts';
import { formatNewAccount } from './new-account.ts';

const help = `
With nothing set it serves on http://localhost:3000 from an embedded database in ./data, and the first start makes an account
to try it with. The README lists every setting.

Examples:
  postern serve
  PUBLIC_URL=https://id.example.com DATABASE_URL=postgres://… ENCRYPTION_KEYS_FILE=/run/secrets/keys postern serve`;

/** `postern serve` */
export function addServe(command: Command, terminal: Terminal): void {
  command
    .option('--confirm', 'a PUBLIC_URL or LOGON_DOMAIN other than before is meant')
    .addHelpText('after', help)
    .action(async ({ confirm }: { confirm?: boolean }) => {
      const config = configOf(terminal);
      await requireBreachedPasswords(config);
      const keyRing = await keyRingOf(config);
      const backend = await explainingStores(() => openBackend(config, keyRing, terminal.pid));
      try {
        await serveUntilStopped(terminal, { config, backend, confirmed: confirm === true });
      } finally {
        await backend.close();
      }
    });
}

interface Serving {
  readonly config: Config;
  readonly backend: Backend;
  /** That settings other than before are meant. */
  readonly confirmed: boolean;
}

async function serveUntilStopped(terminal: Terminal, { config, backend, confirmed }: Serving): Promise<void> {
  const { db } = backend;
  if (!confirmed) refuseChanged(await explainingStores(() => compareDeployment(db, config)));
  await requireFreePorts(config);
  // Before the port is open: whoever waits for the server must find the first account there.
  const handover = config.embedded ? await makeFirstAccount(config, backend) : undefined;
  const server = await explainingPorts(config, () => startServer(config, backend, jsonLines(terminal, config)));
  const stopped = terminal.stopRequested();
  try {
    refuseChanged(await rememberDeployment(db, config, confirmed));
    terminal.out(formatStart(config));
    for (const block of await nextSteps(config, backend, handover)) terminal.out(`\n${block}`);
    await stopped;
  } finally {
    await server.close();
  }
}

const jsonLines = (terminal: Terminal, { logLevel }: Config): Logger =>
  pino(
    { level: logLevel, timestamp: pino.stdTimeFunctions.isoTime, base: { pid: terminal.pid } },
    { write: (line) => terminal.out(line.trimEnd()) },
  );

/** What whoever started the server does next; nothing when it is in use already. */
async function nextSteps(
  config: Config,
  backend: Backend,
  handover: NewAccountHandover | undefined,
): Promise<string[]> {
  if (handover !== undefined) {
    const file = firstRunFile(config.dataDir);
    return [
      `Hand this over to the first administrator; it is shown this once (and is in ${file}):`,
      formatNewAccount(config, handover),
      'The access key "bootstrap" ends after 30 days: make your own before.',
    ];
  }
  if ((await countAccounts(backend.db)) === 0) {
    return ['There is no account yet: run "postern init --alias ALIAS --admin NAME".'];
  }
  const unused = config.embedded ? await followFirstRun(config, backend) : undefined;
  if (unused === undefined) return [];
  return [`Nobody has logged on as the first administrator yet: name, address and one-time password are in ${unused}.`];
}

function formatStart({
  publicUrl,
  bindAddress,
  port,
  managementAddress,
  managementPort,
  database,
  redisUrl,
}: Config): string {
  return formatFields([
    ['Postern', publicUrl],
    ['Listening', `${bindAddress} port ${port}`],
    ['Health, metrics', `${managementAddress} port ${managementPort}`],
    [
      'Database',
      database.kind === 'postgres'
        ? 'Postgres'
        : `embedded in ${resolve(database.directory)}: survives a killed process, not a power cut. Use Postgres (DATABASE_URL) for real users`,
    ],
    ['Short-lived data', redisUrl === undefined ? 'in the database' : 'Redis'],
  ]);
}
