import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { bindTotp, verifyRecoveryCode } from '../../../src/domain/mfa/mfa.ts';
import {
  deleteMfaDevice,
  deleteMfaDevices,
  listMfaDevices,
  updateMfaDevice,
} from '../../../src/domain/mfa/mfa-device-operations.ts';
import { updateOwnMfaDevice } from '../../../src/domain/mfa/own-mfa-devices.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createPasskeyProvider } from '../../support/software-authenticator.ts';
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
import { origin } from './passkey-user.ts';
import { bindNew } from './webauthn/ceremonies.ts';

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
      backedUp: null,
      createdAt: expect.any(Date),
      lastUsedAt: null,
    },
  ]);
});

test('passkeys are listed among them, without their keys', async () => {
  const row = await bindNew(harness, alice, createPasskeyProvider(origin));
  const { items } = await list();
  expect(items).toEqual([
    {
      ...{ mfaDeviceId: row.mfaDeviceId, type: 'passkey', name: 'Test', backedUp: true },
      ...{ createdAt: expect.any(Date), lastUsedAt: null },
    },
  ]);
  for (const kept of [row.publicKey, row.credentialId]) expect(JSON.stringify(items)).not.toContain(kept);
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

test('a reset takes passkeys and apps alike, and the recovery codes stay while a passkey does', async () => {
  const [code = ''] = await bind();
  await bindNew(harness, alice, createPasskeyProvider(origin));
  const [app] = (await list()).items;
  await remove(app?.mfaDeviceId ?? '');
  expect((await list()).items.map(({ type }) => type)).toEqual(['passkey']);
  expect(await verifyRecoveryCode(harness.deps, alice, code)).toBe(true);
  expect(await reset()).toEqual({ removed: 1 });
  expect((await list()).items).toEqual([]);
});

describe('renaming', () => {
  const rename = (input: Record<string, unknown>, caller: Caller = account.admin) =>
    performOperation(harness.deps, caller, updateMfaDevice, { userName: 'alice', name: 'Old phone', ...input });
  const renameOwn = (input: Record<string, unknown>, caller: Caller = alice) =>
    performOperation(harness.deps, caller, updateOwnMfaDevice, { name: 'Old phone', ...input });
  let mfaDeviceId: string;
  beforeEach(async () => {
    ({ mfaDeviceId } = await bindNew(harness, alice, createPasskeyProvider(origin)));
  });

  test.each([
    ['an administrator', () => rename({ mfaDeviceId })],
    ['its user', () => renameOwn({ mfaDeviceId })],
  ])('by %s changes the name alone; no session ends, and it is in the log', async (_who, act) => {
    const [[before], epoch] = [(await list()).items, await epochOf()];
    expect(await act()).toEqual({ ...before, name: 'Old phone' });
    expect((await list()).items).toEqual([{ ...before, name: 'Old phone' }]);
    expect(await epochOf()).toBe(epoch);
    expect(await eventsOf(harness.deps.db, account.accountId)).toMatchObject([
      { action: 'ram:UpdatePasskey', outcome: 'success', details: { mfaDeviceId, changed: ['name'] } },
    ]);
  });

  test('goes for authenticator apps too', async () => {
    await bind();
    const app = (await list()).items.find(({ type }) => type === 'totp')?.mfaDeviceId ?? '';
    expect(await rename({ mfaDeviceId: app })).toMatchObject({ mfaDeviceId: app, name: 'Old phone' });
  });

  test.each(['', 'x'.repeat(65), 'a\nb', 7, null, undefined])('to %j is refused', async (name) => {
    for (const attempt of [rename({ mfaDeviceId, name }), renameOwn({ mfaDeviceId, name })])
      expect((await refusal(attempt)).faults.map(({ pointer }) => pointer)).toEqual(['/name']);
    expect((await list()).items).toMatchObject([{ name: 'Test' }]);
  });

  test('finds nothing under another user or account, and is for who has the right', async () => {
    const bob = await newUser(harness.deps.db, account.accountId, 'bob');
    const other = await newAccount(harness);
    for (const [attempt, code] of [
      [rename({ mfaDeviceId, userName: 'bob' }), 'EntityNotExist.User.MFADevice'],
      [rename({ mfaDeviceId: `mfa_${'a'.repeat(20)}` }), 'EntityNotExist.User.MFADevice'],
      [rename({ mfaDeviceId, userName: 'nobody' }), 'EntityNotExist.User'],
      [rename({ mfaDeviceId }, other.admin), 'EntityNotExist.User'],
      [rename({ mfaDeviceId }, alice), 'NoPermission'],
      [renameOwn({ mfaDeviceId }, bob), 'EntityNotExist.User.MFADevice'],
      [renameOwn({ mfaDeviceId }, other.admin), 'EntityNotExist.User.MFADevice'],
    ] as const)
      expect((await refusal(attempt)).code).toBe(code);
    expect((await list()).items).toMatchObject([{ name: 'Test' }]);
  });

  test('is closed to users who may not manage their devices', async () => {
    const securityPreferences = { allowUserToManageMFADevices: false };
    await saveAccountSettings(harness.deps.db, account.accountId, { securityPreferences });
    expect((await refusal(renameOwn({ mfaDeviceId }))).code).toBe('NoPermission');
    expect((await list()).items).toMatchObject([{ name: 'Test' }]);
  });

  test('a device that is gone does not bring it back', async () => {
    await reset();
    expect((await refusal(rename({ mfaDeviceId }))).code).toBe('EntityNotExist.User.MFADevice');
    expect((await list()).items).toEqual([]);
  });
});
