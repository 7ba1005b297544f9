import { and, asc, desc, eq, ne } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { policyVersions } from '../../storage/db/schema/policies.ts';
import { policyNameKey } from './policies-store.ts';

export type PolicyVersionRow = typeof policyVersions.$inferSelect;

interface OfPolicy {
  readonly accountId: string;
  readonly policyName: string;
}

const of = ({ accountId, policyName }: OfPolicy) =>
  and(eq(policyVersions.accountId, accountId), eq(policyVersions.policyNameKey, policyNameKey(policyName)));

/** `document` is the JSON text. */
export async function insertVersion(
  db: Database,
  policy: OfPolicy,
  version: Pick<PolicyVersionRow, 'versionId' | 'document'>,
): Promise<PolicyVersionRow> {
  const { accountId, policyName } = policy;
  const [row] = await db
    .insert(policyVersions)
    .values({ accountId, policyNameKey: policyNameKey(policyName), ...version })
    .returning();
  if (row === undefined) throw new Error('an inserted policy version did not come back');
  return row;
}

export async function findVersion(
  db: Database,
  policy: OfPolicy,
  versionId: string,
): Promise<PolicyVersionRow | undefined> {
  const [row] = await db
    .select()
    .from(policyVersions)
    .where(and(of(policy), eq(policyVersions.versionId, versionId)));
  return row;
}

/** The newest first; no more than a policy can have. */
export async function listVersions(db: Database, policy: OfPolicy): Promise<PolicyVersionRow[]> {
  return await db.select().from(policyVersions).where(of(policy)).orderBy(desc(policyVersions.documentId));
}

export async function countVersions(db: Database, policy: OfPolicy): Promise<number> {
  return await db.$count(policyVersions, of(policy));
}

/** The oldest version beside this one. */
export async function findOldestVersionBut(
  db: Database,
  policy: OfPolicy,
  versionId: string,
): Promise<PolicyVersionRow | undefined> {
  const [row] = await db
    .select()
    .from(policyVersions)
    .where(and(of(policy), ne(policyVersions.versionId, versionId)))
    .orderBy(asc(policyVersions.documentId))
    .limit(1);
  return row;
}

/** Answers false when there was none. */
export async function deleteVersion(db: Database, policy: OfPolicy, versionId: string): Promise<boolean> {
  const rows = await db
    .delete(policyVersions)
    .where(and(of(policy), eq(policyVersions.versionId, versionId)))
    .returning({ versionId: policyVersions.versionId });
  return rows.length === 1;
}
