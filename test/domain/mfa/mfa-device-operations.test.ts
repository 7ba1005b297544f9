import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { bindTotp, verifyRecoveryCode } from '../../../src/domain/mfa/mfa.ts';
import { deleteMfaDevice, deleteMfaDevices, listMfaDevices } from '../../../src/domain/mfa/mfa-device-operations.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
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

let harness: Harness;
let account: TestAccount;
let alice: Caller;
const secret = newTotpSecret();
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});

const bind = (user: Caller = alice) => bindTotp(harness.deps, user, { secret, provedStep: 1 });
const list = (caller: Caller = account.admin, userName = 'alice') =>
  performOperation(harness.deps, caller, listMfaDevices, { userName });
const remove = (mfaDeviceId: string, caller: Caller = account.admin, userName = 'alice') =>
  performOperation(harness.deps, caller, deleteMfaDevice, { userName, mfaDeviceId });
const reset = (caller: Caller = account.admin, userName = 'alice') =>
  performOperation(harness.deps, caller, deleteMfaDevices, { userName });
const epochOf = async (userName = 'alice') =>
  (await userRow(harness.deps.db, account.accountId, userName))?.epoch ?? Number.NaN;

test('devices are listed without their seeds', async () => {
  await bind();
  const { items } = await list();
  expect(items).toEqual([
    {
      mfaDeviceId: expect.stringMatching(/^mfa_[a-z0-9]{20}$/),
      type: 'totp',
      name: 'Authenticator app',
      createdAt: expect.any(Date),
      lastUsedAt: null,
    },
  ]);
});

test('one of several is removed: what was proved ends, the others and the recovery codes stay', async () => {
  await bind();
  const [code = ''] = await bind();
  const [first, second] = (await list()).items;
  const epoch = await epochOf();
  await remove(first?.mfaDeviceId ?? '');
  expect((await list()).items).toEqual([second]);
  expect(await epochOf()).toBe(epoch + 1);
  expect(await verifyRecoveryCode(harness.deps, alice, code)).toBe(true);
});

test('with the last device go the recovery codes', async () => {
  const [code = ''] = await bind();
  await remove((await list()).items[0]?.mfaDeviceId ?? '');
  expect((await list()).items).toEqual([]);
  expect(await verifyRecoveryCode(harness.deps, alice, code)).toBe(false);
});

test("an administrator's reset leaves neither devices nor codes, ends what was proved, and is in the log", async () => {
  await bind();
  const [code = ''] = await bind();
  const epoch = await epochOf();
  expect(await reset()).toEqual({ removed: 2 });
  expect((await list()).items).toEqual([]);
  expect(await verifyRecoveryCode(harness.deps, alice, code)).toBe(false);
  expect(await epochOf()).toBe(epoch + 1);
  expect(await eventsOf(harness.deps.db, account.accountId)).toMatchObject([
    { action: 'ram:UnbindMFADevice', outcome: 'success', details: { all: true, removed: 2 } },
  ]);
});

test('where there is no device there is nothing to remove, and nothing ends', async () => {
  const epoch = await epochOf();
  expect((await refusal(reset())).code).toBe('EntityNotExist.User.MFADevice');
  expect((await refusal(remove(`mfa_${'a'.repeat(20)}`))).code).toBe('EntityNotExist.User.MFADevice');
  expect((await refusal(reset(account.admin, 'nobody'))).code).toBe('EntityNotExist.User');
  expect(await epochOf()).toBe(epoch);
});

test('a device is removed through its own user only, and not from another account', async () => {
  await bind();
  const id = (await list()).items[0]?.mfaDeviceId ?? '';
  await newUser(harness.deps.db, account.accountId, 'bob');
  const other = await newAccount(harness);
  expect((await refusal(remove(id, account.admin, 'bob'))).code).toBe('EntityNotExist.User.MFADevice');
  expect((await refusal(remove(id, other.admin))).code).toBe('EntityNotExist.User');
  expect((await refusal(remove(id, alice))).code).toBe('NoPermission');
  expect((await list()).items).toHaveLength(1);
});

test('nobody within an account takes the second factor from a platform administrator', async () => {
  const policies = ['AdministratorAccess', 'PlatformAdministratorAccess'];
  const platform = await newAccount(harness, { isPlatform: true });
  const root = await newUser(harness.deps.db, platform.accountId, 'root', policies);
  await bind(root);
  const attempts = [
    performOperation(harness.deps, platform.admin, deleteMfaDevices, { userName: 'root' }),
    performOperation(harness.deps, platform.admin, deleteMfaDevice, {
      userName: 'root',
      mfaDeviceId: (await list(platform.admin, 'root')).items[0]?.mfaDeviceId,
    }),
  ];
  for (const attempt of attempts) expect((await refusal(attempt)).code).toBe('NoPermission');
  expect((await list(platform.admin, 'root')).items).toHaveLength(1);
});

test('of twenty resets at once one removes, the others find nothing', async () => {
  await bind();
  const epoch = await epochOf();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => reset()));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await epochOf()).toBe(epoch + 1);
});
