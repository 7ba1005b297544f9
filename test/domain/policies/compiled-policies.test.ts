import { LRUCache } from 'lru-cache';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { compilePolicy } from '../../../src/domain/policies/compile-policy.ts';
import { createCompiledPolicies, statementsOf } from '../../../src/domain/policies/compiled-policies.ts';
import { createKeptRights } from '../../../src/domain/policies/kept-rights.ts';
import { loadRights } from '../../../src/domain/policies/statements-store.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { policyVersions } from '../../../src/storage/db/schema/policies.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';
import { allowing, documentOf, newPolicy } from './custom-policy.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  await give('may', allowing('wiki:*'));
  await give('must-not', documentOf({ Effect: 'Deny', Action: 'wiki:Delete*' }));
});
afterAll(() => harness.close());

async function give(policyName: string, policyDocument: unknown): Promise<void> {
  await newPolicy(harness, account, policyName, policyDocument);
  const attachment = { userName: 'alice', policyType: 'custom', policyName };
  await performOperation(harness.deps, account.admin, attachPolicyToUser, attachment);
}

const effects = async (compiledPolicies: ReturnType<typeof createCompiledPolicies>) =>
  (await loadRights({ db: harness.deps.db, compiledPolicies }, alice)).statements
    .map(({ effect }) => effect)
    .toSorted();

test('no policy is left out when there is room for one compiled document alone', async () => {
  const small = new LRUCache({ max: 1 }) as ReturnType<typeof createCompiledPolicies>;
  for (let round = 0; round < 3; round += 1) expect(await effects(small)).toEqual(['Allow', 'Deny']);
});

test('no policy is left out that others crowd out of memory while the rest is loaded', async () => {
  const { db, compiledPolicies } = { db: harness.deps.db, compiledPolicies: createCompiledPolicies() };
  const kept = await documentsOf();
  const counting = kept.map((row) => ({
    ...row,
    policyType: 'custom' as const,
    policyName: row.policyNameKey,
    through: null,
  }));
  await statementsOf({ db, compiledPolicies }, counting.slice(0, 1), { isPlatform: false });
  const crowding = new Proxy(db, {
    get: (target, name) => {
      compiledPolicies.clear();
      return Reflect.get(target, name, target) as unknown;
    },
  });
  const statements = await statementsOf({ db: crowding, compiledPolicies }, counting, { isPlatform: false });
  expect(statements.map(({ effect }) => effect).toSorted()).toEqual(['Allow', 'Deny']);
});

test('a version that went while rights were read is no reason to do without its Denies: the call is refused', async () => {
  const compiledPolicies = createCompiledPolicies();
  const counting = (await documentsOf()).map((row) => ({
    ...{ ...row, policyType: 'custom' as const, policyName: row.policyNameKey, through: null },
  }));
  const gone = { ...counting[0], documentId: 2 ** 40 } as (typeof counting)[number];
  const reading = statementsOf({ db: harness.deps.db, compiledPolicies }, [...counting, gone], { isPlatform: false });
  const refused = await refusal(reading);
  expect([refused.code, refused.retryAfterSeconds]).toEqual(['ServiceUnavailable', 1]);
});

test('memory is bounded by what documents hold, not by their number alone', () => {
  const compiledPolicies = createCompiledPolicies();
  const actions = Array.from({ length: 500 }, (_none, at) => `a:${at}*`);
  const big = compilePolicy(documentOf({ Action: actions }, { Action: actions }) as never, {
    ...{ policyType: 'custom', policyName: 'big' },
  });
  const keptRights = createKeptRights();
  for (let id = 0; id < 1000; id += 1) {
    compiledPolicies.set(`${id}`, big);
    keptRights.set(`${id}`, { revision: 1, rights: { active: true, statements: big } });
  }
  for (const kept of [compiledPolicies, keptRights]) {
    expect(kept.size).toBeGreaterThan(100);
    expect(kept.size).toBeLessThan(250);
  }
});

const documentsOf = () => {
  const { documentId, versionId, policyNameKey } = policyVersions;
  return harness.deps.db
    .select({ documentId, versionId, policyNameKey })
    .from(policyVersions)
    .where(eq(policyVersions.accountId, account.accountId));
};
