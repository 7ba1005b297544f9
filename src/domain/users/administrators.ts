import { and, eq, exists, isNull, or } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import { administratorAccess } from '../policies/system-policies.ts';

/**
 * How many can administer the account: not frozen, `AdministratorAccess` attached, and a lasting way in (a login profile or an
 * access key, switched on; a key that ends by itself does not count).
 */
async function countActiveAdministrators(tx: Database, accountId: string): Promise<number> {
  const profile = tx
    .select({ userId: loginProfiles.userId })
    .from(loginProfiles)
    .where(and(eq(loginProfiles.userId, users.userId), eq(loginProfiles.status, 'active')));
  const key = tx
    .select({ userId: accessKeys.userId })
    .from(accessKeys)
    .where(and(eq(accessKeys.userId, users.userId), eq(accessKeys.status, 'active'), isNull(accessKeys.expiresAt)));
  const rows = await tx
    .selectDistinct({ userId: users.userId })
    .from(users)
    .innerJoin(userPolicies, eq(userPolicies.userId, users.userId))
    .where(
      and(
        eq(users.accountId, accountId),
        eq(users.status, 'active'),
        eq(userPolicies.policyType, 'system'),
        eq(userPolicies.policyName, administratorAccess),
        or(exists(profile), exists(key)),
      ),
    );
  return rows.length;
}

/**
 * Makes a change that could cost the account its last active administrator, and throws `DeleteConflict.LastAdministrator` (which
 * rolls it back) if it did. The account's row is locked first, so two administrators cannot remove each other at once.
 */
export async function keepingAnAdministrator<T>(tx: Database, accountId: string, change: () => Promise<T>): Promise<T> {
  await lockAccount(tx, accountId);
  const before = await countActiveAdministrators(tx, accountId);
  const result = await change();
  if (before > 0 && (await countActiveAdministrators(tx, accountId)) === 0) {
    throw new AppError('DeleteConflict.LastAdministrator', 'This is the last active administrator of the account.');
  }
  return result;
}
