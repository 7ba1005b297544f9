import type { Database } from '../../storage/db/database.ts';
import { deleteMember } from '../groups/group-members-store.ts';
import { findGroup } from '../groups/groups-store.ts';
import { createCompiledPolicies } from '../policies/compiled-policies.ts';
import type { PolicySource } from '../policies/compile-policy.ts';
import { loadRights } from '../policies/statements-store.ts';
import { deleteUserPolicy } from '../policies/user-policies-store.ts';
import { touchUser } from '../users/users-store.ts';
import { findAccountSettings, saveAccountSettings } from './account-settings-store.ts';
import { readSecurityPreferences } from './security-preferences.ts';

interface UserReference {
  readonly accountId: string;
  readonly userId: string;
}

/** What stood in a user's way and was taken away; names alone, for the audit log. */
export interface LiftedObstacles {
  readonly detachedPolicies: readonly string[];
  readonly leftGroups: readonly string[];
  readonly liftedLoginNetworkMasks: boolean;
}

/**
 * Takes away what would keep a recovered administrator from doing anything: policies and groups that forbid something (a Deny wins over
 * `AdministratorAccess`), and networks that the account allows logons from. In a transaction, behind the lock of the account.
 */
export async function liftObstacles(tx: Database, user: UserReference): Promise<LiftedObstacles> {
  const { statements } = await loadRights({ db: tx, compiledPolicies: createCompiledPolicies() }, user);
  const forbidding = statements.flatMap(({ effect, source }) => (effect === 'Deny' ? [source] : []));
  const leftGroups = await leaveGroups(tx, user, forbidding);
  const detachedPolicies = await detachPolicies(tx, user, forbidding);
  await touchUser(tx, user.userId);
  return { detachedPolicies, leftGroups, liftedLoginNetworkMasks: await liftNetworks(tx, user.accountId) };
}

async function leaveGroups(
  tx: Database,
  { accountId, userId }: UserReference,
  sources: readonly PolicySource[],
): Promise<string[]> {
  const names = [...new Set(sources.flatMap(({ through }) => (through === undefined ? [] : [through])))];
  for (const groupName of names) {
    const group = await findGroup(tx, accountId, groupName);
    if (group !== undefined) await deleteMember(tx, { groupId: group.groupId, userId });
  }
  return names;
}

async function detachPolicies(
  tx: Database,
  { userId }: UserReference,
  sources: readonly PolicySource[],
): Promise<string[]> {
  const own = new Map(
    sources.filter(({ through }) => through === undefined).map((source) => [source.policyName, source]),
  );
  for (const { policyType, policyName } of own.values()) await deleteUserPolicy(tx, { userId, policyType, policyName });
  return [...own.keys()];
}

async function liftNetworks(tx: Database, accountId: string): Promise<boolean> {
  const preferences = readSecurityPreferences((await findAccountSettings(tx, accountId))?.securityPreferences);
  if (preferences.loginNetworkMasks.length === 0) return false;
  await saveAccountSettings(tx, accountId, { securityPreferences: { ...preferences, loginNetworkMasks: [] } });
  return true;
}
