import { and, desc, eq, gte, lt, or, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { auditEvents } from '../../storage/db/schema/audit-events.ts';
import { users } from '../../storage/db/schema/users.ts';

/** Whose events, and how policies and the log name them. */
export interface EventOwner {
  readonly accountId: string;
  readonly userId: string;
  readonly resource: string;
}

interface OwnEventQuery {
  /** Only older ones than this. */
  readonly beforeId: number | undefined;
  readonly limit: number;
}

const { auditEventId } = auditEvents;

/** What a user did or was refused, and what was done to them, newest first. Each half goes by its own index and reads no more rows than are asked for. */
export async function listOwnEvents(db: Database, owner: EventOwner, { beforeId, limit }: OwnEventQuery) {
  const ofAccount = and(
    eq(auditEvents.accountId, owner.accountId),
    beforeId === undefined ? undefined : lt(auditEventId, beforeId),
  );
  const done = db
    .select({ auditEventId })
    .from(auditEvents)
    .where(and(ofAccount, eq(auditEvents.actorUserId, owner.userId)));
  const met = db
    .select({ auditEventId })
    .from(auditEvents)
    .where(
      and(
        ofAccount,
        eq(auditEvents.resource, owner.resource),
        eq(auditEvents.outcome, 'success'),
        isOfThisUser(db, owner),
      ),
    );
  const newest = desc(auditEventId);
  const both = union(done.orderBy(newest).limit(limit), met.orderBy(newest).limit(limit)).as('both');
  return await db
    .select({ event: auditEvents, actorUserName: users.userName })
    .from(both)
    .innerJoin(auditEvents, eq(auditEventId, both.auditEventId))
    .leftJoin(users, and(eq(users.userId, auditEvents.actorUserId), eq(users.accountId, auditEvents.accountId)))
    .orderBy(newest)
    .limit(limit);
}

/**
 * Of events on a name, those on its present bearer: since they exist, and since the name was last given up by anybody (a user deleted or
 * renamed). What befell a namesake is none of their business.
 */
function isOfThisUser(db: Database, { accountId, userId, resource }: EventOwner) {
  const since = db.select({ createdAt: users.createdAt }).from(users).where(eq(users.userId, userId));
  const gaveUp = or(
    eq(auditEvents.action, 'ram:DeleteUser'),
    and(eq(auditEvents.action, 'ram:UpdateUser'), sql`${auditEvents.details} ? 'newUserName'`),
  );
  const leaving = db
    .select({ auditEventId })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.accountId, accountId),
        eq(auditEvents.resource, resource),
        eq(auditEvents.outcome, 'success'),
        gaveUp,
      ),
    )
    .orderBy(desc(auditEventId))
    .limit(1);
  return and(gte(auditEvents.at, sql`(${since})`), sql`${auditEventId} > coalesce((${leaving}), 0)`);
}
