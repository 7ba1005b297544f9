import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { saveAccountSettings } from '../../../src/domain/accounts/account-settings-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { bindTotp, verifyRecoveryCode } from '../../../src/domain/mfa/mfa.ts';
import { listMfaDevices } from '../../../src/domain/mfa/mfa-store.ts';
import { registerOwnPasskey } from '../../../src/domain/mfa/register-own-passkey.ts';
import { newTotpSecret } from '../../../src/domain/mfa/totp.ts';
import { insertUserPolicy } from '../../../src/domain/policies/user-policies-store.ts';
import { deleteUser } from '../../../src/domain/users/users-store.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { mayDo, type Role, roles } from '../../security/support/operation-verdicts.ts';
import { codeAt } from '../../support/authenticator-app.ts';
import { createPasskeyProvider, createSecurityKey } from '../../support/software-authenticator.ts';
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
import { boundTo, creationOptions, deviceRow, requestOptions, verify } from './webauthn/ceremonies.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  user = await newPortalUser(harness, account.accountId);
});

const devices = () => devicesOf(harness, user);
const events = () => eventsOf(harness.deps.db, account.accountId);
const epoch = async () => (await userRow(harness.deps.db, account.accountId, user.userName))?.epoch;

describe('the first passkey', () => {
  it('is bound with recovery codes, is in the log, and ends no session', async () => {
    const before = await epoch();
    const provider = createPasskeyProvider(origin);
    const { device, recoveryCodes = [] } = await registerAs(harness, user, provider, { name: 'My laptop' });
    expect(device).toEqual({
      ...{ mfaDeviceId: expect.stringMatching(/^mfa_[a-z0-9]{20}$/), type: 'passkey', name: 'My laptop' },
      ...{ backedUp: true, createdAt: expect.any(Date), lastUsedAt: null },
    });
    expect(await devices()).toEqual([device]);
    expect(recoveryCodes).toHaveLength(10);
    expect(await verifyRecoveryCode(harness.deps, user, recoveryCodes[0] ?? '')).toBe(true);
    expect(await epoch()).toBe(before);
    const { mfaDeviceId } = device;
    expect(await events()).toMatchObject([
      {
        ...{ actorUserId: user.userId, actorVia: 'session', action: 'ram:BindMFADevice', outcome: 'success' },
        details: { mfaDeviceId, type: 'passkey' },
      },
    ]);
    const response = provider.assert(await requestOptions(harness, user, 'logon'));
    expect(await verify(harness, user, 'logon', response)).toMatchObject({ outcome: 'verified', mfaDeviceId });
  });

  it.each([
    ['Passkey', createPasskeyProvider(origin)],
    ['Security key', createSecurityKey(origin)],
  ])('is called %s unless it is given a name', async (name, authenticator) => {
    expect((await registerAs(harness, user, authenticator)).device.name).toBe(name);
  });

  it('tells neither its key nor its id to anybody', async () => {
    const provider = createPasskeyProvider(origin);
    const bound = await registerAs(harness, user, provider);
    const { publicKey, credentialId } = await deviceRow(harness, bound.device.mfaDeviceId);
    const told = JSON.stringify([bound, await devices(), await events()]);
    for (const kept of [publicKey, credentialId]) expect(told).not.toContain(kept);
    for (const code of bound.recoveryCodes ?? []) expect(JSON.stringify(await events())).not.toContain(code);
  });

  it('of twenty at once of the same answer one is bound', async () => {
    const response = createPasskeyProvider(origin).register(creationOptions(harness, user));
    const attempts = Array.from({ length: 20 }, () => registerAs(harness, user, undefined, { response }));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await devices()).toHaveLength(1);
  });

  it('of five at once of different authenticators one is bound, since the others would be unproved', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => registerAs(harness, user)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await devices()).toHaveLength(1);
  });
});

describe('is refused, and nothing is bound:', () => {
  const refusedResponse = [{ pointer: '/response', code: 'InvalidParameter.Response.Value' }];

  it.each<[string, (response: string) => Record<string, unknown>]>([
    ['another session', () => ({ boundTo: 'acme:uid-2' })],
    ['garbage', () => ({ response: '{"id":7}' })],
    ['half an answer', (response) => ({ response: response.slice(0, 200) })],
  ])('%s', async (_what, spoil) => {
    const response = createPasskeyProvider(origin).register(creationOptions(harness, user));
    const refused = await refusal(registerAs(harness, user, undefined, { response, ...spoil(response) }));
    expect([refused.code, refused.faults]).toMatchObject(['InvalidParameter', refusedResponse]);
    expect(await devices()).toEqual([]);
    expect(await events()).toMatchObject([{ action: 'ram:BindMFADevice', outcome: 'refused' }]);
  });

  it('an authenticator on another page', async () => {
    const response = createPasskeyProvider('https://evil.example').register(creationOptions(harness, user));
    expect((await refusal(registerAs(harness, user, undefined, { response }))).faults).toMatchObject(refusedResponse);
    expect(await devices()).toEqual([]);
  });

  it('an answer made for somebody else, who would be what the authenticator shows', async () => {
    const other = await newPortalUser(harness, account.accountId);
    const response = createPasskeyProvider(origin).register(creationOptions(harness, other));
    expect((await refusal(registerAs(harness, user, undefined, { response }))).faults).toMatchObject(refusedResponse);
    expect([await devices(), await devicesOf(harness, other)]).toEqual([[], []]);
  });

  it('a credential that somebody has', async () => {
    const provider = createPasskeyProvider(origin);
    await registerAs(harness, await newPortalUser(harness, account.accountId), provider);
    const credentialId = provider.credentials[0]?.id ?? '';
    const response = provider.register(creationOptions(harness, user), { credentialId });
    const refused = await refusal(registerAs(harness, user, undefined, { response }));
    expect(refused.code).toBe('EntityAlreadyExists.User.MFADevice');
    expect(await devices()).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a long answer', { response: 'x'.repeat(16_385) }, '/response'],
    ['an answer that is no text', { response: { id: 'x' } }, '/response'],
    ['no session', { boundTo: '' }, '/boundTo'],
    ['an empty name', { name: '' }, '/name'],
    ['a name of many characters', { name: 'x'.repeat(65) }, '/name'],
    ['a name with a line break', { name: 'a\nb' }, '/name'],
    ['a field that does not exist', { userId: '1' }, '/userId'],
  ])('%s', async (_what, input, pointer) => {
    const refused = await refusal(registerAs(harness, user, undefined, input));
    expect(refused.faults.map((fault) => fault.pointer)).toEqual([pointer]);
    expect(await devices()).toEqual([]);
  });

  it('past the quota, which counts devices of every kind', async () => {
    await saveAccountSettings(harness.deps.db, account.accountId, { quotas: { mfaDevicesPerUserQuota: 2 } });
    await bindTotp(harness.deps, user, { secret: newTotpSecret(), provedStep: 1 });
    await registerAs(harness, user, undefined, { password });
    const refused = await refusal(registerAs(harness, user, undefined, { password }));
    expect(refused.code).toBe('LimitExceeded.User.MFADevice');
    expect((await devices()).map(({ type }) => type)).toEqual(['totp', 'passkey']);
  });

  it('where the account does not let users manage their devices', async () => {
    const securityPreferences = { allowUserToManageMFADevices: false };
    await saveAccountSettings(harness.deps.db, account.accountId, { securityPreferences });
    expect((await refusal(registerAs(harness, user))).code).toBe('NoPermission');
    expect(await devices()).toEqual([]);
  });

  it.each([
    ['without the password', { password: undefined }, 'InvalidParameter'],
    ['with a wrong password', { password: 'Quiet-harbour-lanterns-3' }, 'InvalidOldPassword'],
  ])('%s, by whoever has the session: the first factor would be theirs', async (_what, input, code) => {
    expect((await refusal(registerAs(harness, user, undefined, input))).code).toBe(code);
    expect(await devices()).toEqual([]);
  });

  it('a user who is gone', async () => {
    await deleteUser(harness.deps.db, user.userId);
    expect((await refusal(registerAs(harness, user))).code).toBe('NoPermission');
  });
});

describe('a further device', () => {
  const provider = createPasskeyProvider(origin);
  let codes: readonly string[];
  beforeEach(async () => {
    codes = (await registerAs(harness, user, provider)).recoveryCodes ?? [];
  });

  it.each<[string, () => Promise<Record<string, unknown>>]>([
    ['the password', () => Promise.resolve({ password })],
    ['the passkey', () => proofBy(harness, user, provider)],
  ])('takes %s as a proof, and brings no new recovery codes', async (_what, proof) => {
    const bound = await registerAs(harness, user, createSecurityKey(origin), await proof());
    expect([bound.device.type, bound.recoveryCodes]).toEqual(['security-key', undefined]);
    expect(await devices()).toHaveLength(2);
    expect(await verifyRecoveryCode(harness.deps, user, codes[0] ?? '')).toBe(true);
  });

  it('takes a code of an authenticator app as a proof', async () => {
    const secret = newTotpSecret();
    await bindTotp(harness.deps, user, { secret, provedStep: 1 });
    const code = await codeAt(secret, Math.floor(Date.now() / 30_000));
    await registerAs(harness, user, undefined, { code });
    expect(await devices()).toHaveLength(3);
  });

  it.each<[string, () => Promise<Record<string, unknown>>, string]>([
    ['without a proof', () => Promise.resolve({ password: undefined }), 'InvalidParameter'],
    ['with a wrong password', () => Promise.resolve({ password: 'wrong' }), 'InvalidOldPassword'],
    [
      'with the passkey of somebody else',
      async () => {
        const other = await newPortalUser(harness, account.accountId);
        const theirs = createPasskeyProvider(origin);
        await registerAs(harness, other, theirs);
        return proofBy(harness, other, theirs);
      },
      'CheckAuthenticationCodeFail',
    ],
    [
      'with what was said to the logon page',
      async () => ({ passkey: { boundTo, response: provider.assert(await requestOptions(harness, user, 'logon')) } }),
      'CheckAuthenticationCodeFail',
    ],
    [
      'with what was said in another session',
      async () => ({ passkey: { ...(await proofBy(harness, user, provider)).passkey, boundTo: 'acme:uid-2' } }),
      'CheckAuthenticationCodeFail',
    ],
  ])('%s is refused, and the answer is still good for the right one', async (_what, proof, code) => {
    const response = createSecurityKey(origin).register(creationOptions(harness, user));
    const refused = await refusal(registerAs(harness, user, undefined, { response, ...(await proof()) }));
    expect(refused.code).toBe(code);
    expect(await devices()).toHaveLength(1);
    await registerAs(harness, user, undefined, { response, password });
    expect(await devices()).toHaveLength(2);
  });

  it('bound by somebody who came with a password alone takes a device, not the password again', async () => {
    const stolen = { ...user, mfaPresent: false };
    const refused = await refusal(registerAs(harness, stolen, undefined, { password }));
    expect(refused.faults).toMatchObject([{ code: 'MissingParameter.Code' }]);
    expect(await devices()).toHaveLength(1);
    await registerAs(harness, stolen, undefined, await proofBy(harness, user, provider));
    expect(await devices()).toHaveLength(2);
  });
});

/** The operation has no address, so the table of verdicts is held against it here. */
test.each(Object.entries<Role>(roles))(
  'in the role “%s” it is done or refused as the role promises',
  async (_name, role) => {
    const { accountId, userId } = user;
    for (const policyName of role.policyNames)
      await insertUserPolicy(harness.deps.db, { accountId, userId, policyType: 'system', policyName });
    if (role.frozen === true)
      await harness.deps.db.update(users).set({ status: 'frozen' }).where(eq(users.userId, userId));
    const attempt = registerAs(harness, { ...user, apiAccess: role.apiAccess ?? 'full' });
    if (mayDo(role, registerOwnPasskey)) expect((await attempt).device.type).toBe('passkey');
    else {
      expect((await refusal(attempt)).code).toBe('NoPermission');
      expect(await listMfaDevices(harness.deps.db, userId)).toEqual([]);
      expect((await events()).map(({ outcome }) => outcome)).toEqual(['refused']);
    }
  },
);
