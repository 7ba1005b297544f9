import { eq } from 'drizzle-orm';
import type { Database } from '../../../storage/db/database.ts';
import { accountLogos, accountSettings } from '../../../storage/db/schema/account-settings.ts';
import { applications } from '../../../storage/db/schema/applications.ts';
import { auditEvents } from '../../../storage/db/schema/audit-events.ts';
import { groups } from '../../../storage/db/schema/groups.ts';
import { idempotencyKeys } from '../../../storage/db/schema/idempotency-keys.ts';
import { sessionEndings } from '../../../storage/db/schema/logout-deliveries.ts';
import { policies } from '../../../storage/db/schema/policies.ts';
import { signingKeys } from '../../../storage/db/schema/signing-keys.ts';
import { users } from '../../../storage/db/schema/users.ts';
import { insertAuditEvent } from '../../audit/audit-store.ts';
import { platformAccountResource } from '../account-resource.ts';
import { findPlatformAccountId, lockDueTenant, markErased } from './tenants-store.ts';

/** What an account holds. What hangs on these rows goes with them (`on delete cascade`); a test looks into every table that names accounts. */
const tablesOfAccount = [
  ...[applications, groups, policies, users],
  ...[signingKeys, accountSettings, accountLogos, idempotencyKeys, auditEvents, sessionEndings],
] as const;

/**
 * Erases what deleted accounts held, of those whose time to come back is over: everything but their ids and names, which nobody gets again.
 * At most `limit` accounts, each in a transaction of its own; processes that do this at once share the work. Answers how many.
 */
export async function eraseDueAccounts(db: Database, limit: number): Promise<number> {
  let erased = 0;
  while (erased < limit && (await db.transaction(eraseOne))) erased += 1;
  return erased;
}

async function eraseOne(tx: Database): Promise<boolean> {
  const accountId = await lockDueTenant(tx);
  if (accountId === undefined) return false;
  for (const table of tablesOfAccount) await tx.delete(table).where(eq(table.accountId, accountId));
  await markErased(tx, accountId);
  const platformAccountId = await findPlatformAccountId(tx);
  if (platformAccountId === undefined) return true;
  await insertAuditEvent(tx, {
    accountId: platformAccountId,
    actorVia: 'system',
    action: 'postern:EraseAccount',
    resource: platformAccountResource({ accountId }),
    outcome: 'success',
    details: { accountId },
  });
  return true;
}
