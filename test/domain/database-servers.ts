import { openPostgres } from '../../src/storage/db/postgres.ts';
import { findPostgresBinaries, startThrowawayPostgres } from '../support/throwaway-postgres.ts';
import { type Harness, openHarness } from './operation-harness.ts';

/** Where races are run: the embedded database lets one transaction in at a time, a server many. */
export const databaseServers: readonly (readonly [string, () => Promise<Harness>])[] = [
  ['the embedded database', () => openHarness()],
  ...(findPostgresBinaries() === undefined && process.env['TEST_DATABASE_URL'] === undefined
    ? []
    : [['Postgres', openOnServer] as const]),
];

async function openOnServer(): Promise<Harness> {
  const server = await startThrowawayPostgres();
  const harness = await openHarness(() => openPostgres({ url: server.url }));
  return {
    deps: harness.deps,
    close: async () => {
      await harness.close();
      await server.stop();
    },
  };
}
