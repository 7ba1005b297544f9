import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { loadRights } from '../../../src/domain/policies/statements-store.ts';
import {
  attachPolicyToUser,
  detachPolicyFromUser,
  listPoliciesForUser,
} from '../../../src/domain/policies/user-policy-operations.ts';
import { insertUserPolicy } from '../../../src/domain/policies/user-policies-store.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
import { allowing, newPolicy } from './custom-policy.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});
afterAll(() => harness.close());

const named = (userName: string, policyName: string, policyType = 'system') => ({ userName, policyType, policyName });
const attach = (caller: Caller, input: unknown) => performOperation(harness.deps, caller, attachPolicyToUser, input);
const detach = (caller: Caller, input: unknown) => performOperation(harness.deps, caller, detachPolicyFromUser, input);
const policiesOf = async (userName: string) =>
  (await performOperation(harness.deps, account.admin, listPoliciesForUser, { userName })).items.map(
    ({ policyName }) => policyName,
  );
const createBob = (caller: Caller) =>
  performOperation(harness.deps, caller, createUser, { users: [{ userName: 'bob', displayName: 'B' }] });

describe('a policy', () => {
  test('counts from the moment it is attached to the moment it is detached', async () => {
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
    await attach(account.admin, named('alice', 'AliyunRAMFullAccess'));
    await createBob(alice);
    await detach(account.admin, named('alice', 'AliyunRAMFullAccess'));
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
  });

  test('attached or detached raises the user’s revision, so that copies of the rights are noticed as old', async () => {
    const revision = async () => (await userRow(harness.deps.db, account.accountId, 'alice'))?.revision ?? 0;
    const [before] = [await revision()];
    await attach(account.admin, named('alice', 'AliyunRAMReadOnlyAccess'));
    const attached = await revision();
    await detach(account.admin, named('alice', 'AliyunRAMReadOnlyAccess'));
    expect(attached).toBeGreaterThan(before);
    expect(await revision()).toBeGreaterThan(attached);
  });

  test('attached twice is there once', async () => {
    expect(await attach(account.admin, named('alice', 'aliyunRAMreadonlyACCESS'))).toEqual({ attached: true });
    expect(await attach(account.admin, named('alice', 'AliyunRAMReadOnlyAccess'))).toEqual({ attached: false });
    expect(await policiesOf('alice')).toEqual(['AliyunRAMReadOnlyAccess']);
  });

  test('stays with the user through a rename, and does not come to another user of the old name', async () => {
    await newPolicy(harness, account, 'creators', allowing('ram:CreateUser'));
    await attach(account.admin, named('alice', 'creators', 'custom'));
    const renaming = { user: { userName: 'alice' }, changes: { userName: 'alicia' } };
    await performOperation(harness.deps, account.admin, updateUser, renaming);
    expect(await policiesOf('alicia')).toEqual(['creators']);
    await createBob({ ...alice, userName: 'alicia' });
    const second = await newUser(harness.deps.db, account.accountId, 'alice');
    expect(await policiesOf('alice')).toEqual([]);
    expect((await refusal(createBob(second))).code).toBe('NoPermission');
  });

  test.each([
    [named('alice', 'Nothing'), 'EntityNotExist.Policy'],
    [named('alice', 'Mine', 'custom'), 'EntityNotExist.Policy'],
    [named('nobody', 'AdministratorAccess'), 'EntityNotExist.User'],
    [named('alice', 'a b'), 'InvalidParameter'],
    [named('alice', 'AdministratorAccess', 'System'), 'InvalidParameter'],
  ])('%j cannot be attached', async (input, code) => {
    expect((await refusal(attach(account.admin, input))).code).toBe(code);
    expect(await policiesOf('alice')).toEqual([]);
  });

  test('cannot be given by those who have not the right: nobody makes themselves administrator', async () => {
    await attach(account.admin, named('alice', 'AliyunRAMReadOnlyAccess'));
    expect((await refusal(attach(alice, named('alice', 'AdministratorAccess')))).code).toBe('NoPermission');
    expect(await policiesOf('alice')).toEqual(['AliyunRAMReadOnlyAccess']);
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events.at(-1)).toMatchObject({
      actorUserId: alice.userId,
      action: 'ram:AttachPolicyToUser',
      outcome: 'refused',
    });
  });
});

describe('the policy over the platform', () => {
  const platformPolicy = 'PlatformAdministratorAccess';

  test('does not exist outside the platform account', async () => {
    const root = await newUser(harness.deps.db, account.accountId, 'root', ['AdministratorAccess', platformPolicy]);
    expect((await refusal(attach(root, named('alice', platformPolicy)))).code).toBe('EntityNotExist.Policy');
    const platformStatements = (await loadRights(harness.deps, root)).statements.filter(({ actions }) =>
      actions.includes('postern:*'),
    );
    expect(platformStatements).toEqual([]);
  });

  test('is not an account administrator’s to give, not even to themselves', async () => {
    account = await newAccount(harness, { isPlatform: true });
    expect((await refusal(attach(account.admin, named('admin', platformPolicy)))).code).toBe('NoPermission');
    expect(await policiesOf('admin')).toEqual(['AdministratorAccess']);
  });

  test('is given by those who have it', async () => {
    account = await newAccount(harness, { isPlatform: true });
    await insertUserPolicy(harness.deps.db, { ...account.admin, policyType: 'system', policyName: platformPolicy });
    await newUser(harness.deps.db, account.accountId, 'second');
    await attach(account.admin, named('second', platformPolicy));
    expect(await policiesOf('second')).toEqual([platformPolicy]);
  });
});
