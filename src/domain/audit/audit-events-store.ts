import { and, desc, eq, gt, gte, like, lt, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { auditEvents } from '../../storage/db/schema/audit-events.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { TextMatch } from './audit-filter.ts';

/** A page of the log, newest first. */
export interface AuditEventQuery {
  readonly actorUserId?: string | undefined;
  readonly action?: TextMatch | undefined;
  readonly resource?: TextMatch | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly outcome?: 'success' | 'refused' | 'failed' | undefined;
  /** Only older ones than this. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

/** How long a transaction may have been under way when it wrote its event: its `at` is its beginning, its number is taken at the writing. */
const slack = sql`interval '5 minutes'`;

const matches = (column: PgColumn, match: TextMatch | undefined): SQL | undefined => {
  if (match === undefined) return undefined;
  return match.isBeginning ? like(column, `${match.text.replace(/[\\%_]/g, '\\$&')}%`) : eq(column, match.text);
};

/**
 * Events of an account. They are numbered as they are written, and every index ends in that number; so a time is first made a number, which
 * is exact but for the slack, and the times themselves decide the rest.
 */
export async function listAuditEvents(db: Database, accountId: string, query: AuditEventQuery) {
  const { actorUserId, action, resource, from, to, outcome, beforeId, limit } = query;
  const bounds = await findNumbers(db, { from, to });
  return await db
    .select({ event: auditEvents, actorUserName: users.userName })
    .from(auditEvents)
    .leftJoin(users, and(eq(users.userId, auditEvents.actorUserId), eq(users.accountId, auditEvents.accountId)))
    .where(
      and(
        eq(auditEvents.accountId, accountId),
        actorUserId === undefined ? undefined : eq(auditEvents.actorUserId, actorUserId),
        matches(auditEvents.action, action),
        matches(auditEvents.resource, resource),
        outcome === undefined ? undefined : eq(auditEvents.outcome, outcome),
        from === undefined ? undefined : gte(auditEvents.at, from),
        to === undefined ? undefined : lt(auditEvents.at, to),
        bounds.after === null ? undefined : gt(auditEvents.auditEventId, bounds.after),
        bounds.before === null ? undefined : lt(auditEvents.auditEventId, bounds.before),
        beforeId === undefined ? undefined : lt(auditEvents.auditEventId, beforeId),
      ),
    )
    .orderBy(desc(auditEvents.auditEventId))
    .limit(limit);
}

/** The numbers between which all events of a time stand, whoever's; null where nothing lies beyond. */
async function findNumbers(db: Database, { from, to }: Pick<AuditEventQuery, 'from' | 'to'>) {
  if (from === undefined && to === undefined) return { after: null, before: null };
  const { auditEventId, at } = auditEvents;
  const numberWhere = (condition: SQL) =>
    sql<string | null>`(select ${auditEventId}::text from ${auditEvents} where ${condition} limit 1)`;
  const none = sql<string | null>`null`;
  const after = from === undefined ? none : numberWhere(sql`${at} < ${instant(from)} - ${slack} order by ${at} desc`);
  const before = to === undefined ? none : numberWhere(sql`${at} > ${instant(to)} + ${slack} order by ${at}`);
  const [row] = await db.select({ after, before }).from(sql`(values (1)) as one`);
  return { after: toNumber(row?.after), before: toNumber(row?.before) };
}

const instant = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;

const toNumber = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : Number(text);
