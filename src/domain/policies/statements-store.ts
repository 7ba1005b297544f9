import { and, eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { groupMembers, groups } from '../../storage/db/schema/groups.ts';
import { policies, policyVersions } from '../../storage/db/schema/policies.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { CompiledStatement } from './compile-policy.ts';
import { type CompiledPolicies, type CountingPolicy, statementsOf } from './compiled-policies.ts';

export interface RightsContext {
  readonly db: Database;
  readonly compiledPolicies: CompiledPolicies;
}

interface UserReference {
  readonly accountId: string;
  readonly userId: string;
}

/**
 * Whose rights these are, and what they are. `active` is false for a frozen or deleted user and in a suspended account; the statements are told
 * all the same, for what a frozen administrator would be again counts too.
 */
export interface Rights {
  readonly active: boolean;
  readonly statements: readonly CompiledStatement[];
}

const attachedToUser = (db: Database, userId: string) =>
  db
    .select({
      policyType: userPolicies.policyType,
      policyName: userPolicies.policyName,
      through: sql<string | null>`null::text`.as('through'),
    })
    .from(userPolicies)
    .where(eq(userPolicies.userId, userId));

const attachedToGroups = (db: Database, condition: ReturnType<typeof eq>) =>
  db
    .select({
      policyType: groupPolicies.policyType,
      policyName: groupPolicies.policyName,
      through: sql<string | null>`${groups.groupName}`.as('through'),
    })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.groupId, groupMembers.groupId))
    .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
    .where(condition);

/** A user's rights as of now, their groups' included, in one query (two when a policy is new to this process). */
export async function loadRights(context: RightsContext, { accountId, userId }: UserReference): Promise<Rights> {
  const { db } = context;
  const attached = unionAll(attachedToUser(db, userId), attachedToGroups(db, eq(groupMembers.userId, userId))).as(
    'attached',
  );
  const rows = await db
    .select({
      active: sql<boolean>`${users.status} = 'active' and ${accounts.status} = 'active'`,
      isPlatform: accounts.isPlatform,
      policyType: attached.policyType,
      policyName: attached.policyName,
      through: attached.through,
      documentId: policyVersions.documentId,
      versionId: policyVersions.versionId,
    })
    .from(users)
    .innerJoin(accounts, eq(accounts.accountId, users.accountId))
    .leftJoin(attached, sql`true`)
    .leftJoin(
      policies,
      and(
        eq(attached.policyType, 'custom'),
        eq(policies.accountId, users.accountId),
        eq(policies.policyName, attached.policyName),
      ),
    )
    .leftJoin(policyVersions, isDefaultVersion)
    .where(and(eq(users.userId, userId), eq(users.accountId, accountId)));
  const counting = rows.flatMap(({ policyType, policyName, ...row }): CountingPolicy[] =>
    policyType === null || policyName === null ? [] : [{ ...row, policyType, policyName }],
  );
  const statements = await statementsOf(context, counting, { isPlatform: rows[0]?.isPlatform === true });
  return { active: rows[0]?.active === true, statements };
}

const isDefaultVersion = and(
  eq(policyVersions.accountId, policies.accountId),
  eq(policyVersions.policyNameKey, policies.policyNameKey),
  eq(policyVersions.versionId, policies.defaultVersionId),
);

/** What membership in a group brings; undefined for a group that is not there. */
export async function loadGroupStatements(
  context: RightsContext,
  accountId: string,
  groupName: string,
): Promise<readonly CompiledStatement[] | undefined> {
  const rows = await context.db
    .select({
      isPlatform: accounts.isPlatform,
      policyType: groupPolicies.policyType,
      policyName: groupPolicies.policyName,
      documentId: policyVersions.documentId,
      versionId: policyVersions.versionId,
    })
    .from(groups)
    .innerJoin(accounts, eq(accounts.accountId, groups.accountId))
    .leftJoin(groupPolicies, eq(groupPolicies.groupId, groups.groupId))
    .leftJoin(
      policies,
      and(
        eq(groupPolicies.policyType, 'custom'),
        eq(policies.accountId, groups.accountId),
        eq(policies.policyName, groupPolicies.policyName),
      ),
    )
    .leftJoin(policyVersions, isDefaultVersion)
    .where(and(eq(groups.accountId, accountId), eq(groups.groupNameKey, groupName.toLowerCase())));
  if (rows.length === 0) return undefined;
  const counting = rows.flatMap(({ policyType, policyName, ...row }): CountingPolicy[] =>
    policyType === null || policyName === null ? [] : [{ ...row, policyType, policyName, through: groupName }],
  );
  return await statementsOf(context, counting, { isPlatform: rows[0]?.isPlatform === true });
}

/** What attaching a custom policy brings, in its default version; undefined for one that is not there. */
export async function loadPolicyStatements(
  context: RightsContext,
  accountId: string,
  policyName: string,
): Promise<readonly CompiledStatement[] | undefined> {
  const rows = await context.db
    .select({
      policyName: policies.policyName,
      documentId: policyVersions.documentId,
      versionId: policyVersions.versionId,
    })
    .from(policies)
    .innerJoin(policyVersions, isDefaultVersion)
    .where(and(eq(policies.accountId, accountId), eq(policies.policyNameKey, policyName.toLowerCase())));
  if (rows.length === 0) return undefined;
  const counting = rows.map((row): CountingPolicy => ({ ...row, policyType: 'custom', through: null }));
  return await statementsOf(context, counting, { isPlatform: false });
}
