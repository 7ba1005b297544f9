import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { userPolicies } from '../../storage/db/schema/policy-attachments.ts';

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

export async function hasUserPolicy(db: Database, attachment: Attachment): Promise<boolean> {
  return (await db.$count(userPolicies, matches(attachment))) > 0;
}

export async function countUserPolicies(
  db: Database,
  { userId, policyType }: Omit<Attachment, 'policyName'>,
): Promise<number> {
  return await db.$count(userPolicies, and(eq(userPolicies.userId, userId), eq(userPolicies.policyType, policyType)));
}
