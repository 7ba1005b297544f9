import { migrate } from '../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../src/storage/db/pglite.ts';
import { openPostgres } from '../../src/storage/db/postgres.ts';
import { openRedis } from '../../src/storage/ephemeral/redis.ts';
import { openSqlEphemeralStore } from '../../src/storage/ephemeral/sql.ts';
import type { StorePair } from '../contracts/ephemeral-store-contract.ts';
import { startThrowawayPostgres } from './throwaway-postgres.ts';
import type { ThrowawayRedis } from './throwaway-redis.ts';

export function openRedisPair(server: ThrowawayRedis): StorePair {
  const stores = [openRedis(server), openRedis(server)] as const;
  return {
    stores,
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await server.stop();
    },
  };
}

export async function openPostgresPair(): Promise<StorePair> {
  const server = await startThrowawayPostgres();
  const handles = await Promise.all([openPostgres(server), openPostgres(server)]);
  await migrate(handles[0].db);
  return {
    stores: [openSqlEphemeralStore(handles[0]), openSqlEphemeralStore(handles[1])],
    close: async () => {
      await Promise.all(handles.map((handle) => handle.close()));
      await server.stop();
    },
  };
}

/** The embedded database has one connection: here the races are between callers. */
export async function openEmbeddedPair(): Promise<StorePair> {
  const handle = await openEmbedded('memory');
  await migrate(handle.db);
  return { stores: [openSqlEphemeralStore(handle), openSqlEphemeralStore(handle)], close: handle.close };
}
