import type { Command } from 'commander';
import { pino } from 'pino';
import { type Backend, openBackend, startServer } from '../../compose.ts';
import type { Config } from '../../config/config.ts';
import { countAccounts } from '../../domain/accounts/accounts-store.ts';
import { CliFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { formatFields } from '../text.ts';
import { refuseUnconfirmedChange } from './changed-deployment.ts';
import { configOf, explainingStores, keyRingOf } from './deployment-database.ts';
import { makeFirstAccount } from './first-run.ts';
import { formatNewAccount } from './new-account.ts';

const help = `
With nothing set it serves on http://localhost:3000 from an embedded database in ./data, and the first start makes an account
to try it with. The README lists every setting.

Examples:
  postern serve
  PUBLIC_URL=https://id.example.com DATABASE_URL=postgres://… ENCRYPTION_KEYS_FILE=/run/secrets/keys postern serve`;

/** `postern serve` */
export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('serve until asked to stop (SIGTERM, SIGINT)')
    .option('--confirm', 'a PUBLIC_URL or LOGON_DOMAIN other than before is meant')
    .addHelpText('after', help)
    .action(async ({ confirm }: { confirm?: boolean }) => {
      const config = configOf(terminal);
      const keyRing = await keyRingOf(config);
      const backend = await explainingStores(() => openBackend(config, keyRing, terminal.pid));
      try {
        await explainingStores(() => refuseUnconfirmedChange(backend.db, config, confirm === true));
        await serveUntilStopped(terminal, config, backend);
      } finally {
        await backend.close();
      }
    });
}

async function serveUntilStopped(terminal: Terminal, config: Config, backend: Backend): Promise<void> {
  const logger = pino(
    { level: config.logLevel, timestamp: pino.stdTimeFunctions.isoTime, base: { pid: terminal.pid } },
    { write: (line) => terminal.out(line.trimEnd()) },
  );
  // Before the port is open: whoever waits for the server must find the first account there.
  const handover = config.embedded ? await makeFirstAccount(config, backend) : undefined;
  const server = await explainingPorts(config, () => startServer(config, backend, logger));
  const stopped = terminal.stopRequested();
  terminal.out(formatStart(config));
  if (handover !== undefined) {
    terminal.out(
      `\nHand this over to the first administrator; it is shown this once (and is in ${config.dataDir}/first-run.json):\n`,
    );
    terminal.out(formatNewAccount(config, handover));
    terminal.out('\nThe access key "bootstrap" ends after 30 days: make your own before.');
  } else if ((await countAccounts(backend.db)) === 0) {
    terminal.out('\nThere is no account yet: run "postern init --alias ALIAS --admin NAME".');
  }
  await stopped;
  await server.close();
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
        : `embedded in ${database.directory}: survives a killed process, not a power cut. Use Postgres (DATABASE_URL) for real users`,
    ],
    ['Short-lived data', redisUrl === undefined ? 'in the database' : 'Redis'],
  ]);
}

async function explainingPorts<T>({ port, managementPort }: Config, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (
      !(
        error instanceof Error &&
        'code' in error &&
        ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(String(error.code))
      )
    )
      throw error;
    const advice = `Set PORT (${port}) and MANAGEMENT_PORT (${managementPort}), BIND_ADDRESS and MANAGEMENT_ADDRESS.`;
    throw new CliFailure('The server cannot listen.', { code: 'CannotListen', details: [error.message, advice] });
  }
}
