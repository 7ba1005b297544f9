import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { groupMembers, groups } from '../../storage/db/schema/groups.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';

export type UserPolicyRow = typeof userPolicies.$inferSelect;

interface Attachment {
  readonly userId: string;
  readonly policyType: 'system' | 'custom';
  readonly policyName: string;
}

const matches = ({ userId, policyType, policyName }: Attachment) =>
  and(
    eq(userPolicies.userId, userId),
    eq(userPolicies.policyType, policyType),
    eq(userPolicies.policyName, policyName),
  );

/** Answers false when it was attached already. */
export async function insertUserPolicy(db: Database, attachment: Attachment & { accountId: string }): Promise<boolean> {
  const rows = await db
    .insert(userPolicies)
    .values(attachment)
    .onConflictDoNothing()
    .returning({ userId: userPolicies.userId });
  return rows.length === 1;
}

export async function deleteUserPolicy(db: Database, attachment: Attachment): Promise<boolean> {
  const rows = await db.delete(userPolicies).where(matches(attachment)).returning({ userId: userPolicies.userId });
  return rows.length === 1;
}

export async function listUserPolicies(db: Database, userId: string): Promise<UserPolicyRow[]> {
  return await db
    .select()
    .from(userPolicies)
    .where(eq(userPolicies.userId, userId))
    .orderBy(asc(userPolicies.policyType), asc(userPolicies.policyName));
}

/** What the user's groups have, in the order of their names. */
export async function listPoliciesThroughGroups(db: Database, userId: string) {
  const { policyType, policyName, createdAt } = groupPolicies;
  return await db
    .select({ policyType, policyName, createdAt, throughGroup: groups.groupName })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.groupId, groupMembers.groupId))
    .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
    .where(eq(groupMembers.userId, userId))
    .orderBy(asc(groups.groupNameKey), asc(policyType), asc(policyName));
}

export async function countUserPolicies(
  db: Database,
  { userId, policyType }: Omit<Attachment, 'policyName'>,
): Promise<number> {
  return await db.$count(userPolicies, and(eq(userPolicies.userId, userId), eq(userPolicies.policyType, policyType)));
}
