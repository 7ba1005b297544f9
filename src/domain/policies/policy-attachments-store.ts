import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { groupMembers, groups } from '../../storage/db/schema/groups.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { PolicyReference } from './policy-fields.ts';

/** A policy by the name it was made under, which is how attachments name it. */
export interface AttachedPolicy extends PolicyReference {
  readonly accountId: string;
}

const attached = (table: typeof userPolicies | typeof groupPolicies, policy: AttachedPolicy) =>
  and(
    eq(table.accountId, policy.accountId),
    eq(table.policyType, policy.policyType),
    eq(table.policyName, policy.policyName),
  );

/** To how many users and groups it is attached. */
export async function countAttachments(
  db: Database,
  policy: AttachedPolicy,
): Promise<{ readonly users: number; readonly groups: number }> {
  return {
    users: await db.$count(userPolicies, attached(userPolicies, policy)),
    groups: await db.$count(groupPolicies, attached(groupPolicies, policy)),
  };
}

export async function deleteAttachments(db: Database, policy: AttachedPolicy): Promise<void> {
  await db.delete(userPolicies).where(attached(userPolicies, policy));
  await db.delete(groupPolicies).where(attached(groupPolicies, policy));
}

/** Makes every process take a new look at whoever has the policy, groups included. Behind the lock of the account. */
export async function touchHolders(tx: Database, policy: AttachedPolicy): Promise<void> {
  const direct = tx.select({ userId: userPolicies.userId }).from(userPolicies).where(attached(userPolicies, policy));
  const members = tx
    .select({ userId: groupMembers.userId })
    .from(groupMembers)
    .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
    .where(attached(groupPolicies, policy));
  await tx
    .update(users)
    .set({ revision: sql`${users.revision} + 1` })
    .where(or(inArray(users.userId, direct), inArray(users.userId, members)));
}

/** Whom or what a policy is attached to. */
export interface PolicyEntity {
  readonly entityType: 'user' | 'group';
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly attachedAt: Date;
  /** What the list is ordered by: groups before users, each by name. */
  readonly key: string;
}

interface EntityListFilter {
  readonly entityType: 'user' | 'group' | undefined;
  readonly afterKey: string | undefined;
  readonly limit: number;
}

export async function listEntities(
  db: Database,
  policy: AttachedPolicy,
  { entityType, afterKey, limit }: EntityListFilter,
): Promise<PolicyEntity[]> {
  const all = unionAll(groupEntities(db, policy), userEntities(db, policy)).as('entities');
  return await db
    .select()
    .from(all)
    .where(
      and(
        entityType === undefined ? undefined : eq(all.entityType, entityType),
        afterKey === undefined ? undefined : sql`${all.key} > ${afterKey}`,
      ),
    )
    .orderBy(asc(all.key))
    .limit(limit);
}

const groupEntities = (db: Database, policy: AttachedPolicy) =>
  db
    .select({
      entityType: sql<'user' | 'group'>`'group'`.as('entity_type'),
      id: sql<string>`${groups.groupId}`.as('id'),
      name: sql<string>`${groups.groupName}`.as('name'),
      displayName: groups.displayName,
      attachedAt: groupPolicies.createdAt,
      key: sql<string>`'group/' || ${groups.groupNameKey}`.as('key'),
    })
    .from(groupPolicies)
    .innerJoin(groups, eq(groups.groupId, groupPolicies.groupId))
    .where(attached(groupPolicies, policy));

const userEntities = (db: Database, policy: AttachedPolicy) =>
  db
    .select({
      entityType: sql<'user' | 'group'>`'user'`.as('entity_type'),
      id: sql<string>`${users.userId}`.as('id'),
      name: sql<string>`${users.userName}`.as('name'),
      displayName: sql<string | null>`${users.displayName}`.as('display_name'),
      attachedAt: userPolicies.createdAt,
      key: sql<string>`'user/' || ${users.userNameKey}`.as('key'),
    })
    .from(userPolicies)
    .innerJoin(users, eq(users.userId, userPolicies.userId))
    .where(attached(userPolicies, policy));
