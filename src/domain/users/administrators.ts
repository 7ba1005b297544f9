import { and, eq, exists, inArray, isNull, or } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { groupMembers } from '../../storage/db/schema/groups.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import { administratorAccess } from '../policies/system-policies.ts';

const givesAdministratorAccess = (table: typeof userPolicies | typeof groupPolicies, accountId: string) =>
  and(eq(table.accountId, accountId), eq(table.policyType, 'system'), eq(table.policyName, administratorAccess));

/**
 * How many can administer the account: not frozen, `AdministratorAccess` attached or had by a group, and a lasting way in (a login profile
 * or an access key, switched on; a key that ends by itself does not count).
 */
async function countActiveAdministrators(tx: Database, accountId: string): Promise<number> {
  const attached = tx
    .select({ userId: userPolicies.userId })
    .from(userPolicies)
    .where(givesAdministratorAccess(userPolicies, accountId));
  const throughGroup = tx
    .select({ userId: groupMembers.userId })
    .from(groupMembers)
    .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
    .where(givesAdministratorAccess(groupPolicies, accountId));
  const profile = tx
    .select({ userId: loginProfiles.userId })
    .from(loginProfiles)
    .where(and(eq(loginProfiles.userId, users.userId), eq(loginProfiles.status, 'active')));
  const key = tx
    .select({ userId: accessKeys.userId })
    .from(accessKeys)
    .where(and(eq(accessKeys.userId, users.userId), eq(accessKeys.status, 'active'), isNull(accessKeys.expiresAt)));
  return await tx.$count(
    users,
    and(
      eq(users.accountId, accountId),
      eq(users.status, 'active'),
      // The few who have the policy, looked up first: asked of each user, it would take as long as the account is large.
      inArray(users.userId, union(attached, throughGroup)),
      or(exists(profile), exists(key)),
    ),
  );
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
