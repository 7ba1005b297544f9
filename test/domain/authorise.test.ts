import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newPrefixedId } from '../../src/crypto/random-ids.ts';
import { saveAccountSettings } from '../../src/domain/accounts/account-settings-store.ts';
import { authorise, requireAccess } from '../../src/domain/authorise.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { type Operation, performCall } from '../../src/domain/operation.ts';
import type { PolicyDocument } from '../../src/domain/policies/policy-document.ts';
import { loadRights } from '../../src/domain/policies/statements-store.ts';
import { targetIsAdministrator } from '../../src/domain/policies/target.ts';
import { insertUserPolicy } from '../../src/domain/policies/user-policies-store.ts';
import { updateUser } from '../../src/domain/users/users-store.ts';
import { groupMembers, groups } from '../../src/storage/db/schema/groups.ts';
import { policies, policyVersions } from '../../src/storage/db/schema/policies.ts';
import { groupPolicies } from '../../src/storage/db/schema/policy-attachments.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from './operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;

beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});

const document = (...statements: PolicyDocument['Statement']): PolicyDocument => ({
  Version: '1',
  Statement: statements,
});
const resourceOf = (name: string): string => `acs:ram:*:${account.accountId}:${name}`;
const as = (caller: Caller) => ({ ...harness.deps, caller });
const mayRead = (caller: Caller) =>
  requireAccess(as(caller), [{ action: 'ram:GetUser', resource: resourceOf('user/bob') }]);

async function writePolicy(policyName: string, versions: readonly PolicyDocument[], defaultVersionId = 'v1') {
  const { accountId } = account;
  const key = { accountId, policyNameKey: policyName.toLowerCase() };
  await harness.deps.db
    .insert(policies)
    .values({ ...key, policyName, defaultVersionId, latestVersion: versions.length });
  await harness.deps.db
    .insert(policyVersions)
    .values(versions.map((one, at) => ({ ...key, versionId: `v${at + 1}`, document: JSON.stringify(one) })));
}

async function writeGroup(
  groupName: string,
  members: readonly Caller[],
  policyName: string,
  policyType: 'system' | 'custom',
) {
  const { accountId } = account;
  const groupId = newPrefixedId('g');
  await harness.deps.db.insert(groups).values({ groupId, accountId, groupName, groupNameKey: groupName.toLowerCase() });
  if (members.length > 0)
    await harness.deps.db.insert(groupMembers).values(members.map(({ userId }) => ({ accountId, groupId, userId })));
  await harness.deps.db.insert(groupPolicies).values({ accountId, groupId, policyType, policyName });
  return groupId;
}

const attach = (caller: Caller, policyName: string, policyType: 'system' | 'custom' = 'custom') =>
  insertUserPolicy(harness.deps.db, { accountId: account.accountId, userId: caller.userId, policyType, policyName });

describe('rights', () => {
  test('without any policy nothing is allowed', async () => {
    expect((await refusal(mayRead(alice))).code).toBe('NoPermission');
  });

  test('come from custom policies, in their default version alone', async () => {
    const allow = document({ Effect: 'Allow', Action: 'ram:GetUser', Resource: '*' });
    const deny = document({ Effect: 'Deny', Action: '*', Resource: '*' });
    await writePolicy('Reading', [allow, deny]);
    await attach(alice, 'Reading');
    await expect(mayRead(alice)).resolves.toBeUndefined();
    await harness.deps.db.update(policies).set({ defaultVersionId: 'v2' });
    expect((await refusal(mayRead(alice))).code).toBe('NoPermission');
  });

  test('come through groups, named in what a decision rests on, and go with the membership', async () => {
    const groupId = await writeGroup('Auditors', [alice], 'AliyunRAMReadOnlyAccess', 'system');
    await expect(mayRead(alice)).resolves.toBeUndefined();
    const { statements } = await loadRights(harness.deps, alice);
    expect(statements.map(({ source }) => source)).toEqual([
      { policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess', through: 'Auditors' },
    ]);
    await harness.deps.db.delete(groupMembers);
    expect(groupId).toMatch(/^g/);
    expect((await refusal(mayRead(alice))).code).toBe('NoPermission');
  });

  test('a policy of the same name in another account gives nothing', async () => {
    await writePolicy('Reading', [document({ Effect: 'Allow', Action: '*', Resource: '*' })]);
    account = await newAccount(harness);
    const carol = await newUser(harness.deps.db, account.accountId, 'carol');
    await attach(carol, 'Reading');
    expect((await refusal(mayRead(carol))).code).toBe('NoPermission');
  });

  test('a policy made anew under the name of a deleted one never decides by the old document', async () => {
    await writePolicy('Reading', [document({ Effect: 'Allow', Action: '*', Resource: '*' })]);
    await attach(alice, 'Reading');
    await mayRead(alice);
    await harness.deps.db.delete(policies);
    await writePolicy('Reading', [document({ Effect: 'Allow', Action: 'ram:ListUsers', Resource: '*' })]);
    expect((await refusal(mayRead(alice))).code).toBe('NoPermission');
  });

  test('of a frozen user are none, but are told as what they would be', async () => {
    await updateUser(harness.deps.db, account.admin.userId, { status: 'frozen' });
    const rights = await loadRights(harness.deps, account.admin);
    expect(rights.active).toBe(false);
    expect(rights.statements).toHaveLength(1);
    expect((await refusal(mayRead(account.admin))).code).toBe('NoPermission');
  });

  test('conditions see how the caller came', async () => {
    const fromInside = { IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } };
    await writePolicy('Inside', [document({ Effect: 'Allow', Action: '*', Resource: '*', Condition: fromInside })]);
    await attach(alice, 'Inside');
    await expect(mayRead({ ...alice, sourceIp: '10.1.2.3' })).resolves.toBeUndefined();
    expect((await refusal(mayRead({ ...alice, sourceIp: '192.0.2.1' }))).code).toBe('NoPermission');
    expect((await refusal(mayRead({ ...alice, sourceIp: undefined }))).code).toBe('NoPermission');
  });
});

describe('self-service', () => {
  const own = () => [{ action: 'ram:CreateAccessKey', resource: resourceOf('user/alice') }];

  test('is open where the account’s preference opens it, and closed by default', async () => {
    const attempt = () => authorise(as(alice), own(), 'allowUserToManageAccessKeys');
    expect((await refusal(attempt())).code).toBe('NoPermission');
    const { db } = harness.deps;
    await saveAccountSettings(db, account.accountId, { securityPreferences: { allowUserToManageAccessKeys: true } });
    await expect(attempt()).resolves.toBeUndefined();
  });

  test('is closed by an explicit Deny, whatever the preference', async () => {
    await writePolicy('NoKeys', [document({ Effect: 'Deny', Action: 'ram:*AccessKey*', Resource: '*' })]);
    await attach(alice, 'NoKeys');
    expect((await refusal(authorise(as(alice), own(), true))).code).toBe('NoPermission');
  });
});

describe('the target of an access', () => {
  const isAdministrator = (name: string) =>
    targetIsAdministrator(harness.deps, { accountId: account.accountId, userId: 'nobody' }, resourceOf(name));

  test('is an administrator by a policy of its own, by one of a group, and while frozen', async () => {
    const bob = await newUser(harness.deps.db, account.accountId, 'bob');
    await writeGroup('Admins', [bob], 'AdministratorAccess', 'system');
    expect(await isAdministrator('user/admin')).toBe(true);
    expect(await isAdministrator('user/BOB')).toBe(true);
    expect(await isAdministrator('group/admins')).toBe(true);
    expect(await isAdministrator('user/alice')).toBe(false);
    await updateUser(harness.deps.db, bob.userId, { status: 'frozen' });
    expect(await isAdministrator('user/bob')).toBe(true);
  });

  test('is not one by what they may do to themselves alone', async () => {
    await writePolicy('OwnKeys', [
      document({ Effect: 'Allow', Action: 'ram:CreateAccessKey', Resource: resourceOf('user/alice') }),
    ]);
    await attach(alice, 'OwnKeys');
    expect(await isAdministrator('user/alice')).toBe(false);
    expect(await isAdministrator('policy/OwnKeys')).toBe(true);
  });

  test('is unknown for names that nobody has', async () => {
    for (const name of ['user/nobody', 'group/nobody', 'policy/nothing', 'user/*', 'application/app_1'])
      expect(await isAdministrator(name)).toBeUndefined();
  });

  test('is a policy too, system ones included', async () => {
    const system = (name: string, owner = 'system') =>
      targetIsAdministrator(
        harness.deps,
        { accountId: account.accountId, userId: 'nobody' },
        `acs:ram:*:${owner}:policy/${name}`,
      );
    expect(await system('AdministratorAccess')).toBe(true);
    expect(await system('PlatformAdministratorAccess')).toBe(true);
    expect(await system('administratoraccess', 'SYSTEM')).toBe(true);
    expect(await system('AliyunRAMReadOnlyAccess')).toBe(false);
  });

  test('keeps a help desk from administrators, groups of them included', async () => {
    const helper = await newUser(harness.deps.db, account.accountId, 'helper', ['PosternHelpDeskAccess']);
    const bob = await newUser(harness.deps.db, account.accountId, 'bob');
    const reset = (name: string) =>
      requireAccess(as(helper), [{ action: 'ram:UpdateLoginProfile', resource: resourceOf(`user/${name}`) }]);
    await expect(reset('alice')).resolves.toBeUndefined();
    await expect(reset('bob')).resolves.toBeUndefined();
    await writeGroup('Admins', [bob], 'AdministratorAccess', 'system');
    for (const name of ['admin', 'bob']) expect((await refusal(reset(name))).code).toBe('NoPermission');
  });

  test('is nobody’s own: a help desk may end its own sessions, and gains nothing over itself', async () => {
    const helper = await newUser(harness.deps.db, account.accountId, 'helper', ['PosternHelpDeskAccess']);
    const own = (action: string) => [{ action, resource: resourceOf('user/helper') }];
    await expect(authorise(as(helper), own('ram:DeleteSession'), true)).resolves.toBeUndefined();
    for (const action of [
      'ram:UpdateLoginProfile',
      'ram:AttachPolicyToUser',
      'ram:AddUserToGroup',
      'ram:UnbindMFADevice',
    ])
      expect((await refusal(requireAccess(as(helper), own(action)))).code).toBe('NoPermission');
  });
});

describe('what a surface adds inside the transaction', () => {
  const note: Operation<{ text: string }, undefined, string> = {
    name: 'Note',
    action: 'ram:Note',
    effect: 'change',
    input: z.strictObject({ text: z.string() }),
    resource: () => resourceOf('user/alice'),
    perform: async ({ db }, { text }) => {
      await updateUser(db, alice.userId, { comments: text });
      return text;
    },
  };

  test('comes after authorisation and undoes the change by throwing', async () => {
    const seen: string[] = [];
    const call = (caller: Caller) =>
      performCall(harness.deps, note, {
        caller,
        rawInput: { text: 'hello' },
        around: async (_context, act) => {
          seen.push(await act());
          throw new Error('no');
        },
      });
    expect((await refusal(call(alice))).code).toBe('NoPermission');
    expect(seen).toEqual([]);
    await expect(call(account.admin)).rejects.toThrow('no');
    expect(seen).toEqual(['hello']);
    const told = await eventsOf(harness.deps.db, account.accountId);
    expect(told.map(({ action, outcome }) => [action, outcome])).toEqual([['ram:Note', 'refused']]);
  });
});
