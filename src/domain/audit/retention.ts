import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { auditEvents } from '../../storage/db/schema/audit-events.ts';
import { defaultAuditRetentionDays } from '../accounts/account-fields.ts';

/**
 * Deletes events that are older than their account keeps them, at most `limit` and of one account; answers how many, zero when there is nothing
 * to do. Beside the erasure of a whole account this is what removes events; nothing changes one. What is not due costs one look at the oldest of each account, and
 * processes that do it at once pass over one another's rows.
 */
export async function deleteDueAuditEvents(db: Database, limit: number): Promise<number> {
  const due = await findDueAccount(db);
  if (due === undefined) return 0;
  const oldest = db
    .select({ auditEventId: auditEvents.auditEventId })
    .from(auditEvents)
    .where(eq(auditEvents.accountId, due.accountId))
    .orderBy(asc(auditEvents.auditEventId))
    .limit(limit)
    .for('update', { skipLocked: true });
  // As an array they are picked once; as a plain IN the planner may pick again, and so go beyond the limit.
  const rows = await db
    .delete(auditEvents)
    .where(and(sql`${auditEvents.auditEventId} = any(array${oldest})`, lt(auditEvents.at, due.keptFrom)))
    .returning({ auditEventId: auditEvents.auditEventId });
  return rows.length;
}

/** An account whose oldest event is older than it keeps them, and from when on it does. */
async function findDueAccount(db: Database): Promise<{ accountId: string; keptFrom: Date } | undefined> {
  const days = sql`coalesce(${accountSettings.auditRetentionDays}, ${defaultAuditRetentionDays}::int)`;
  const keptFrom = sql`now() - make_interval(days => ${days})`;
  const oldestAt = sql`(select ${auditEvents.at} from ${auditEvents} where ${auditEvents.accountId} = ${accounts.accountId} order by ${auditEvents.auditEventId} limit 1)`;
  const [row] = await db
    .select({ accountId: accounts.accountId, keptFrom: keptFrom.mapWith(auditEvents.at) })
    .from(accounts)
    .leftJoin(accountSettings, eq(accountSettings.accountId, accounts.accountId))
    .where(sql`${oldestAt} < ${keptFrom}`)
    .limit(1);
  return row as { accountId: string; keptFrom: Date } | undefined;
}
