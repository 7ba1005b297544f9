import { and, exists, gt, lte, not, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.ts';
import { ephemeralEntries as entries, ephemeralMembers as members } from '../db/schema/ephemeral.ts';
import { isOneOf, now } from './sql-clauses.ts';

/**
 * Deletes expired rows, at most `limit` of each of the two tables, and answers how many went: as many as `limit` or more means
 * that there may be further ones. Rows that somebody is just writing are left for the next time, so sweeps of several
 * processes neither wait for one another nor for requests.
 */
export async function sweepExpired(db: Database, limit: number): Promise<number> {
  const expiredEntries = db
    .select({ place: sql`${entries}.ctid` })
    .from(entries)
    .where(lte(entries.expiresAt, now))
    .limit(limit)
    .for('update', { skipLocked: true });
  const sweptEntries = await db
    .delete(entries)
    .where(and(isOneOf(sql`${entries}.ctid`, expiredEntries), lte(entries.expiresAt, now)))
    .returning({ key: entries.key });
  return sweptEntries.length + (await sweepMembers(db, limit));
}

/** A member stays as long as its set lives. */
async function sweepMembers(db: Database, limit: number): Promise<number> {
  const ofSet = alias(members, 'of_set');
  const setIsLive = exists(
    db
      .select({ one: sql`1` })
      .from(ofSet)
      .where(and(sql`${ofSet.key} = ${members.key}`, gt(ofSet.expiresAt, now))),
  );
  const expired = db
    .select({ place: sql`${members}.ctid` })
    .from(members)
    .where(and(lte(members.expiresAt, now), not(setIsLive)))
    .limit(limit)
    .for('update', { of: members, skipLocked: true });
  const swept = await db
    .delete(members)
    .where(and(isOneOf(sql`${members}.ctid`, expired), lte(members.expiresAt, now)))
    .returning({ key: members.key });
  return swept.length;
}
