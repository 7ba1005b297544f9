import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { deleteGroup } from '../../../src/domain/groups/delete-group.ts';
import { addUserToGroup, removeUserFromGroup } from '../../../src/domain/groups/group-membership.ts';
import { listGroupsForUser } from '../../../src/domain/groups/list-groups-for-user.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import {
  attachPolicyToGroup,
  detachPolicyFromGroup,
  listPoliciesForGroup,
} from '../../../src/domain/policies/group-policy-operations.ts';
import { detachPolicyFromUser, listPoliciesForUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { insertUserPolicy } from '../../../src/domain/policies/user-policies-store.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { findUserOverview } from '../../../src/domain/users/find-overview.ts';
import {
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
import { newPolicy } from '../policies/custom-policy.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  await as(account.admin, createGroup, { groupName: 'staff' });
});
afterAll(() => harness.close());

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const ofStaff = (policyName: string, policyType = 'system') => ({ groupName: 'staff', policyType, policyName });
const attach = (policyName: string, policyType = 'system') =>
  as(account.admin, attachPolicyToGroup, ofStaff(policyName, policyType));
const detach = (policyName: string, policyType = 'system') =>
  as(account.admin, detachPolicyFromGroup, ofStaff(policyName, policyType));
const membership = (userName: string) => ({ userName, groupName: 'staff' });
const join = (userName: string) => as(account.admin, addUserToGroup, membership(userName));
let bobs = 0;
const createBob = (caller: Caller) => {
  bobs += 1;
  return as(caller, createUser, { users: [{ userName: `bob${bobs}`, displayName: 'B' }] });
};
const policiesOfStaff = async () =>
  (await as(account.admin, listPoliciesForGroup, { groupName: 'staff' })).items.map(({ policyName }) => policyName);

describe('a policy of a group', () => {
  test('counts for every member, from the moment of both to the moment either ends', async () => {
    await join('alice');
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
    await attach('AliyunRAMFullAccess');
    await createBob(alice);
    await as(account.admin, removeUserFromGroup, membership('alice'));
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
    await join('alice');
    await createBob(alice);
    await detach('AliyunRAMFullAccess');
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
  });

  test('is there once, and a change of it is noticed at every member', async () => {
    await join('alice');
    const revision = async () => (await userRow(harness.deps.db, account.accountId, 'alice'))?.revision ?? 0;
    const before = await revision();
    expect(await attach('aliyunramREADonlyaccess')).toEqual({ attached: true });
    const attached = await revision();
    expect(await attach('AliyunRAMReadOnlyAccess')).toEqual({ attached: false });
    expect(await policiesOfStaff()).toEqual(['AliyunRAMReadOnlyAccess']);
    await detach('aliyunRAMreadonlyaccess');
    expect(attached).toBeGreaterThan(before);
    expect(await revision()).toBeGreaterThan(attached);
    expect((await refusal(detach('AliyunRAMReadOnlyAccess'))).code).toBe('EntityNotExist.Group.Policy');
  });

  test('is shown at its members with the group it comes by, beside their own', async () => {
    await newPolicy(harness, account, 'Readers');
    await attach('readers', 'custom');
    await join('alice');
    await insertUserPolicy(harness.deps.db, { ...alice, policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess' });
    const { items } = await as(account.admin, listPoliciesForUser, { userName: 'alice' });
    expect(items).toMatchObject([
      { policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess', throughGroup: null },
      { policyType: 'custom', policyName: 'Readers', throughGroup: 'staff', defaultVersionId: 'v1' },
    ]);
  });

  test('is enough for the first page not to send the user to somebody who gives rights', async () => {
    const hasPolicies = async () =>
      (await findUserOverview(harness.deps.db, account.accountId, alice.userId))?.hasPolicies;
    await join('alice');
    expect(await hasPolicies()).toBe(false);
    await attach('AliyunRAMReadOnlyAccess');
    expect(await hasPolicies()).toBe(true);
  });

  test.each([
    [ofStaff('Nothing'), 'EntityNotExist.Policy'],
    [ofStaff('Nothing', 'custom'), 'EntityNotExist.Policy'],
    [{ ...ofStaff('AdministratorAccess'), groupName: 'nothing' }, 'EntityNotExist.Group'],
    [ofStaff('PlatformAdministratorAccess'), 'EntityNotExist.Policy'],
    [ofStaff('a b'), 'InvalidParameter'],
  ])('%j cannot be attached: %s', async (input, code) => {
    expect((await refusal(as(account.admin, attachPolicyToGroup, input))).code).toBe(code);
    expect(await policiesOfStaff()).toEqual([]);
  });

  test('of its own account is not taken for one of another', async () => {
    const other = await newAccount(harness);
    await newPolicy(harness, other, 'theirs');
    expect((await refusal(attach('theirs', 'custom'))).code).toBe('EntityNotExist.Policy');
    expect(await policiesOfStaff()).toEqual([]);
  });
});

describe('the platform, through a group', () => {
  const platform = 'PlatformAdministratorAccess';
  let root: Caller;
  beforeEach(async () => {
    account = await newAccount(harness, { isPlatform: true });
    alice = await newUser(harness.deps.db, account.accountId, 'alice');
    root = await newUser(harness.deps.db, account.accountId, 'root', ['AdministratorAccess', platform]);
    await as(account.admin, createGroup, { groupName: 'staff' });
  });

  test('is given by those alone who have it', async () => {
    expect((await refusal(attach(platform))).code).toBe('NoPermission');
    expect(await policiesOfStaff()).toEqual([]);
    await as(root, attachPolicyToGroup, ofStaff(platform));
    expect(await policiesOfStaff()).toEqual([platform]);
  });

  test('is joined with their right alone: the right over user and group does not do', async () => {
    await as(root, attachPolicyToGroup, ofStaff(platform));
    for (const userName of ['admin', 'alice']) expect((await refusal(join(userName))).code).toBe('NoPermission');
    expect((await as(root, listGroupsForUser, { userName: 'alice' })).items).toEqual([]);
    await as(root, addUserToGroup, membership('alice'));
    expect((await as(root, listGroupsForUser, { userName: 'alice' })).items).toHaveLength(1);
  });
});

describe('the last active administrator, through a group', () => {
  beforeEach(async () => {
    await attach('AdministratorAccess');
    await join('alice');
  });
  const oneOnly = () =>
    as(alice, detachPolicyFromUser, { userName: 'admin', policyType: 'system', policyName: 'AdministratorAccess' });

  test('counts: the other one may go', async () => {
    await oneOnly();
    expect((await refusal(createBob(account.admin))).code).toBe('NoPermission');
    await createBob(alice);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['leaving the group', () => as(alice, removeUserFromGroup, membership('alice'))],
    ['taking the policy of the group', () => as(alice, detachPolicyFromGroup, ofStaff('AdministratorAccess'))],
    ['deleting the group', () => as(alice, deleteGroup, { groupName: 'staff', cascade: true })],
  ])('stays: %s is refused', async (_case, removal) => {
    await oneOnly();
    expect((await refusal(removal())).code).toBe('DeleteConflict.LastAdministrator');
    await createBob(alice);
    expect((await as(alice, listGroupsForUser, { userName: 'alice' })).items).toHaveLength(1);
  });

  test('does not hold the group while there is another', async () => {
    await as(alice, deleteGroup, { groupName: 'staff', cascade: true });
    expect((await refusal(createBob(alice))).code).toBe('NoPermission');
  });
});
