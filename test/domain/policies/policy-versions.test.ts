import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  setDefaultPolicyVersion,
} from '../../../src/domain/policies/change-policy-versions.ts';
import { getPolicy } from '../../../src/domain/policies/get-policy.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { getPolicyVersion, listPolicyVersions } from '../../../src/domain/policies/read-policy-versions.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { getUser } from '../../../src/domain/users/get-user.ts';
import {
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
import { allowing, newPolicy } from './custom-policy.ts';

const readers = { policyType: 'custom', policyName: 'readers' };
const nothing = allowing('ram:ListGroups');

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  await newPolicy(harness, account, 'readers', allowing('ram:GetUser'));
});
afterAll(() => harness.close());

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const add = (more: object = {}) =>
  as(account.admin, createPolicyVersion, { ...readers, policyDocument: nothing, ...more });
const use = (versionId: string) => as(account.admin, setDefaultPolicyVersion, { ...readers, versionId });
const remove = (versionId: string) => as(account.admin, deletePolicyVersion, { ...readers, versionId });
const seesAdmin = () => as(alice, getUser, { user: { userName: 'admin' } });
const versions = async () =>
  (await as(account.admin, listPolicyVersions, readers)).items.map(
    ({ versionId, isDefaultVersion }) => `${versionId}${isDefaultVersion ? '*' : ''}`,
  );

describe('a version', () => {
  test('counts from the moment it is the default, for users and members of groups, and its holders are touched', async () => {
    const bob = await newUser(harness.deps.db, account.accountId, 'bob');
    await as(account.admin, attachPolicyToUser, { userName: 'alice', ...readers });
    await as(account.admin, createGroup, { groupName: 'staff' });
    await as(account.admin, attachPolicyToGroup, { groupName: 'staff', ...readers });
    await as(account.admin, addUserToGroup, { userName: 'bob', groupName: 'staff' });
    const revisions = async () =>
      Promise.all(
        ['alice', 'bob'].map(async (name) => (await userRow(harness.deps.db, account.accountId, name))?.revision ?? 0),
      );
    const [before] = [await revisions()];
    expect((await add()).version).toMatchObject({ versionId: 'v2', isDefaultVersion: false, policyDocument: nothing });
    await seesAdmin();
    expect(await revisions()).toEqual(before);
    await use('v2');
    for (const caller of [alice, bob])
      expect((await refusal(as(caller, getUser, { user: { userName: 'admin' } }))).code).toBe('NoPermission');
    const after = await revisions();
    for (const [index, revision] of after.entries()) expect(revision).toBeGreaterThan(before[index] ?? 0);
    await use('v1');
    await seesAdmin();
  });

  test('is made the default at once where that is asked for', async () => {
    await as(account.admin, attachPolicyToUser, { userName: 'alice', ...readers });
    expect((await add({ setAsDefault: true })).version.isDefaultVersion).toBe(true);
    expect((await refusal(seesAdmin())).code).toBe('NoPermission');
    expect(await versions()).toEqual(['v2*', 'v1']);
    expect((await as(account.admin, getPolicy, readers)).policyDocument).toEqual(nothing);
  });

  test('is read alone, and is missed where it is not', async () => {
    await add();
    expect(await as(account.admin, getPolicyVersion, { ...readers, versionId: 'v2' })).toMatchObject({
      ...{ versionId: 'v2', isDefaultVersion: false, policyDocument: nothing },
    });
    for (const [operation, versionId] of [
      [getPolicyVersion, 'v9'],
      [setDefaultPolicyVersion, 'v9'],
      [deletePolicyVersion, 'v9'],
    ] as const) {
      const attempt = as(account.admin, operation as typeof getPolicyVersion, { ...readers, versionId });
      expect((await refusal(attempt)).code).toBe('EntityNotExist.Policy.Version');
    }
    for (const versionId of ['2', 'v0', 'v', 'latest'])
      expect((await refusal(remove(versionId))).faults).toMatchObject([{ code: 'InvalidParameter.VersionId.Format' }]);
    expect(await versions()).toEqual(['v2', 'v1*']);
  });

  test('of a policy of the product is the one', async () => {
    const system = { policyType: 'system', policyName: 'AdministratorAccess' };
    const { items } = await as(account.admin, listPolicyVersions, system);
    expect(items).toMatchObject([{ versionId: 'v1', isDefaultVersion: true, createdAt: null }]);
    expect(await as(account.admin, getPolicyVersion, { ...system, versionId: 'v1' })).toEqual(items[0]);
    const second = as(account.admin, getPolicyVersion, { ...system, versionId: 'v2' });
    expect((await refusal(second)).code).toBe('EntityNotExist.Policy.Version');
    const attempt = as(account.admin, createPolicyVersion, { ...system, policyDocument: nothing });
    expect((await refusal(attempt)).faults).toMatchObject([{ pointer: '/policyType' }]);
  });
});

describe('deleting a version', () => {
  test('spares the default one', async () => {
    await add();
    expect((await refusal(remove('v1'))).code).toBe('DeleteConflict.Policy.Version.Default');
    await remove('v2');
    expect(await versions()).toEqual(['v1*']);
  });

  test('does not free its number', async () => {
    await add();
    await remove('v2');
    expect((await add()).version.versionId).toBe('v3');
  });
});

describe('the limit on versions', () => {
  test('is five', async () => {
    for (let count = 0; count < 4; count += 1) await add();
    expect((await refusal(add())).code).toBe('LimitExceeded.Policy.Version');
    expect(await versions()).toEqual(['v5', 'v4', 'v3', 'v2', 'v1*']);
  });

  test('lets the oldest go that is not the default, where that is asked for', async () => {
    const rotateStrategy = 'DeleteOldestNonDefaultVersionWhenLimitExceeded';
    for (let count = 0; count < 4; count += 1) await add({ rotateStrategy });
    expect(await add({ rotateStrategy, setAsDefault: true })).toMatchObject({ deletedVersionId: 'v2' });
    expect(await versions()).toEqual(['v6*', 'v5', 'v4', 'v3', 'v1']);
    await add({ rotateStrategy });
    expect(await versions()).toEqual(['v7', 'v6*', 'v5', 'v4', 'v3']);
  });
});
