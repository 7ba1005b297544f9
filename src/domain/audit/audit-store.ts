import type { Database } from '../../storage/db/database.ts';
import { auditEvents } from '../../storage/db/schema/audit-events.ts';
import type { Caller } from '../caller.ts';

/** One entry of the audit log. `details` holds names of changed fields, ids and reasons; never a secret. */
export interface AuditEvent {
  readonly accountId: string;
  readonly actorUserId?: string | undefined;
  readonly actorVia: string;
  readonly sourceIp?: string | undefined;
  readonly requestId?: string | undefined;
  readonly action: string;
  readonly resource: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  readonly details: Readonly<Record<string, unknown>>;
}

/** Who did it, as the log shows a caller. */
export const auditActor = (caller: Caller) => ({
  accountId: caller.accountId,
  actorUserId: caller.userId,
  actorVia: caller.via,
  sourceIp: caller.sourceIp,
  requestId: caller.requestId,
});

const auditRow = (event: AuditEvent) => ({ ...event, details: { ...event.details } });

/** Writes one event. Give it the transaction of the change that the event tells of, or the statement's beginning that makes it (`db.with`). */
export async function insertAuditEvent(db: Pick<Database, 'insert'>, event: AuditEvent): Promise<void> {
  await insertAuditEvents(db, [event]);
}

/** Writes several events in one statement. */
export async function insertAuditEvents(db: Pick<Database, 'insert'>, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.insert(auditEvents).values(events.map(auditRow));
}
