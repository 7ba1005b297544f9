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
import { administratorAccess, platformAdministratorAccess } from '../policies/system-policies.ts';

/** Whom there must be one of, each by the policy that makes one; the second in the platform's account alone. */
const kinds = [
  { policyName: administratorAccess, refusal: 'This is the last active administrator of the account.' },
  { policyName: platformAdministratorAccess, refusal: 'This is the last active administrator of the platform.' },
] as const;

type AdministratorPolicy = (typeof kinds)[number]['policyName'];

const gives = (table: typeof userPolicies | typeof groupPolicies, accountId: string, policyName: AdministratorPolicy) =>
  and(eq(table.accountId, accountId), eq(table.policyType, 'system'), eq(table.policyName, policyName));

/**
 * How many can administer: not frozen, the policy attached or had by a group, and a lasting way in (a login profile or an access key, switched
 * on; a key that ends by itself does not count).
 */
async function countActiveAdministrators(
  tx: Database,
  accountId: string,
  policyName: AdministratorPolicy,
): Promise<number> {
  const attached = tx
    .select({ userId: userPolicies.userId })
    .from(userPolicies)
    .where(gives(userPolicies, accountId, policyName));
  const throughGroup = tx
    .select({ userId: groupMembers.userId })
    .from(groupMembers)
    .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
    .where(gives(groupPolicies, accountId, policyName));
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
 * Makes a change that could cost the account its last active administrator, or the platform its last, and throws
 * `DeleteConflict.LastAdministrator` (which rolls it back) if it did. The account's row is locked first, so two administrators cannot remove
 * each other at once.
 */
export async function keepingAnAdministrator<T>(tx: Database, accountId: string, change: () => Promise<T>): Promise<T> {
  await lockAccount(tx, accountId);
  const present: (typeof kinds)[number][] = [];
  for (const kind of kinds) {
    if ((await countActiveAdministrators(tx, accountId, kind.policyName)) > 0) present.push(kind);
  }
  const result = await change();
  for (const { policyName, refusal } of present) {
    if ((await countActiveAdministrators(tx, accountId, policyName)) === 0)
      throw new AppError('DeleteConflict.LastAdministrator', refusal);
  }
  return result;
}
