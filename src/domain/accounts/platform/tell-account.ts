import type { Database } from '../../../storage/db/database.ts';
import { type AuditEvent, insertAuditEvent } from '../../audit/audit-store.ts';
import type { Caller } from '../../caller.ts';
import { platformAccountResource } from '../account-resource.ts';

/**
 * Notes in an account's own log what the platform did with it. Who it was and from where stands in the platform's log alone, under the same
 * request id.
 */
export async function tellAccount(
  tx: Database,
  caller: Caller,
  { accountId, action, details }: Pick<AuditEvent, 'accountId' | 'action' | 'details'>,
): Promise<void> {
  await insertAuditEvent(tx, {
    accountId,
    actorVia: 'platform',
    requestId: caller.requestId,
    action,
    resource: platformAccountResource({ accountId }),
    outcome: 'success',
    details,
  });
}
