import { hash as hashBcrypt } from '@node-rs/bcrypt';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadLogonSettings } from '../../../src/domain/accounts/logon-settings.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { verifyLogonPassword } from '../../../src/domain/logon/verify-logon-password.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createPolicy } from '../../../src/domain/policies/create-policy.ts';
import { attachPolicyToUser } from '../../../src/domain/policies/user-policy-operations.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import {
  eventsOf,
  type Harness,
  loginProfileOf,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let imported: string;
const password = 'brought along words';

beforeAll(async () => {
  harness = await openHarness();
  imported = (await hashBcrypt(password, 4)).replace(/^\$2b/, '$2y');
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const create = (consoleLogon: unknown, caller: Caller = account.admin) =>
  performOperation(harness.deps, caller, createUser, {
    users: [{ userName: 'alice', displayName: 'Alice', consoleLogon }],
  });
const alice = async () => await userRow(harness.deps.db, account.accountId, 'alice');
const profile = async () => await loginProfileOf(harness.deps.db, (await alice())?.userId ?? '');
const logOn = async (typed: string) => {
  const verdict = await verifyLogonPassword(harness.deps, {
    ...{ accountId: account.accountId, typedName: 'alice', userName: 'alice', password: typed },
    settings: await loadLogonSettings(harness.deps.db, account.accountId),
    ...{ sourceIp: '192.0.2.1', requestId: 'request-1' },
  });
  if (verdict.outcome === 'accepted') await verdict.noted;
  return verdict;
};

test('a hash of another system is taken over: its user logs on with the password they have, and need not change it', async () => {
  const { items } = await create({ passwordHash: imported });
  expect(items[0]?.initialPassword).toBeUndefined();
  expect(await profile()).toMatchObject({ passwordHash: imported, resetRequired: false, expiresInDays: null });
  expect((await logOn('another password')).outcome).toBe('refused');
  expect(await profile()).toMatchObject({ passwordHash: imported });
  expect((await logOn(password)).outcome).toBe('accepted');
});

test('at the first logon the hash is replaced by one of ours, and nothing else of the profile changes', async () => {
  await create({ passwordHash: imported });
  const [before, user] = [await profile(), await alice()];
  await logOn(password);
  const after = await profile();
  expect(after?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect({ ...after, passwordHash: '' }).toEqual({ ...before, passwordHash: '' });
  expect((await alice())?.epoch).toBe(user?.epoch);
  expect((await logOn(password)).outcome).toBe('accepted');
  expect((await profile())?.passwordHash).toBe(after?.passwordHash);
});

test('a logon that races a new password never brings the old one back', async () => {
  await create({ passwordHash: imported });
  const put = performOperation(harness.deps, account.admin, putLoginProfile, {
    userName: 'alice',
    profile: { password: 'quite another password' },
  });
  await Promise.all([put, ...Array.from({ length: 5 }, () => logOn(password))]);
  expect((await logOn(password)).outcome).toBe('refused');
  expect((await logOn('quite another password')).outcome).toBe('accepted');
});

test('a reset can be asked for all the same, and the password does not die of waiting', async () => {
  await create({ passwordHash: imported, resetRequired: true });
  expect(await profile()).toMatchObject({ resetRequired: true, expiresInDays: null });
});

test.each([
  [
    'a hash that would stall the server',
    { passwordHash: `$2b$31$${'C'.repeat(53)}` },
    'InvalidParameter.PasswordHash.Format',
  ],
  ['a password in place of a hash', { passwordHash: password }, 'InvalidParameter.PasswordHash.Format'],
  [
    'a hash beside a password',
    { passwordHash: `$2b$10$${'C'.repeat(53)}`, password },
    'InvalidParameter.PasswordHash.Conflict',
  ],
  ['a text without end', { passwordHash: 'x'.repeat(600) }, 'InvalidParameter.PasswordHash.Length'],
])('%s is refused, and nobody is created', async (_case, consoleLogon, code) => {
  const error = await refusal(create(consoleLogon));
  expect(error.code).toBe('InvalidParameter');
  expect(error.faults.map((fault) => fault.code)).toContain(code);
  expect(JSON.stringify(error.faults)).not.toContain(consoleLogon.passwordHash);
  expect(await alice()).toBeUndefined();
});

test('who may create users with passwords may not for that take over hashes', async () => {
  const caller = await newUser(harness.deps.db, account.accountId, 'creator');
  const allow = async (policyName: string, ...actions: string[]) => {
    const policyDocument = { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
    await performOperation(harness.deps, account.admin, createPolicy, { policyName, policyDocument });
    await performOperation(harness.deps, account.admin, attachPolicyToUser, {
      ...{ userName: 'creator', policyType: 'custom', policyName },
    });
  };
  await allow('creates', 'ram:CreateUser', 'ram:CreateLoginProfile');
  expect((await refusal(create({ passwordHash: imported }, caller))).code).toBe('NoPermission');
  expect(await alice()).toBeUndefined();
  await allow('imports', 'ram:ImportPasswordHash');
  await create({ passwordHash: imported }, caller);
});

test('the audit log tells that a hash was taken over, and not which', async () => {
  await create({ passwordHash: imported });
  const told = await eventsOf(harness.deps.db, account.accountId);
  expect(told).toMatchObject([{ action: 'ram:CreateUser', details: { passwordImported: true } }]);
  expect(JSON.stringify(told)).not.toContain(imported);
});
