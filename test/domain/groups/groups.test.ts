import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { deleteGroup } from '../../../src/domain/groups/delete-group.ts';
import { getGroup } from '../../../src/domain/groups/get-group.ts';
import { addUserToGroup, removeUserFromGroup } from '../../../src/domain/groups/group-membership.ts';
import { listGroups } from '../../../src/domain/groups/list-groups.ts';
import { listGroupsForUser } from '../../../src/domain/groups/list-groups-for-user.ts';
import { listUsersForGroup } from '../../../src/domain/groups/list-users-for-group.ts';
import { updateGroup } from '../../../src/domain/groups/update-group.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { getUser } from '../../../src/domain/users/get-user.ts';
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
import { allowing, newPolicy } from '../policies/custom-policy.ts';

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

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const create = (groupName: string, more: object = {}) => as(account.admin, createGroup, { groupName, ...more });
const change = (groupName: string, changes: object) => as(account.admin, updateGroup, { groupName, changes });
const add = (userName: string, groupName: string) => as(account.admin, addUserToGroup, { userName, groupName });
const remove = (userName: string, groupName: string) => as(account.admin, removeUserFromGroup, { userName, groupName });
const groupsOf = async (userName: string) =>
  (await as(account.admin, listGroupsForUser, { userName })).items.map(({ groupName }) => groupName);
const membersOf = async (groupName: string) =>
  (await as(account.admin, listUsersForGroup, { groupName })).items.map(({ userName }) => userName);
const names = async (input: object = {}) =>
  (await as(account.admin, listGroups, input)).items.map(({ groupName }) => groupName);
const revisionOf = async (userName: string) => (await userRow(harness.deps.db, account.accountId, userName))?.revision;

describe('a group', () => {
  test('is made with an id of its own, and read by its name without case', async () => {
    const { group } = await create('Developers', { displayName: 'Devs', comments: 'All of them' });
    expect(group).toMatchObject({ groupName: 'Developers', displayName: 'Devs', comments: 'All of them' });
    expect(group.groupId).toMatch(/^g-[a-z0-9]{16}$/);
    expect(await as(account.admin, getGroup, { groupName: 'DEVELOPERS' })).toEqual(group);
  });

  test('has a name of its own in its account, and only there', async () => {
    await create('developers');
    const error = await refusal(create('Developers'));
    expect([error.code, error.faults]).toMatchObject(['EntityAlreadyExists.Group', [{ pointer: '/groupName' }]]);
    expect(await names()).toEqual(['developers']);
    const other = await newAccount(harness);
    await as(other.admin, createGroup, { groupName: 'developers' });
    expect((await refusal(as(other.admin, getGroup, { groupName: 'Developer' }))).code).toBe('EntityNotExist.Group');
  });

  test.each([
    [{ groupName: '' }, 'InvalidParameter.GroupName.Length'],
    [{ groupName: 'a'.repeat(65) }, 'InvalidParameter.GroupName.Length'],
    [{ groupName: 'a b' }, 'InvalidParameter.GroupName.InvalidChars'],
    [{ groupName: '..' }, 'InvalidParameter.GroupName.InvalidChars'],
    [{ groupName: 'a', displayName: 'x'.repeat(25) }, 'InvalidParameter.DisplayName.Length'],
    [{ groupName: 'a', comments: 'x'.repeat(129) }, 'InvalidParameter.Comments.Length'],
    [{ groupName: 'a', groupId: 'g-1' }, 'InvalidParameter.UnknownField'],
  ])('%j is refused with %s, and nothing is made', async (input, code) => {
    const error = await refusal(as(account.admin, createGroup, input));
    expect(error.faults.map((fault) => fault.code)).toEqual([code]);
    expect(await names()).toEqual([]);
  });

  test('is described; null takes away, what is absent stays', async () => {
    const { group } = await create('developers', { displayName: 'Devs', comments: 'c' });
    const changed = await change('developers', { comments: null, displayName: 'D' });
    expect(changed).toMatchObject({ groupId: group.groupId, displayName: 'D', comments: null });
    expect(await change('developers', {})).toEqual(changed);
  });

  test('keeps members and policies through a rename, and gives none to another group of the old name', async () => {
    await create('developers');
    await add('alice', 'developers');
    await as(account.admin, attachPolicyToGroup, {
      ...{ groupName: 'developers', policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess' },
    });
    const before = (await revisionOf('alice')) ?? 0;
    await change('developers', { groupName: 'engineers' });
    expect(await groupsOf('alice')).toEqual(['engineers']);
    expect(await revisionOf('alice')).toBeGreaterThan(before);
    await as(alice, getUser, { user: { userName: 'admin' } });
    await create('developers');
    expect(await membersOf('developers')).toEqual([]);
  });

  test('is not renamed to a name that is taken, nor to where the caller has no right', async () => {
    await create('developers');
    await create('owners');
    const error = await refusal(change('developers', { groupName: 'OWNERS' }));
    expect([error.code, error.faults]).toMatchObject([
      'EntityAlreadyExists.Group',
      [{ pointer: '/changes/groupName' }],
    ]);
    await newPolicy(harness, account, 'of-developers', allowing('ram:*', 'acs:ram:*:*:group/developers'));
    await as(account.admin, attachPolicyToUser, {
      ...{ userName: 'alice', policyType: 'custom', policyName: 'of-developers' },
    });
    const rename = as(alice, updateGroup, { groupName: 'developers', changes: { groupName: 'mine' } });
    expect((await refusal(rename)).code).toBe('NoPermission');
    await as(alice, updateGroup, { groupName: 'developers', changes: { comments: 'mine' } });
    expect(await names()).toEqual(['developers', 'owners']);
  });

  test('is deleted alone when nothing hangs on it; otherwise every conflict is named at once', async () => {
    await create('developers');
    await add('alice', 'developers');
    await as(account.admin, attachPolicyToGroup, {
      ...{ groupName: 'developers', policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess' },
    });
    const error = await refusal(as(account.admin, deleteGroup, { groupName: 'developers' }));
    expect(error.code).toBe('DeleteConflict.Group');
    expect(error.faults.map(({ code }) => code)).toEqual(['DeleteConflict.Group.User', 'DeleteConflict.Group.Policy']);
    expect(await membersOf('developers')).toEqual(['alice']);
    const before = (await revisionOf('alice')) ?? 0;
    const cascade = { groupName: 'developers', cascade: true };
    expect((await as(account.admin, deleteGroup, cascade)).deletedGroupId).toMatch(/^g-/);
    expect((await as(account.admin, deleteGroup, cascade)).deletedGroupId).toBeUndefined();
    expect(await revisionOf('alice')).toBeGreaterThan(before);
    expect((await refusal(as(alice, getUser, { user: { userName: 'admin' } }))).code).toBe('NoPermission');
    const plain = as(account.admin, deleteGroup, { groupName: 'developers' });
    expect((await refusal(plain)).code).toBe('EntityNotExist.Group');
  });
});

describe('lists', () => {
  test('of groups come page by page in the order of names, and are searched', async () => {
    for (const groupName of ['b', 'C', 'a', 'd_d']) await create(groupName, { comments: `about ${groupName}` });
    const first = await as(account.admin, listGroups, { limit: 3 });
    expect(first.items.map(({ groupName }) => groupName)).toEqual(['a', 'b', 'C']);
    const second = await as(account.admin, listGroups, { limit: 3, cursor: first.nextCursor });
    expect([second.items.map(({ groupName }) => groupName), second.nextCursor]).toEqual([['d_d'], undefined]);
    expect(await names({ q: 'ABOUT C' })).toEqual(['C']);
    expect(await names({ q: '_' })).toEqual(['d_d']);
    const elsewhere = as(account.admin, listGroups, { q: 'b', cursor: first.nextCursor });
    expect((await refusal(elsewhere)).faults).toMatchObject([{ pointer: '/cursor' }]);
  });

  test('of members come page by page, and are searched', async () => {
    await create('developers');
    for (const userName of ['carol', 'Bob']) await newUser(harness.deps.db, account.accountId, userName);
    for (const userName of ['alice', 'carol', 'bob']) await add(userName, 'developers');
    const input = { groupName: 'developers', limit: 2 };
    const first = await as(account.admin, listUsersForGroup, input);
    expect(first.items.map(({ userName }) => userName)).toEqual(['alice', 'Bob']);
    const second = await as(account.admin, listUsersForGroup, { ...input, cursor: first.nextCursor });
    expect(second.items).toMatchObject([{ userName: 'carol', joinedAt: expect.any(Date) as Date }]);
    expect(await as(account.admin, listUsersForGroup, { ...input, q: 'CAR' })).toMatchObject({
      items: [{ userName: 'carol' }],
    });
    await create('owners');
    const elsewhere = as(account.admin, listUsersForGroup, { groupName: 'owners', cursor: first.nextCursor });
    expect((await refusal(elsewhere)).faults).toMatchObject([{ pointer: '/cursor' }]);
  });
});

describe('membership', () => {
  test('is there once however often it is asked for, and gone when it is taken', async () => {
    await create('developers');
    expect(await add('ALICE', 'Developers')).toEqual({ added: true });
    const revision = (await revisionOf('alice')) ?? 0;
    expect(await add('alice', 'developers')).toEqual({ added: false });
    expect(await membersOf('developers')).toEqual(['alice']);
    await remove('alice', 'developers');
    expect(await revisionOf('alice')).toBeGreaterThan(revision);
    expect((await refusal(remove('alice', 'developers'))).code).toBe('EntityNotExist.User.Group');
    expect(await groupsOf('alice')).toEqual([]);
  });

  test('needs a user and a group that are there', async () => {
    await create('developers');
    expect((await refusal(add('nobody', 'developers'))).code).toBe('EntityNotExist.User');
    expect((await refusal(add('alice', 'nothing'))).code).toBe('EntityNotExist.Group');
    expect((await refusal(as(account.admin, listGroupsForUser, { userName: 'nobody' }))).code).toBe(
      'EntityNotExist.User',
    );
  });

  test('needs the right over the user and over the group, and each gets its event', async () => {
    await create('developers');
    for (const [policyName, resource] of [
      ['of-users', 'user/*'],
      ['of-groups', 'group/*'],
    ] as const) {
      await newPolicy(harness, account, policyName, allowing('ram:AddUserToGroup', `acs:ram:*:*:${resource}`));
    }
    const join = () => as(alice, addUserToGroup, { userName: 'alice', groupName: 'developers' });
    const attach = (policyName: string) =>
      as(account.admin, attachPolicyToUser, { userName: 'alice', policyType: 'custom', policyName });
    await attach('of-users');
    expect((await refusal(join())).code).toBe('NoPermission');
    expect(await membersOf('developers')).toEqual([]);
    await attach('of-groups');
    await join();
    const events = await eventsOf(harness.deps.db, account.accountId);
    const resource = `acs:ram:*:${account.accountId}`;
    expect(events.slice(-2)).toMatchObject([
      { action: 'ram:AddUserToGroup', resource: `${resource}:user/alice`, outcome: 'success' },
      { action: 'ram:AddUserToGroup', resource: `${resource}:group/developers`, outcome: 'success' },
    ]);
  });

  test('keeps a user from being deleted without cascade, and ends with the user', async () => {
    await create('developers');
    await add('alice', 'developers');
    const plain = as(account.admin, deleteUser, { user: { userName: 'alice' } });
    expect((await refusal(plain)).faults.map(({ code }) => code)).toContain('DeleteConflict.User.Group');
    await as(account.admin, deleteUser, { user: { userName: 'alice' }, cascade: true });
    expect(await membersOf('developers')).toEqual([]);
  });

  test('does not reach into another account', async () => {
    const other = await newAccount(harness);
    await as(other.admin, createGroup, { groupName: 'theirs' });
    expect((await refusal(add('alice', 'theirs'))).code).toBe('EntityNotExist.Group');
    expect((await as(other.admin, listUsersForGroup, { groupName: 'theirs' })).items).toEqual([]);
  });
});
