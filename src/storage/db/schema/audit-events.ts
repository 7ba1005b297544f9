import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { accountId, byteOrderedText, instant } from './columns.ts';

/** Append-only. Written in the transaction of the change it tells of. */
export const auditEvents = pgTable(
  'audit_events',
  {
    auditEventId: bigint('audit_event_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: accountId(),
    at: instant('at').notNull().defaultNow(),
    /** The caller's user id; null where nobody was known (a refused name) or the deployment itself acted. */
    actorUserId: text('actor_user_id'),
    /** How the caller came: `session`, `accessKey:PSTK…`, `token:app_…`, `logon`, `command-line`, `system`. */
    actorVia: text('actor_via').notNull(),
    sourceIp: text('source_ip'),
    requestId: text('request_id'),
    /** `ram:CreateUser`, `logon`, `signOut`, … */
    action: byteOrderedText('action').notNull(),
    /** `acs:ram:*:<account>:user/alice` */
    resource: byteOrderedText('resource').notNull(),
    outcome: text('outcome', { enum: ['success', 'refused', 'failed'] }).notNull(),
    /** Names of changed fields, reasons; never a secret. */
    details: jsonb('details').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('audit_events_account_at').on(table.accountId, table.auditEventId),
    index('audit_events_actor').on(table.accountId, table.actorUserId, table.auditEventId),
    index('audit_events_action').on(table.accountId, table.action, table.auditEventId),
    index('audit_events_resource').on(table.accountId, table.resource, table.auditEventId),
    // Few are, so that looking for them needs an index and keeping it costs next to nothing.
    index('audit_events_not_done')
      .on(table.accountId, table.outcome, table.auditEventId)
      .where(sql`outcome <> 'success'`),
    // For ranges of time.
    index('audit_events_age').on(table.at),
  ],
);
