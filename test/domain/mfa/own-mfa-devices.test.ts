import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { insertLoginProfiles } from '../../../src/domain/login-profiles/login-profiles-store.ts';
import { activateOwnMfaDevice } from '../../../src/domain/mfa/activate-own-mfa-device.ts';
import { verifyRecoveryCode, verifyTotp } from '../../../src/domain/mfa/mfa.ts';
import {
  createOwnMfaDevice,
  deleteOwnMfaDevice,
  listOwnMfaDevices,
  type NewVirtualDevice,
} from '../../../src/domain/mfa/own-mfa-devices.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { deleteUser, insertUsers } from '../../../src/domain/users/users-store.ts';
import { ephemeralEntries } from '../../../src/storage/db/schema/ephemeral.ts';
import { codeAt } from '../../support/authenticator-app.ts';
import {
  callerOf,
  eventsOf,
  type Harness,
  newAccount,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
const password = 'Tall-giraffe-under-bridges-7';
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  const { db, passwordHasher } = harness.deps;
  const { accountId } = account;
  const userId = `1${String(Math.random()).slice(2).padEnd(17, '7').slice(0, 17)}`;
  await insertUsers(db, [{ userId, accountId, userName: 'alice', userNameKey: 'alice', displayName: 'Alice' }]);
  const passwordHash = await passwordHasher.hash(password);
  const flags = { status: 'active', resetRequired: false, mfaRequired: false, expires: false } as const;
  await insertLoginProfiles(db, [{ userId, accountId, passwordHash, ...flags }]);
  alice = { ...callerOf(accountId, userId, 'alice'), mfaPresent: true };
});

const create = (caller: Caller = alice, input = {}) =>
  performOperation(harness.deps, caller, createOwnMfaDevice, input);
const activate = (input: Record<string, unknown>, caller: Caller = alice) =>
  performOperation(harness.deps, caller, activateOwnMfaDevice, input);
const remove = (input: Record<string, unknown>, caller: Caller = alice) =>
  performOperation(harness.deps, caller, deleteOwnMfaDevice, input);
const devices = async (caller: Caller = alice) =>
  (await performOperation(harness.deps, caller, listOwnMfaDevices, {})).items;
const present = (): number => Math.floor(Date.now() / 30_000);

/** Two codes that follow one another, the second of the present moment. */
async function codesOf({ mfaDeviceId, secret }: NewVirtualDevice, step = present()) {
  const [authenticationCode1, authenticationCode2] = await Promise.all(
    [step - 1, step].map((at) => codeAt(secret, at)),
  );
  return { mfaDeviceId, authenticationCode1, authenticationCode2 };
}

/** The same, with what proves who has no device yet. */
const firstCodesOf = async (device: NewVirtualDevice, step = present()) => ({
  ...(await codesOf(device, step)),
  password,
});

async function bound(proof: Record<string, unknown> = {}) {
  const device = await create();
  return { device, activated: await activate({ ...(await firstCodesOf(device)), ...proof }) };
}

describe('binding in two calls', () => {
  test('a seed is handed over, and nothing has changed until two codes activate it', async () => {
    const device = await create(alice, { name: 'My phone' });
    expect(device).toMatchObject({ name: 'My phone', secret: expect.stringMatching(/^[A-Z2-7]{32}$/) });
    expect(device.otpauthUri).toMatch(/^otpauth:\/\/totp\//);
    expect(device.otpauthUri).toContain(`secret=${device.secret}`);
    expect(await devices()).toEqual([]);
    const { device: activated, recoveryCodes = [] } = await activate(await firstCodesOf(device));
    expect(activated).toMatchObject({ mfaDeviceId: device.mfaDeviceId, name: 'My phone', type: 'totp' });
    expect(await devices()).toEqual([activated]);
    expect(recoveryCodes).toHaveLength(10);
    expect(await verifyRecoveryCode(harness.deps, alice, recoveryCodes[0] ?? '')).toBe(true);
  });

  test.each([
    ['nothing else', {}, 'InvalidParameter'],
    ['a wrong password', { password: 'Quiet-harbour-lanterns-3' }, 'InvalidOldPassword'],
    ['a code of the new app itself', { code: '000000' }, 'InvalidParameter'],
  ])('two right codes and %s bind nothing: a stolen session must not gain a factor', async (_what, proof, code) => {
    const device = await create();
    const refused = await refusal(activate({ ...(await codesOf(device)), ...proof }));
    expect(refused.code).toBe(code);
    expect(await devices()).toEqual([]);
  });

  test('the codes that bound it are used up', async () => {
    const { device } = await bound();
    const now = Math.floor(Date.now() / 1000);
    const codes = await Promise.all([-1, 0].map((at) => codeAt(device.secret, present() + at)));
    for (const code of codes) expect(await verifyTotp(harness.deps, alice, { code, nowSeconds: now })).toBe(false);
  });

  test.each([
    [
      'the same code twice',
      async (device: NewVirtualDevice) => {
        const codes = await firstCodesOf(device);
        return { ...codes, authenticationCode2: codes.authenticationCode1 };
      },
    ],
    [
      'codes in the wrong order',
      async (device: NewVirtualDevice) => {
        const codes = await firstCodesOf(device);
        return {
          ...codes,
          authenticationCode1: codes.authenticationCode2,
          authenticationCode2: codes.authenticationCode1,
        };
      },
    ],
    ['codes of an hour ago', (device: NewVirtualDevice) => firstCodesOf(device, present() - 120)],
    [
      'codes that do not follow one another',
      async (device: NewVirtualDevice) => ({
        ...(await firstCodesOf(device)),
        authenticationCode2: await codeAt(device.secret, present() + 1),
      }),
    ],
  ])('%s bind nothing', async (_what, wrongCodes) => {
    const device = await create();
    expect((await refusal(activate(await wrongCodes(device)))).code).toBe('CheckAuthenticationCodeFail');
    expect(await devices()).toEqual([]);
  });

  test('of twenty activations at once one binds', async () => {
    const device = await create();
    const codes = await firstCodesOf(device);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => activate(codes)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await devices()).toHaveLength(1);
  });

  test('guesses are counted, and past the limit not even right codes bind', async () => {
    const device = await create();
    const wrong = { ...(await firstCodesOf(device)), authenticationCode1: '000000', authenticationCode2: '000000' };
    for (let guess = 0; guess < 10; guess += 1)
      expect((await refusal(activate(wrong))).code).toBe('CheckAuthenticationCodeFail');
    expect((await refusal(activate(await firstCodesOf(device)))).code).toBe('Throttling');
    expect(await devices()).toEqual([]);
  });

  test("another user's seed is not there, and neither is one that was activated", async () => {
    const device = await create();
    const codes = await firstCodesOf(device);
    expect((await refusal(activate(codes, account.admin))).code).toBe('EntityNotExist.User.MFADevice');
    expect(await devices(account.admin)).toEqual([]);
    await activate(codes);
    expect((await refusal(activate(codes))).code).toBe('EntityNotExist.User.MFADevice');
    expect(await devices()).toHaveLength(1);
  });

  test('neither seeds nor codes stand in the stores or the log in the open', async () => {
    const pending = await create();
    const { device, activated } = await bound();
    const stored = JSON.stringify([
      await eventsOf(harness.deps.db, account.accountId),
      await harness.deps.db.select().from(ephemeralEntries),
    ]);
    for (const secret of [pending.secret, device.secret, ...(activated.recoveryCodes ?? [])])
      expect(stored).not.toContain(secret);
  });
});

describe('a further device', () => {
  test('needs a proof of who has the first; its recovery codes stay', async () => {
    const { activated } = await bound();
    const second = await create();
    const codes = await codesOf(second);
    expect((await refusal(activate(codes))).code).toBe('InvalidParameter');
    expect((await refusal(activate({ ...codes, password: 'wrong' }))).code).toBe('InvalidOldPassword');
    expect(await devices()).toHaveLength(1);
    const result = await activate({ ...codes, password });
    expect(result.recoveryCodes).toBeUndefined();
    expect(await devices()).toHaveLength(2);
    expect(await verifyRecoveryCode(harness.deps, alice, activated.recoveryCodes?.[0] ?? '')).toBe(true);
  });

  test('is refused past the quota', async () => {
    await saveAccountSettings(harness.deps.db, account.accountId, { quotas: { mfaDevicesPerUserQuota: 1 } });
    await bound();
    const second = await create();
    const refused = await refusal(activate({ ...(await codesOf(second)), password }));
    expect(refused.code).toBe('LimitExceeded.User.MFADevice');
    expect(await devices()).toHaveLength(1);
  });
});

describe('the password alone', () => {
  // An access key, or a token from before the first device.
  const withoutFactor = () => ({ ...alice, mfaPresent: false });

  test('of who came without a second factor neither removes a device nor binds a further one', async () => {
    const { device } = await bound();
    const removal = { mfaDeviceId: device.mfaDeviceId, password };
    const second = await create();
    const activation = { ...(await codesOf(second)), password };
    for (const refused of [
      await refusal(remove(removal, withoutFactor())),
      await refusal(activate(activation, withoutFactor())),
    ])
      expect(refused.faults).toMatchObject([{ code: 'MissingParameter.Code' }]);
    expect((await devices()).map(({ mfaDeviceId }) => mfaDeviceId)).toEqual([device.mfaDeviceId]);
  });

  test('is not needed beside a code', async () => {
    const { device } = await bound();
    const code = await codeAt(device.secret, present() + 1);
    await remove({ mfaDeviceId: device.mfaDeviceId, code }, withoutFactor());
    expect(await devices()).toEqual([]);
  });
});

describe('removing', () => {
  const epoch = async () => (await userRow(harness.deps.db, account.accountId, 'alice'))?.epoch ?? Number.NaN;

  test('takes the password, and ends what was proved', async () => {
    const { device } = await bound();
    const before = await epoch();
    await remove({ mfaDeviceId: device.mfaDeviceId, password });
    expect([await devices(), await epoch()]).toEqual([[], before + 1]);
  });

  test('or a fresh code, which is used up with it', async () => {
    const { device } = await bound();
    await bound({ password });
    const code = await codeAt(device.secret, present() + 1);
    await remove({ mfaDeviceId: device.mfaDeviceId, code });
    expect(await devices()).toHaveLength(1);
  });

  test.each([
    ['nothing', {}, 'InvalidParameter'],
    ['a wrong password', { password: 'wrong' }, 'InvalidOldPassword'],
    ['a wrong code', { code: '000000' }, 'CheckAuthenticationCodeFail'],
  ])('with %s as proof is refused, and nothing is removed or ended', async (_what, proof, code) => {
    const { device } = await bound();
    const before = await epoch();
    expect((await refusal(remove({ mfaDeviceId: device.mfaDeviceId, ...proof }))).code).toBe(code);
    expect([(await devices()).length, await epoch()]).toEqual([1, before]);
  });

  test("another user's device is not there", async () => {
    const { device } = await bound();
    const refused = await refusal(remove({ mfaDeviceId: device.mfaDeviceId, password: 'x' }, account.admin));
    expect(refused.code).toBe('EntityNotExist.User.MFADevice');
    expect(await devices()).toHaveLength(1);
  });
});

describe('where the account does not let users manage their devices', () => {
  test('they see theirs, and neither add nor remove any', async () => {
    const { device } = await bound();
    const pending = await create();
    await saveAccountSettings(harness.deps.db, account.accountId, {
      securityPreferences: { allowUserToManageMFADevices: false },
    });
    for (const attempt of [
      create(),
      activate({ ...(await codesOf(pending)), password }),
      remove({ mfaDeviceId: device.mfaDeviceId, password }),
    ])
      expect((await refusal(attempt)).code).toBe('NoPermission');
    expect(await devices()).toHaveLength(1);
  });
});

test('a user who is gone binds nothing', async () => {
  const device = await create();
  await deleteUser(harness.deps.db, alice.userId);
  expect((await refusal(activate(await firstCodesOf(device)))).code).toBe('NoPermission');
});
