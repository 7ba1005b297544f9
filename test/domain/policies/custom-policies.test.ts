import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createGroup } from '../../../src/domain/groups/create-group.ts';
import { addUserToGroup } from '../../../src/domain/groups/group-membership.ts';
import { type Operation, performOperation } from '../../../src/domain/operation.ts';
import { createPolicyVersion } from '../../../src/domain/policies/change-policy-versions.ts';
import { createPolicy } from '../../../src/domain/policies/create-policy.ts';
import { deletePolicy } from '../../../src/domain/policies/delete-policy.ts';
import { getPolicy } from '../../../src/domain/policies/get-policy.ts';
import { attachPolicyToGroup } from '../../../src/domain/policies/group-policy-operations.ts';
import { listEntitiesForPolicy } from '../../../src/domain/policies/list-entities-for-policy.ts';
import { listPolicies } from '../../../src/domain/policies/list-policies.ts';
import { updatePolicyDescription } from '../../../src/domain/policies/update-policy-description.ts';
import { attachPolicyToUser, detachPolicyFromUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { getUser } from '../../../src/domain/users/get-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import {
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
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
});
afterAll(() => harness.close());

const as = <Input, Prepared, Output>(caller: Caller, operation: Operation<Input, Prepared, Output>, input: unknown) =>
  performOperation(harness.deps, caller, operation, input);
const custom = (policyName: string) => ({ policyType: 'custom', policyName });
const create = (policyName: string, policyDocument?: unknown) =>
  newPolicy(harness, account, policyName, policyDocument);
const attach = (policyName: string, userName = 'alice') =>
  as(account.admin, attachPolicyToUser, { userName, ...custom(policyName) });
const read = (policyName: string, policyType = 'custom') => as(account.admin, getPolicy, { policyType, policyName });
const names = async (input: object = {}, caller = account.admin) =>
  (await as(caller, listPolicies, input)).items.map(({ policyName }) => policyName);
const seesAdmin = (caller: Caller) => as(caller, getUser, { user: { userName: 'admin' } });
const revisionOf = async (userName: string) =>
  (await userRow(harness.deps.db, account.accountId, userName))?.revision ?? 0;

describe('a custom policy', () => {
  test('is made with its first version, and read with its document by its name without case', async () => {
    const policyDocument = allowing('ram:Get*');
    const { policy } = await as(account.admin, createPolicy, {
      ...{ policyName: 'Readers', description: 'See all', policyDocument },
    });
    expect(policy).toMatchObject({
      ...{ policyType: 'custom', policyName: 'Readers', description: 'See all', defaultVersionId: 'v1' },
      attachmentCount: 0,
    });
    expect(await read('READERS')).toEqual({ ...policy, policyDocument });
  });

  test('counts for whoever has it, and for nobody once it is gone', async () => {
    await create('readers', allowing('ram:GetUser'));
    expect((await refusal(seesAdmin(alice))).code).toBe('NoPermission');
    const before = await revisionOf('alice');
    await attach('READERS');
    await seesAdmin(alice);
    expect(await revisionOf('alice')).toBeGreaterThan(before);
    await as(account.admin, detachPolicyFromUser, { userName: 'alice', ...custom('readers') });
    expect((await refusal(seesAdmin(alice))).code).toBe('NoPermission');
  });

  test('made anew under the name of a deleted one does not come to those who had the old one', async () => {
    await create('readers');
    await attach('readers');
    await as(account.admin, deletePolicy, { ...custom('readers'), cascade: true });
    await create('readers');
    expect((await refusal(seesAdmin(alice))).code).toBe('NoPermission');
    await attach('readers');
    await as(account.admin, deletePolicy, { ...custom('readers'), cascade: true });
    await create('readers', allowing('ram:ListUsers'));
    await attach('readers');
    expect((await refusal(seesAdmin(alice))).code).toBe('NoPermission');
  });

  test('has a name of its own in its account, system policies included', async () => {
    await create('readers');
    for (const policyName of ['Readers', 'administratoraccess', 'PlatformAdministratorAccess']) {
      const error = await refusal(create(policyName));
      expect([error.code, error.faults]).toMatchObject(['EntityAlreadyExists.Policy', [{ pointer: '/policyName' }]]);
    }
    expect(await names({ policyType: 'custom' })).toEqual(['readers']);
    await newPolicy(harness, await newAccount(harness), 'readers');
  });

  test.each([
    [{ policyName: 'a b' }, ['InvalidParameter.PolicyName.InvalidChars']],
    [{ policyName: '' }, ['InvalidParameter.PolicyName.Length']],
    [{ policyName: 'a'.repeat(129) }, ['InvalidParameter.PolicyName.Length']],
    [{ description: '' }, ['InvalidParameter.Description.Length']],
    [{ description: 'x'.repeat(1025) }, ['InvalidParameter.Description.Length']],
    [{ policyDocument: {} }, ['MalformedPolicyDocument', 'MalformedPolicyDocument']],
    [
      { policyDocument: allowing('ram:Get*', `acs:ram:*:*:user/${'x'.repeat(6144)}`) },
      ['InvalidParameter.PolicyDocument.Length'],
    ],
    [{ policyDocument: allowing('postern:*', 'acs:postern:*') }, ['MalformedPolicyDocument']],
    [{ policyDocument: allowing('POSTERN:CreateAccount') }, ['MalformedPolicyDocument']],
  ])('%j is refused, and nothing is made', async (wrong, codes) => {
    const input = { policyName: 'readers', policyDocument: allowing('ram:Get*'), ...wrong };
    const error = await refusal(as(account.admin, createPolicy, input));
    expect(error.faults.map(({ code }) => code)).toEqual(codes);
    expect(await names({ policyType: 'custom' })).toEqual([]);
  });

  test('is refused with every fault of its document at its place', async () => {
    const policyDocument = documentOf({ Effect: 'Maybe' }, { NotAction: 'x', Resource: 'here' });
    const error = await refusal(create('readers', policyDocument));
    expect(error.faults.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/policyDocument/Statement/0/Effect',
      '/policyDocument/Statement/1/NotAction',
      '/policyDocument/Statement/1/Resource',
    ]);
  });

  test('never reaches the platform, not even by everything on everything in the platform account', async () => {
    account = await newAccount(harness, { isPlatform: true });
    alice = await newUser(harness.deps.db, account.accountId, 'alice');
    await create('all', allowing('*'));
    await attach('all');
    const input = { userName: 'alice', policyType: 'system', policyName: 'PlatformAdministratorAccess' };
    expect((await refusal(as(alice, attachPolicyToUser, input))).code).toBe('NoPermission');
    await attach('all', 'admin');
  });

  test('is described, and nothing else is changed by that', async () => {
    await create('readers');
    const describe_ = (changes: object) =>
      as(account.admin, updatePolicyDescription, { ...custom('readers'), changes });
    expect((await describe_({ description: 'See' })).description).toBe('See');
    expect((await describe_({})).description).toBe('See');
    expect((await describe_({ description: null })).description).toBeNull();
    expect((await refusal(describe_({ policyName: 'other' }))).code).toBe('InvalidParameter');
    const system = { policyType: 'system', policyName: 'AdministratorAccess', changes: { description: 'x' } };
    expect((await refusal(as(account.admin, updatePolicyDescription, system))).faults).toMatchObject([
      { pointer: '/policyType' },
    ]);
  });
});

describe('deleting a policy', () => {
  beforeEach(async () => {
    await create('readers');
  });

  test('is refused with every conflict at once; with cascade it takes all along, and holds at once', async () => {
    await attach('readers');
    await as(account.admin, createGroup, { groupName: 'staff' });
    await as(account.admin, attachPolicyToGroup, { groupName: 'staff', ...custom('readers') });
    const bob = await newUser(harness.deps.db, account.accountId, 'bob');
    await as(account.admin, addUserToGroup, { userName: 'bob', groupName: 'staff' });
    await as(account.admin, createPolicyVersion, { ...custom('readers'), policyDocument: allowing('ram:*') });
    await seesAdmin(bob);
    const error = await refusal(as(account.admin, deletePolicy, custom('readers')));
    expect(error.code).toBe('DeleteConflict.Policy');
    expect(error.faults.map(({ code }) => code)).toEqual(
      ['User', 'Group', 'Version'].map((what) => `DeleteConflict.Policy.${what}`),
    );
    await seesAdmin(alice);
    const before = [await revisionOf('alice'), await revisionOf('bob')] as const;
    const cascade = { ...custom('readers'), cascade: true };
    expect(await as(account.admin, deletePolicy, cascade)).toEqual({ deleted: true });
    for (const caller of [alice, bob]) expect((await refusal(seesAdmin(caller))).code).toBe('NoPermission');
    expect(await revisionOf('alice')).toBeGreaterThan(before[0]);
    expect(await revisionOf('bob')).toBeGreaterThan(before[1]);
    expect(await as(account.admin, deletePolicy, cascade)).toEqual({ deleted: false });
    expect((await refusal(as(account.admin, deletePolicy, custom('readers')))).code).toBe('EntityNotExist.Policy');
    expect((await refusal(read('readers'))).code).toBe('EntityNotExist.Policy');
  });

  test('is done without cascade when nothing hangs on it', async () => {
    await as(account.admin, deletePolicy, custom('Readers'));
    expect(await names({ policyType: 'custom' })).toEqual([]);
  });

  test('does not reach another account, nor a policy of the product', async () => {
    const other = await newAccount(harness);
    await as(other.admin, deletePolicy, { ...custom('readers'), cascade: true });
    await read('readers');
    const system = { policyType: 'system', policyName: 'AdministratorAccess', cascade: true };
    expect((await refusal(as(account.admin, deletePolicy, system))).code).toBe('InvalidParameter');
  });
});

describe('policies of the product', () => {
  test('are read like others, with their document', async () => {
    expect(await read('administratoraccess', 'system')).toMatchObject({
      ...{ policyType: 'system', policyName: 'AdministratorAccess', defaultVersionId: 'v1', attachmentCount: 1 },
      ...{ createdAt: null, policyDocument: { Statement: [{ Action: ['*'] }] } },
    });
    expect((await refusal(read('Nothing', 'system'))).code).toBe('EntityNotExist.Policy');
  });

  test('over the platform are seen in the platform account alone', async () => {
    expect((await refusal(read('PlatformAdministratorAccess', 'system'))).code).toBe('EntityNotExist.Policy');
    expect(await names()).not.toContain('PlatformAdministratorAccess');
    const platform = await newAccount(harness, { isPlatform: true });
    expect(await names({}, platform.admin)).toContain('PlatformAdministratorAccess');
    await as(platform.admin, getPolicy, { policyType: 'system', policyName: 'PlatformAdministratorAccess' });
  });
});

describe('the list of policies', () => {
  test('has the own ones first, each with its attachments, and comes page by page without a gap', async () => {
    for (const policyName of ['zebra', 'Alpha']) await create(policyName);
    await attach('alpha');
    const all = await names();
    expect(all.slice(0, 2)).toEqual(['Alpha', 'zebra']);
    expect(all).toContain('AdministratorAccess');
    for (const limit of [1, 2, 3]) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await as(account.admin, listPolicies, { limit, cursor });
        paged.push(...page.items.map(({ policyName }) => policyName));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(paged).toEqual(all);
    }
    const { items } = await as(account.admin, listPolicies, {});
    expect(items.filter(({ attachmentCount }) => attachmentCount > 0)).toMatchObject([
      { policyName: 'Alpha', attachmentCount: 1 },
      { policyName: 'AdministratorAccess', attachmentCount: 1 },
    ]);
  });

  test('is filtered by type and searched by name and description', async () => {
    await create('zebra');
    await as(account.admin, updatePolicyDescription, {
      ...custom('zebra'),
      changes: { description: 'Striped ReadOnly' },
    });
    expect(await names({ policyType: 'custom' })).toEqual(['zebra']);
    expect(await names({ policyType: 'system' })).not.toContain('zebra');
    expect(await names({ q: 'READONLY' })).toEqual(['zebra', 'AliyunRAMReadOnlyAccess']);
    const page = await as(account.admin, listPolicies, { limit: 1 });
    const elsewhere = as(account.admin, listPolicies, { policyType: 'system', cursor: page.nextCursor });
    expect((await refusal(elsewhere)).faults).toMatchObject([{ pointer: '/cursor' }]);
  });

  test('shows nothing of another account', async () => {
    await create('ours');
    const other = await newAccount(harness);
    expect(await names({ policyType: 'custom' }, other.admin)).toEqual([]);
    expect((await refusal(as(other.admin, getPolicy, custom('ours')))).code).toBe('EntityNotExist.Policy');
  });
});

describe('the entities of a policy', () => {
  const entities = async (input: object) =>
    (await as(account.admin, listEntitiesForPolicy, input)).items.map(
      ({ entityType, name }) => `${entityType} ${name}`,
    );

  test('are its groups and users, page by page, with the names that they have now', async () => {
    await create('readers');
    await newUser(harness.deps.db, account.accountId, 'Bob');
    for (const userName of ['bob', 'alice']) await attach('readers', userName);
    await as(account.admin, createGroup, { groupName: 'staff' });
    await as(account.admin, attachPolicyToGroup, { groupName: 'staff', ...custom('readers') });
    expect(await entities(custom('READERS'))).toEqual(['group staff', 'user alice', 'user Bob']);
    const first = await as(account.admin, listEntitiesForPolicy, { ...custom('readers'), limit: 2 });
    expect(await entities({ ...custom('readers'), limit: 2, cursor: first.nextCursor })).toEqual(['user Bob']);
    expect(await entities({ ...custom('readers'), entityType: 'group' })).toEqual(['group staff']);
    await as(account.admin, updateUser, { user: { userName: 'bob' }, changes: { userName: 'aaron' } });
    expect(await entities({ ...custom('readers'), entityType: 'user' })).toEqual(['user aaron', 'user alice']);
    expect((await read('readers')).attachmentCount).toBe(3);
  });

  test('of a policy of the product are those of the own account', async () => {
    await newAccount(harness);
    const system = { policyType: 'system', policyName: 'AdministratorAccess' };
    expect(await entities(system)).toEqual(['user admin']);
  });
});
