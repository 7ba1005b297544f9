import { and, eq, exists, gt, lte, ne, not, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.ts';
import { ephemeralMembers as members } from '../db/schema/ephemeral.ts';
import { expiresAt, isOneOf, now } from './sql-clauses.ts';

const key = sql.placeholder('key');
const member = sql.placeholder('member');

/** A set lives as long as the longest-lived of its members; until then all of them are in it. */
export function prepareMemberStatements(db: Database) {
  const ofSet = alias(members, 'of_set');
  const setIsLive = exists(
    db
      .select({ one: sql`1` })
      .from(ofSet)
      .where(and(eq(ofSet.key, key), gt(ofSet.expiresAt, now))),
  );
  // Members left from an expired set must not come back with the first member of the next one. Those that somebody else is
  // at are passed over: either they are being deleted or added anew, and waiting for them could end in a deadlock.
  const isLeftover = and(eq(members.key, key), ne(members.member, member), lte(members.expiresAt, now), not(setIsLive));
  const picked = db
    .select({ place: sql`${members}.ctid` })
    .from(members)
    .where(isLeftover)
    .for('update', { of: members, skipLocked: true });
  const leftovers = db.$with('leftovers').as(
    db
      .delete(members)
      .where(and(isOneOf(sql`${members}.ctid`, picked), lte(members.expiresAt, now)))
      .returning({ member: members.member }),
  );
  return {
    add: db
      .with(leftovers)
      .insert(members)
      .values({ key, member, expiresAt })
      .onConflictDoUpdate({
        target: [members.key, members.member],
        set: { expiresAt: sql`greatest(${members.expiresAt}, excluded.expires_at)` },
      })
      .prepare('member_add'),
    remove: db
      .delete(members)
      .where(and(eq(members.key, key), eq(members.member, member)))
      .prepare('member_remove'),
    list: db
      .select({ member: members.member })
      .from(members)
      .where(and(eq(members.key, key), setIsLive))
      .prepare('member_list'),
  };
}
