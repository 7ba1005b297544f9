import { inArray } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../storage/db/database.ts';
import { policyVersions } from '../../storage/db/schema/policies.ts';
import { AppError } from '../app-error.ts';
import { type CompiledStatement, compilePolicy } from './compile-policy.ts';
import type { PolicyDocument } from './policy-document.ts';
import { findSystemPolicy } from './system-policies.ts';

/** Policies ready to decide with. A version's document never changes and its id is never used again, so copies cannot be old. */
export type CompiledPolicies = LRUCache<string, readonly CompiledStatement[]>;

const keptPolicies = 2000;

/** Each takes about half a kilobyte: documents of many short ones would take a gigabyte otherwise. */
export const keptPatterns = 200_000;

/** How many actions, resources and values of conditions the statements have, which is what they take in memory; never 0. */
export const patternsIn = (statements: readonly CompiledStatement[]): number =>
  statements.reduce(
    (sum, { actions, resources, conditions }) =>
      sum + actions.length + resources.length + conditions.reduce((values, { tests }) => values + tests.length, 0),
    1,
  );

/** One per process. */
export const createCompiledPolicies = (): CompiledPolicies =>
  new LRUCache({ max: keptPolicies, maxSize: keptPatterns, sizeCalculation: patternsIn });

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
  const custom = await customStatements(context, policies);
  return policies.flatMap((policy) => {
    const { policyType, policyName, documentId, through } = policy;
    const statements =
      policyType === 'system'
        ? systemStatements(context.compiledPolicies, policyName, isPlatform)
        : (custom.get(documentId) ?? []);
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

/**
 * By document, all of them: the cache may let go of one while another is loaded, and a policy that is left out takes its Denies along. Throws
 * `ServiceUnavailable` when one was deleted since it was found to count: what counts now has to be looked up again.
 */
async function customStatements(
  { db, compiledPolicies }: PolicyContext,
  policies: readonly CountingPolicy[],
): Promise<ReadonlyMap<number | null, readonly CompiledStatement[]>> {
  const found = new Map<number, readonly CompiledStatement[]>();
  const missing = new Map<number, CountingPolicy>();
  for (const policy of policies) {
    if (policy.documentId === null) continue;
    const compiled = compiledPolicies.get(`${policy.documentId}`);
    if (compiled === undefined) missing.set(policy.documentId, policy);
    else found.set(policy.documentId, compiled);
  }
  if (missing.size === 0) return found;
  for (const { documentId, document } of await listDocuments(db, [...missing.keys()])) {
    const { policyName = '', versionId = null } = missing.get(documentId) ?? {};
    const source = { policyType: 'custom' as const, policyName, ...(versionId === null ? {} : { versionId }) };
    // Validated when it was written.
    const compiled = compilePolicy(JSON.parse(document) as PolicyDocument, source);
    compiledPolicies.set(`${documentId}`, compiled);
    found.set(documentId, compiled);
    missing.delete(documentId);
  }
  if (missing.size === 0) return found;
  throw new AppError('ServiceUnavailable', 'Policies were just changed; try again.', { retryAfterSeconds: 1 });
}

const listDocuments = (db: Database, documentIds: readonly number[]) =>
  db
    .select({ documentId: policyVersions.documentId, document: policyVersions.document })
    .from(policyVersions)
    .where(inArray(policyVersions.documentId, [...documentIds]));
