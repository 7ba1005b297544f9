import { and, asc, eq, getTableColumns, gt, inArray, sql } from 'drizzle-orm';
import { anyContains } from '../../storage/db/containing.ts';
import type { Database } from '../../storage/db/database.ts';
import { policies } from '../../storage/db/schema/policies.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';

/** A custom policy. */
export type PolicyRow = typeof policies.$inferSelect;
type PolicyChanges = Partial<Pick<PolicyRow, 'description' | 'defaultVersionId' | 'latestVersion'>>;

/** Names are compared without case. */
export const policyNameKey = (policyName: string): string => policyName.toLowerCase();

const named = (accountId: string, policyName: string) =>
  and(eq(policies.accountId, accountId), eq(policies.policyNameKey, policyNameKey(policyName)));

export async function findPolicy(db: Database, accountId: string, policyName: string): Promise<PolicyRow | undefined> {
  const [row] = await db.select().from(policies).where(named(accountId, policyName));
  return row;
}

/** Those of these names (as typed at creation) that there are. */
export async function findPolicies(db: Database, accountId: string, names: readonly string[]): Promise<PolicyRow[]> {
  if (names.length === 0) return [];
  return await db
    .select()
    .from(policies)
    .where(and(eq(policies.accountId, accountId), inArray(policies.policyName, [...names])));
}

export async function countPolicies(db: Database, accountId: string): Promise<number> {
  return await db.$count(policies, eq(policies.accountId, accountId));
}

/** With `v1` as its version. Answers undefined when the name belongs to another policy. */
export async function insertPolicy(
  db: Database,
  policy: Pick<PolicyRow, 'accountId' | 'policyName' | 'description'>,
): Promise<PolicyRow | undefined> {
  const [row] = await db
    .insert(policies)
    .values({ ...policy, policyNameKey: policyNameKey(policy.policyName), defaultVersionId: 'v1' })
    .onConflictDoNothing()
    .returning();
  return row;
}

/** Answers the row as it is now. */
export async function updatePolicy(
  db: Database,
  { accountId, policyName }: Pick<PolicyRow, 'accountId' | 'policyName'>,
  changes: PolicyChanges,
): Promise<PolicyRow> {
  const [row] = await db.update(policies).set(changes).where(named(accountId, policyName)).returning();
  if (row === undefined) throw new Error('a policy vanished behind the lock of its account');
  return row;
}

/** Its versions go with the row, attachments do not: they name it. */
export async function deletePolicy(db: Database, accountId: string, policyName: string): Promise<void> {
  await db.delete(policies).where(named(accountId, policyName));
}

interface PolicyListFilter {
  readonly q: string | undefined;
  readonly afterKey: string | undefined;
  readonly limit: number;
}

/** In the order of names, each with how often it is attached. */
export async function listPolicies(
  db: Database,
  accountId: string,
  { q, afterKey, limit }: PolicyListFilter,
): Promise<(PolicyRow & { attachmentCount: number })[]> {
  // Built, not written out: columns written into a select of one table lose their table, and a column would equal itself.
  const [users, groups] = [userPolicies, groupPolicies].map((attachments) =>
    db.$count(
      attachments,
      and(
        eq(attachments.accountId, policies.accountId),
        eq(attachments.policyType, 'custom'),
        eq(attachments.policyName, policies.policyName),
      ),
    ),
  );
  return await db
    .select({ ...getTableColumns(policies), attachmentCount: sql<number>`(${users} + ${groups})::int` })
    .from(policies)
    .where(
      and(
        eq(policies.accountId, accountId),
        afterKey === undefined ? undefined : gt(policies.policyNameKey, afterKey),
        anyContains([policies.policyName, policies.description], q),
      ),
    )
    .orderBy(asc(policies.policyNameKey))
    .limit(limit);
}
