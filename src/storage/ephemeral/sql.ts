import { sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import type { EphemeralStore } from './ephemeral-store.ts';
import { prepareEntryStatements } from './sql-entries.ts';
import { prepareMemberStatements } from './sql-members.ts';

/** The store on two tables of the database; used where no Redis is configured. Expired rows wait for `sweepExpired`. */
export function openSqlEphemeralStore({ db }: { readonly db: Database }): EphemeralStore {
  const entry = prepareEntryStatements(db);
  const index = prepareMemberStatements(db);
  const remove = async (key: string) => (await entry.remove.execute({ key })).find(({ isLive }) => isLive);
  return {
    get: async (key) => (await entry.get.execute({ key }))[0]?.value,
    set: async (key, value, ttlSeconds) => {
      await entry.set.execute({ key, value, ttlSeconds });
    },
    create: async (key, value, ttlSeconds) => (await entry.create.execute({ key, value, ttlSeconds })).length === 1,
    compareAndSet: async (key, expected, next, ttlSeconds) => {
      const values = { key, expected, next };
      const rows = await (ttlSeconds === undefined
        ? entry.swap.execute(values)
        : entry.swapAndProlong.execute({ ...values, ttlSeconds }));
      return rows.length === 1;
    },
    take: async (key) => (await remove(key))?.value,
    delete: async (key) => (await remove(key)) !== undefined,
    increment: async (key, ttlSeconds) => {
      const [row] = await entry.increment.execute({ key, ttlSeconds });
      if (row === undefined) throw new Error('an upsert answered no row');
      return row;
    },
    decrement: async (key) => {
      await entry.decrement.execute({ key });
    },
    addToIndex: async (key, member, ttlSeconds) => {
      await index.add.execute({ key, member, ttlSeconds });
    },
    removeFromIndex: async (key, member) => {
      await index.remove.execute({ key, member });
    },
    listIndex: async (key) => (await index.list.execute({ key })).map(({ member }) => member),
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    // The database belongs to whoever opened it.
    close: () => Promise.resolve(),
  };
}
