import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { deleteGroup } from '../../../src/domain/groups/delete-group.ts';
import { addUserToGroup, removeUserFromGroup } from '../../../src/domain/groups/group-membership.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { createPolicyVersion, setDefaultPolicyVersion } from '../../../src/domain/policies/change-policy-versions.ts';
import { createPolicy } from '../../../src/domain/policies/create-policy.ts';
import { deletePolicy } from '../../../src/domain/policies/delete-policy.ts';
import { getPolicy } from '../../../src/domain/policies/get-policy.ts';
import { attachPolicyToGroup, detachPolicyFromGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { listPolicyVersions } from '../../../src/domain/policies/read-policy-versions.ts';
import {
  attachPolicyToUser,
  detachPolicyFromUser,
  listPoliciesForUser,
} from '../../../src/domain/policies/user-policy-operations.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';
import { allowing, documentOf, newPolicy } from './custom-policy.ts';

const harmless = allowing('wiki:*');
const mighty = allowing('ram:*');
/** Keeps whoever has it from administrators. */
const brake = documentOf({
  ...{ Effect: 'Deny', Action: 'ram:*', Condition: { Bool: { 'postern:TargetIsAdministrator': 'true' } } },
});

let harness: Harness;
let account: TestAccount;
/** May do everything of RAM, but not to administrators: the right by one policy, the brake by the group `staff`. */
let helper: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  helper = await newUser(harness.deps.db, account.accountId, 'helper');
  await newUser(harness.deps.db, account.accountId, 'alice');
  await newPolicy(harness, account, 'power', mighty);
  await newPolicy(harness, account, 'brake', brake);
  await newPolicy(harness, account, 'wiki', harmless);
  for (const [operation, input] of [
    [createGroup, { groupName: 'staff' }],
    [attachPolicyToGroup, { groupName: 'staff', ...custom('brake') }],
    [addUserToGroup, { groupName: 'staff', userName: 'helper' }],
    [attachPolicyToUser, { userName: 'helper', ...custom('power') }],
    [attachPolicyToUser, { userName: 'alice', ...custom('wiki') }],
  ] as const) {
    await as(account.admin, operation as Operation<unknown, undefined, unknown>, input);
  }
});
afterAll(() => harness.close());

const custom = (policyName: string) => ({ policyType: 'custom', policyName });
const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const defaultOf = async (policyName: string) => (await as(account.admin, getPolicy, custom(policyName))).policyDocument;

describe('who is kept from administrators', () => {
  test('may go on writing and giving policies that make none', async () => {
    await as(helper, createPolicy, { policyName: 'notes', policyDocument: harmless });
    await as(helper, createPolicyVersion, {
      ...custom('wiki'),
      policyDocument: allowing('notes:*'),
      setAsDefault: true,
    });
    await as(helper, attachPolicyToUser, { userName: 'alice', ...custom('notes') });
    await as(helper, setDefaultPolicyVersion, { ...custom('wiki'), versionId: 'v1' });
    expect(await defaultOf('notes')).toEqual(harmless);
    expect((await as(account.admin, getPolicy, custom('wiki'))).defaultVersionId).toBe('v1');
    await as(helper, deletePolicy, { ...custom('notes'), cascade: true });
  });

  test('does not make a policy that makes one', async () => {
    const attempt = as(helper, createPolicy, { policyName: 'more', policyDocument: mighty });
    expect((await refusal(attempt)).code).toBe('NoPermission');
    expect((await refusal(as(account.admin, getPolicy, custom('more')))).code).toBe('EntityNotExist.Policy');
  });

  test.each([true, false])('does not write a version that makes one (as the default: %s)', async (setAsDefault) => {
    const input = { ...custom('wiki'), policyDocument: mighty, setAsDefault };
    expect((await refusal(as(helper, createPolicyVersion, input))).code).toBe('NoPermission');
    expect((await as(account.admin, listPolicyVersions, custom('wiki'))).items).toHaveLength(1);
  });

  test('does not bring a version to count that makes one', async () => {
    await as(account.admin, createPolicyVersion, { ...custom('wiki'), policyDocument: mighty });
    const attempt = as(helper, setDefaultPolicyVersion, { ...custom('wiki'), versionId: 'v2' });
    expect((await refusal(attempt)).code).toBe('NoPermission');
    expect(await defaultOf('wiki')).toEqual(harmless);
  });

  test('does not attach one that makes one, nor join a group that does', async () => {
    await as(account.admin, createGroup, { groupName: 'owners' });
    await as(account.admin, attachPolicyToGroup, { groupName: 'owners', ...custom('power') });
    for (const attempt of [
      as(helper, attachPolicyToUser, { userName: 'alice', ...custom('power') }),
      as(helper, attachPolicyToGroup, { groupName: 'staff', ...custom('power') }),
      as(helper, addUserToGroup, { userName: 'alice', groupName: 'owners' }),
    ]) {
      expect((await refusal(attempt)).code).toBe('NoPermission');
    }
    const { items } = await as(account.admin, listPoliciesForUser, { userName: 'alice' });
    expect(items.map(({ policyName }) => policyName)).toEqual(['wiki']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an emptier version of it', () => as(helper, createPolicyVersion, { ...emptier, setAsDefault: true })],
    ['deleting it', () => as(helper, deletePolicy, { ...custom('brake'), cascade: true })],
    [
      'detaching it from the group',
      () => as(helper, detachPolicyFromGroup, { ...custom('brake'), groupName: 'staff' }),
    ],
    ['deleting the group', () => as(helper, deleteGroup, { groupName: 'staff', cascade: true })],
    ['leaving the group', () => as(helper, removeUserFromGroup, { groupName: 'staff', userName: 'helper' })],
  ])('does not lift what keeps them by %s', async (_case, lift) => {
    expect((await refusal(lift())).code).toBe('NoPermission');
    expect(await defaultOf('brake')).toEqual(brake);
    const reach = as(helper, detachPolicyFromUser, {
      ...{ userName: 'admin', policyType: 'system', policyName: 'AdministratorAccess' },
    });
    expect((await refusal(reach)).code).toBe('NoPermission');
    const { items } = await as(account.admin, listPoliciesForUser, { userName: 'helper' });
    expect(items.map(({ policyName }) => policyName)).toEqual(['power', 'brake']);
  });

  test('does not take it off where it is attached to themselves, and may take the same off others', async () => {
    for (const userName of ['helper', 'alice'])
      await as(account.admin, attachPolicyToUser, { userName, ...custom('brake') });
    const takeOff = (userName: string) => as(helper, detachPolicyFromUser, { userName, ...custom('brake') });
    expect((await refusal(takeOff('helper'))).code).toBe('NoPermission');
    const { items } = await as(account.admin, listPoliciesForUser, { userName: 'helper' });
    expect(items.map(({ policyName }) => policyName)).toEqual(['brake', 'power', 'brake']);
    await takeOff('alice');
  });

  test('does not lift it by a version that stands ready', async () => {
    await as(account.admin, createPolicyVersion, emptier);
    const attempt = as(helper, setDefaultPolicyVersion, { ...custom('brake'), versionId: 'v2' });
    expect((await refusal(attempt)).code).toBe('NoPermission');
    expect(await defaultOf('brake')).toEqual(brake);
  });

  const emptier = { ...custom('brake'), policyDocument: harmless };
});
