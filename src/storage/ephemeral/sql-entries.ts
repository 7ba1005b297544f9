import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { ephemeralEntries as entries } from '../db/schema/ephemeral.ts';
import { expiresAt, now } from './sql-clauses.ts';

const key = sql.placeholder('key');
const isKey = eq(entries.key, key);
const isLive = sql<boolean>`${entries.expiresAt} > ${now}`;
const live = and(isKey, isLive);
/** In an upsert, names the row that was there before. */
const hadExpired = lte(entries.expiresAt, now);
const proposed = { value: sql`excluded.value`, count: sql`excluded.count`, expiresAt: sql`excluded.expires_at` };
const fresh = { key, value: sql.placeholder('value'), count: 0, expiresAt };

/**
 * The statements on entries, prepared once. Each is a single statement, so its row lock decides every race; a row that has
 * expired is treated as absent whether or not the sweep has come by.
 */
export function prepareEntryStatements(db: Database) {
  return {
    get: db.select({ value: entries.value }).from(entries).where(live).prepare('entry_get'),
    set: db
      .insert(entries)
      .values(fresh)
      .onConflictDoUpdate({ target: entries.key, set: proposed })
      .prepare('entry_set'),
    create: db
      .insert(entries)
      .values(fresh)
      .onConflictDoUpdate({ target: entries.key, set: proposed, setWhere: hadExpired })
      .returning({ key: entries.key })
      .prepare('entry_create'),
    remove: db.delete(entries).where(isKey).returning({ value: entries.value, isLive }).prepare('entry_remove'),
    ...prepareSwaps(db),
    increment: prepareIncrement(db),
    decrement: prepareDecrement(db),
  };
}

function prepareSwaps(db: Database) {
  const value = sql`${sql.placeholder('next')}`;
  const where = and(live, eq(entries.value, sql.placeholder('expected')));
  const returned = { key: entries.key };
  return {
    swap: db.update(entries).set({ value }).where(where).returning(returned).prepare('entry_swap'),
    swapAndProlong: db
      .update(entries)
      .set({ value, expiresAt })
      .where(where)
      .returning(returned)
      .prepare('entry_swap_prolong'),
  };
}

/**
 * A count also stands in `value`, so that `get` reads a counter as Redis does. The column rounds to milliseconds, hence up to
 * one more of them than was asked for.
 */
function prepareIncrement(db: Database) {
  const count = sql`case when ${hadExpired} then 1 else ${entries.count} + 1 end`;
  const keptExpiry = sql`case when ${hadExpired} then excluded.expires_at else ${entries.expiresAt} end`;
  return db
    .insert(entries)
    .values({ ...fresh, value: '1', count: 1 })
    .onConflictDoUpdate({ target: entries.key, set: { value: sql`(${count})::text`, count, expiresAt: keptExpiry } })
    .returning({
      count: entries.count,
      ttlSeconds: sql<number>`ceil(extract(epoch from ${entries.expiresAt} - ${now}) - 0.001)::integer`,
    })
    .prepare('entry_increment');
}

function prepareDecrement(db: Database) {
  const count = sql`${entries.count} - 1`;
  return db
    .update(entries)
    .set({ value: sql`(${count})::text`, count })
    .where(and(live, gt(entries.count, 0)))
    .prepare('entry_decrement');
}
