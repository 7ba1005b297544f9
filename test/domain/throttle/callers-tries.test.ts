import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newToken } from '../../../src/crypto/tokens.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { noteKnownDevice } from '../../../src/domain/devices/note-known-device.ts';
import { findLoginProfile } from '../../../src/domain/login-profiles/login-profiles-store.ts';
import { updatePasswordPolicy } from '../../../src/domain/accounts/password-policy-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { newPassword } from '../../support/test-account.ts';
import { changeOwnPassword } from '../../../src/domain/login-profiles/change-own-password.ts';
import { bindTotp } from '../../../src/domain/mfa/mfa.ts';
import { listMfaDevices } from '../../../src/domain/mfa/mfa-store.ts';
import { deleteOwnMfaDevice } from '../../../src/domain/mfa/own-mfa-devices.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { takeTry } from '../../../src/domain/throttle/throttle.ts';
import { raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, userRow } from '../operation-harness.ts';

let harness: Harness;
let alice: Caller;
let tokenHash: string;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  const { accountId } = await newAccount(harness);
  alice = await newUser(harness.deps.db, accountId, 'alice');
  tokenHash = newToken();
  const userEpoch = (await userRow(harness.deps.db, accountId, 'alice'))?.epoch ?? -1;
  const seen = { userAgent: 'Firefox', sourceIp: '192.0.2.1', saveMfa: false, tokenHash };
  await noteKnownDevice(harness.deps.db, { accountId, userId: alice.userId, accountEpoch: 1, userEpoch, ...seen });
});

const numbered = (count: number) => Array.from({ length: count }, (_none, at) => at);
const atHome = (): Caller => ({ ...alice, via: 'session', deviceTokenHashes: [newToken(), tokenHash] });

async function shutOutStrangers(factor: 'password' | 'second-factor'): Promise<void> {
  const { accountId, userName } = alice;
  for (const at of numbered(100))
    await takeTry(harness.deps.ephemeral, { accountId, userName, factor, sourceIp: `198.18.${at}.1` });
}

const changePassword = async (caller: Caller) =>
  (
    await refusal(
      performOperation(harness.deps, caller, changeOwnPassword, {
        oldPassword: 'wrong',
        newPassword: 'violet-anchor-spoons-91',
      }),
    )
  ).code;

test('whoever guesses at a password from everywhere does not keep its owner, in a browser they are known in, from changing it', async () => {
  const before = await findLoginProfile(harness.deps.db, alice.userId);
  await shutOutStrangers('password');
  expect(await changePassword(alice)).toBe('Throttling');
  expect(await changePassword({ ...alice, deviceTokenHashes: [newToken()] })).toBe('Throttling');
  expect(await changePassword(atHome())).toBe('InvalidOldPassword');
  expect(await findLoginProfile(harness.deps.db, alice.userId)).toEqual(before);
});

test('there, too, ten tries are evaluated, together with those at the logon page on that device', async () => {
  for (const _at of numbered(10)) expect(await changePassword(atHome())).toBe('InvalidOldPassword');
  expect(await changePassword(atHome())).toBe('Throttling');
  expect(await changePassword(alice)).toBe('InvalidOldPassword');
});

test('nobody else is known in that browser, and the user no more once their sessions were ended', async () => {
  const bob = await newUser(harness.deps.db, alice.accountId, 'bob');
  await shutOutStrangers('password');
  for (const at of numbered(50)) {
    const tried = { accountId: bob.accountId, userName: 'bob', factor: 'password' } as const;
    await takeTry(harness.deps.ephemeral, { ...tried, sourceIp: `198.18.${at}.1` });
  }
  expect(await changePassword({ ...bob, deviceTokenHashes: [newToken(), tokenHash] })).toBe('Throttling');
  await raiseUserEpoch(harness.deps.db, alice.userId);
  expect(await changePassword(atHome())).toBe('Throttling');
});

test('the same holds for codes', async () => {
  await bindTotp(harness.deps, alice, { secret: newTotpSecret(), provedStep: 1 });
  const [device] = await listMfaDevices(harness.deps.db, alice.userId);
  const remove = async (caller: Caller) =>
    (
      await refusal(
        performOperation(harness.deps, caller, deleteOwnMfaDevice, {
          mfaDeviceId: device?.mfaDeviceId,
          code: '000000',
        }),
      )
    ).code;
  await shutOutStrangers('second-factor');
  expect(await remove(alice)).toBe('Throttling');
  expect(await remove(atHome())).toBe('CheckAuthenticationCodeFail');
  expect(await listMfaDevices(harness.deps.db, alice.userId)).toHaveLength(1);
});

test('setting one’s own password counts as a try at it, where the answer says whether it is the present one', async () => {
  const root = await newUser(harness.deps.db, alice.accountId, 'root', ['AdministratorAccess']);
  const put = (caller: Caller, userName: string) =>
    performOperation(harness.deps, caller, putLoginProfile, {
      userName,
      profile: { password: newPassword(), resetRequired: false },
    });
  await performOperation(harness.deps, root, updatePasswordPolicy, { policy: { passwordReusePrevention: 3 } });
  const { accountId } = root;
  for (const at of numbered(50))
    await takeTry(harness.deps.ephemeral, {
      accountId,
      userName: 'root',
      factor: 'password',
      sourceIp: `198.18.${at}.1`,
    });
  const before = await findLoginProfile(harness.deps.db, root.userId);
  expect((await refusal(put(root, 'root'))).code).toBe('Throttling');
  expect(await findLoginProfile(harness.deps.db, root.userId)).toEqual(before);
  // What somebody else is given is none of their tries.
  await put(root, 'alice');
  expect(await findLoginProfile(harness.deps.db, alice.userId)).not.toMatchObject({ passwordHash: 'none' });
});
