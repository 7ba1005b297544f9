import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { bindTotp } from '../../../src/domain/mfa/mfa.ts';
import { deleteOwnMfaDevice } from '../../../src/domain/mfa/own-mfa-devices.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import {
  createPasskeyProvider,
  createSecurityKey,
  type SoftwareAuthenticator,
} from '../../support/software-authenticator.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';
import { devicesOf, newPortalUser, origin, password, proofBy, registerAs } from './passkey-user.ts';
import { boundTo, deviceRow } from './webauthn/ceremonies.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
let passkey: SoftwareAuthenticator;
let mfaDeviceId: string;
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());
beforeEach(async () => {
  user = await newPortalUser(harness, account.accountId);
  passkey = createPasskeyProvider(origin);
  ({ mfaDeviceId } = (await registerAs(harness, user, passkey)).device);
});

const remove = (proof: Record<string, unknown>, caller: Caller = user) =>
  performOperation(harness.deps, caller, deleteOwnMfaDevice, { mfaDeviceId, ...proof });
const devices = async () => (await devicesOf(harness, user)).map((device) => device.mfaDeviceId);
const epoch = async () => (await userRow(harness.deps.db, account.accountId, user.userName))?.epoch ?? Number.NaN;

describe('a passkey as the proof', () => {
  it('removes a device, ends what was proved, and is used up with it', async () => {
    const key = createSecurityKey(origin);
    await registerAs(harness, user, key, { password });
    const before = await epoch();
    const proof = await proofBy(harness, user, key);
    await remove(proof);
    expect([(await devices()).includes(mfaDeviceId), await epoch()]).toEqual([false, before + 1]);
    const [{ mfaDeviceId: left } = { mfaDeviceId: '' }] = await devicesOf(harness, user);
    const again = performOperation(harness.deps, user, deleteOwnMfaDevice, { mfaDeviceId: left, ...proof });
    expect((await refusal(again)).code).toBe('CheckAuthenticationCodeFail');
    expect(await devices()).toEqual([left]);
  });

  it('is enough for whoever came with the password alone', async () => {
    await remove(await proofBy(harness, user, passkey), { ...user, mfaPresent: false });
    expect(await devices()).toEqual([]);
  });

  it.each([`token:app_test`, `accessKey:PSTK${'x'.repeat(20)}`] as const)(
    'counts for nothing by %s: only a page can have asked for it',
    async (via) => {
      const proof = await proofBy(harness, user, passkey);
      const refused = await refusal(remove(proof, { ...user, via }));
      expect(refused.faults).toMatchObject([{ pointer: '/passkey', code: 'InvalidParameter.Passkey.Value' }]);
      expect(await devices()).toEqual([mfaDeviceId]);
      expect((await deviceRow(harness, mfaDeviceId)).lastUsedAt).toBeNull();
      await remove(proof);
      expect(await devices()).toEqual([]);
    },
  );

  it.each<[string, Record<string, unknown>, string]>([
    ['no session', { response: '{}' }, '/passkey/boundTo'],
    ['no answer', { boundTo }, '/passkey/response'],
    ['a long answer', { boundTo, response: 'x'.repeat(16_385) }, '/passkey/response'],
    ['something else', { boundTo, response: '{}', userId: '1' }, '/passkey/userId'],
  ])('with %s is no proof', async (_what, proof, pointer) => {
    expect((await refusal(remove({ passkey: proof }))).faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(await devices()).toEqual([mfaDeviceId]);
  });

  it('is looked at before a password that comes along', async () => {
    const refused = await refusal(remove({ password, passkey: { boundTo, response: '{}' } }));
    expect(refused.code).toBe('CheckAuthenticationCodeFail');
    expect(await devices()).toEqual([mfaDeviceId]);
  });

  it('neither waits because of codes that were wrong, nor makes them wait', async () => {
    const secret = newTotpSecret();
    await bindTotp(harness.deps, user, { secret, provedStep: 1 });
    for (let guess = 0; guess < 12; guess += 1) {
      const wrong = await refusal(remove({ passkey: { boundTo, response: '{}' } }));
      expect(wrong.code).toBe('CheckAuthenticationCodeFail');
    }
    for (let guess = 0; guess < 9; guess += 1)
      expect((await refusal(remove({ code: '000000' }))).code).toBe('CheckAuthenticationCodeFail');
    await registerAs(harness, user, createSecurityKey(origin), await proofBy(harness, user, passkey));
    // Nor does a right one begin the count of codes anew.
    expect((await refusal(remove({ code: '000000' }))).code).toBe('CheckAuthenticationCodeFail');
    expect((await refusal(remove({ code: '000000' }))).code).toBe('Throttling');
    await remove(await proofBy(harness, user, passkey));
    expect((await devices()).includes(mfaDeviceId)).toBe(false);
  });

  it('of nine copies at once does one thing', async () => {
    const proof = await proofBy(harness, user, passkey);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, () => registerAs(harness, user, createSecurityKey(origin), proof)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await devices()).toHaveLength(2);
  });

  it('stands in no event', async () => {
    const proof = await proofBy(harness, user, passkey);
    await remove(proof);
    const told = JSON.stringify(await eventsOf(harness.deps.db, account.accountId));
    expect(told).not.toContain(proof.passkey.boundTo);
    expect(told).not.toContain('clientDataJSON');
  });
});
