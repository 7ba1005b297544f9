import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { groupPolicies } from '../../storage/db/schema/policy-attachments.ts';

export type GroupPolicyRow = typeof groupPolicies.$inferSelect;

interface Attachment {
  readonly groupId: string;
  readonly policyType: 'system' | 'custom';
  readonly policyName: string;
}

/** Answers false when it was attached already. */
export async function insertGroupPolicy(
  db: Database,
  attachment: Attachment & { accountId: string },
): Promise<boolean> {
  const rows = await db
    .insert(groupPolicies)
    .values(attachment)
    .onConflictDoNothing()
    .returning({ groupId: groupPolicies.groupId });
  return rows.length === 1;
}

export async function deleteGroupPolicy(
  db: Database,
  { groupId, policyType, policyName }: Attachment,
): Promise<boolean> {
  const rows = await db
    .delete(groupPolicies)
    .where(
      and(
        eq(groupPolicies.groupId, groupId),
        eq(groupPolicies.policyType, policyType),
        eq(groupPolicies.policyName, policyName),
      ),
    )
    .returning({ groupId: groupPolicies.groupId });
  return rows.length === 1;
}

export async function listGroupPolicies(db: Database, groupId: string): Promise<GroupPolicyRow[]> {
  return await db
    .select()
    .from(groupPolicies)
    .where(eq(groupPolicies.groupId, groupId))
    .orderBy(asc(groupPolicies.policyType), asc(groupPolicies.policyName));
}

export async function countGroupPolicies(
  db: Database,
  { groupId, policyType }: Omit<Attachment, 'policyName'>,
): Promise<number> {
  return await db.$count(
    groupPolicies,
    and(eq(groupPolicies.groupId, groupId), eq(groupPolicies.policyType, policyType)),
  );
}
