import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/storage/db/database.ts';
import { ephemeralEntries, ephemeralMembers } from '../../../src/storage/db/schema/ephemeral.ts';
import { openSqlEphemeralStore } from '../../../src/storage/ephemeral/sql.ts';
import { sweepExpired } from '../../../src/storage/ephemeral/sql-sweep.ts';
import { emptyTestDatabase, openTestDatabase } from '../../support/database.ts';

const past = sql`now() - interval '1 second'`;
const future = sql`now() + interval '1 hour'`;

describe('sweeping expired rows', () => {
  let db: Database;
  beforeAll(async () => {
    db = await openTestDatabase();
  });
  beforeEach(() => emptyTestDatabase(db));

  const insertEntries = (names: readonly string[], expiresAt: typeof past) =>
    db.insert(ephemeralEntries).values(names.map((key) => ({ key, value: 'value', expiresAt })));
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `key-${i}`);

  it('takes what has expired and leaves the rest', async () => {
    await insertEntries(numbered(5), past);
    await insertEntries(['kept'], future);
    expect(await sweepExpired(db, 100)).toBe(5);
    expect(await db.select({ key: ephemeralEntries.key }).from(ephemeralEntries)).toEqual([{ key: 'kept' }]);
  });

  it('takes no more at once than it is told', async () => {
    await insertEntries(numbered(25), past);
    const swept = [await sweepExpired(db, 10), await sweepExpired(db, 10), await sweepExpired(db, 10)];
    expect(swept).toEqual([10, 10, 5]);
    expect(await sweepExpired(db, 10)).toBe(0);
    expect(await db.$count(ephemeralEntries)).toBe(0);
  });

  it('keeps a member as long as its set lives, and takes all members of a dead one', async () => {
    await db.insert(ephemeralMembers).values([
      { key: 'live', member: 'short', expiresAt: past },
      { key: 'live', member: 'long', expiresAt: future },
      { key: 'dead', member: 'a', expiresAt: past },
      { key: 'dead', member: 'b', expiresAt: past },
    ]);
    expect(await sweepExpired(db, 100)).toBe(2);
    const store = openSqlEphemeralStore({ db });
    expect((await store.listIndex('live')).sort()).toEqual(['long', 'short']);
    expect(await db.$count(ephemeralMembers)).toBe(2);
  });

  it('an unswept counter starts a new window', async () => {
    await db.insert(ephemeralEntries).values({ key: 'counter', value: '7', count: 7, expiresAt: past });
    const store = openSqlEphemeralStore({ db });
    expect(await store.increment('counter', 60)).toEqual({ count: 1, ttlSeconds: 60 });
    expect(await sweepExpired(db, 10)).toBe(0);
    expect(await store.get('counter')).toBe('1');
  });
});
