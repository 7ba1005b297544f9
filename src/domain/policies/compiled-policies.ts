import { inArray } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../storage/db/database.ts';
import { policyVersions } from '../../storage/db/schema/policies.ts';
import { type CompiledStatement, compilePolicy } from './compile-policy.ts';
import type { PolicyDocument } from './policy-document.ts';
import { findSystemPolicy } from './system-policies.ts';

/** Policies ready to decide with. A version's document never changes and its id is never used again, so copies cannot be old. */
export type CompiledPolicies = LRUCache<string, readonly CompiledStatement[]>;

const keptPolicies = 2000;

/** One per process. */
export const createCompiledPolicies = (): CompiledPolicies => new LRUCache({ max: keptPolicies });

/** A policy that counts for somebody: as attached, with the version that is the default now. */
export interface CountingPolicy {
  readonly policyType: 'system' | 'custom';
  readonly policyName: string;
  /** Of a custom policy. */
  readonly documentId: number | null;
  readonly versionId: string | null;
  /** The group it comes by; null where it is attached itself. */
  readonly through: string | null;
}

interface PolicyContext {
  readonly db: Database;
  readonly compiledPolicies: CompiledPolicies;
}

/** The statements of all of them, each naming where it comes from. Policies of the platform count in its own account alone. */
export async function statementsOf(
  context: PolicyContext,
  policies: readonly CountingPolicy[],
  { isPlatform }: { isPlatform: boolean },
): Promise<readonly CompiledStatement[]> {
  await compileMissing(context, policies);
  return policies.flatMap((policy) => {
    const statements =
      policy.policyType === 'system'
        ? systemStatements(context.compiledPolicies, policy.policyName, isPlatform)
        : (context.compiledPolicies.get(`${policy.documentId}`) ?? []);
    const { through } = policy;
    return through === null ? statements : statements.map((one) => ({ ...one, source: { ...one.source, through } }));
  });
}

function systemStatements(
  compiledPolicies: CompiledPolicies,
  policyName: string,
  isPlatform: boolean,
): readonly CompiledStatement[] {
  const policy = findSystemPolicy(policyName);
  if (policy === undefined || (policy.platformOnly && !isPlatform)) return [];
  const compiled = compiledPolicies.get(policy.policyName);
  if (compiled !== undefined) return compiled;
  const made = compilePolicy(policy.document, { policyType: 'system', policyName: policy.policyName });
  compiledPolicies.set(policy.policyName, made);
  return made;
}

async function compileMissing(
  { db, compiledPolicies }: PolicyContext,
  policies: readonly CountingPolicy[],
): Promise<void> {
  const missing = new Map(
    policies.flatMap((policy) =>
      policy.documentId === null || compiledPolicies.has(`${policy.documentId}`) ? [] : [[policy.documentId, policy]],
    ),
  );
  if (missing.size === 0) return;
  const rows = await db
    .select({ documentId: policyVersions.documentId, document: policyVersions.document })
    .from(policyVersions)
    .where(inArray(policyVersions.documentId, [...missing.keys()]));
  for (const { documentId, document } of rows) {
    const { policyName = '', versionId = null } = missing.get(documentId) ?? {};
    const source = { policyType: 'custom' as const, policyName, ...(versionId === null ? {} : { versionId }) };
    // Validated when it was written.
    compiledPolicies.set(`${documentId}`, compilePolicy(JSON.parse(document) as PolicyDocument, source));
  }
}
