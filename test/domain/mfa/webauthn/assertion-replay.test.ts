import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../../../src/domain/caller.ts';
import { assertionOptions, verifyAssertion } from '../../../../src/domain/mfa/webauthn/assertion.ts';
import {
  type AssertionTweaks,
  createPasskeyProvider,
  createSecurityKey,
  type SoftwareAuthenticator,
} from '../../../support/software-authenticator.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../../operation-harness.ts';
import { assert, bindNew, boundTo, creationOptions, deviceRow, requestOptions, verify } from './ceremonies.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
let passkey: SoftwareAuthenticator;
let deviceId: string;
const origin = 'https://id.example.com';
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());
beforeEach(async () => {
  user = await newUser(harness.deps.db, account.accountId, `u${randomBytes(5).toString('hex')}`);
  passkey = createPasskeyProvider(origin);
  ({ mfaDeviceId: deviceId } = await bindNew(harness, user, passkey));
});

const logOn = (tweaks: AssertionTweaks = {}, authenticator = passkey) =>
  assert(harness, user, { ceremony: 'logon', authenticator }, tweaks);
const confirm = (tweaks: AssertionTweaks = {}, authenticator = passkey) =>
  assert(harness, user, { ceremony: 'second-factor', authenticator }, tweaks);
const row = () => deviceRow(harness, deviceId);
const refusedAs = (reason: string) => ({ outcome: 'refused', reason });

describe('a challenge', () => {
  it('is good for one ceremony of one logon', async () => {
    const claim = { accountId: account.accountId, userId: user.userId, ceremony: 'second-factor', boundTo } as const;
    const response = passkey.assert(await requestOptions(harness, user, 'second-factor'));
    for (const other of [
      { ...claim, boundTo: 'acme:uid-2' },
      { ...claim, boundTo: 'beta:uid-1' },
      { ...claim, ceremony: 'logon' as const },
      { ...claim, ceremony: 'confirm' as const },
    ])
      expect(await verifyAssertion(harness.deps, { ...other, response })).toEqual(refusedAs('stale'));
    expect((await row()).lastUsedAt).toBeNull();
    expect(await verifyAssertion(harness.deps, { ...claim, response })).toMatchObject({ outcome: 'verified' });
  });

  it('is none of ours unless we made it', async () => {
    const { challenge } = creationOptions(harness, user) as { challenge: string };
    for (const other of [challenge, '', 'AAAA', randomBytes(54).toString('base64url')])
      expect(await logOn({ challenge: other })).toEqual(refusedAs('stale'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it.each([
    ['logon', 3601],
    ['second-factor', 601],
    ['confirm', 601],
  ] as const)('for %s is too old after %i seconds', async (ceremony, ageSeconds) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - ageSeconds * 1000 });
    const options = assertionOptions(harness.deps, { ceremony, boundTo });
    vi.useRealTimers();
    expect(await verify(harness, user, ceremony, passkey.assert(options))).toEqual(refusedAs('stale'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('is good once: of twenty copies of one answer at once one gets in', async () => {
    const response = passkey.assert(await requestOptions(harness, user, 'logon'));
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(harness, user, 'logon', response)));
    expect(verdicts.filter(({ outcome }) => outcome === 'verified')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict.outcome === 'refused' && verdict.reason === 'spent')).toHaveLength(19);
    expect(await verify(harness, user, 'logon', response)).toEqual(refusedAs('spent'));
  });

  it('is used up by a wrong answer too', async () => {
    const options = await requestOptions(harness, user, 'logon');
    expect(await verify(harness, user, 'logon', passkey.assert(options, { userVerified: false }))).toEqual(
      refusedAs('wrong'),
    );
    expect(await verify(harness, user, 'logon', passkey.assert(options))).toEqual(refusedAs('spent'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('is used up by a credential that may not answer it too', async () => {
    const options = assertionOptions(harness.deps, { ceremony: 'logon', boundTo });
    const stranger = createPasskeyProvider(origin);
    stranger.register(creationOptions(harness, user));
    expect(await verify(harness, user, 'logon', stranger.assert(options))).toEqual(refusedAs('unknown'));
    expect(await verify(harness, user, 'logon', passkey.assert(options))).toEqual(refusedAs('spent'));
  });
});

describe('the counter of a credential', () => {
  let key: SoftwareAuthenticator;
  let keyId: string;
  beforeEach(async () => {
    key = createSecurityKey(origin);
    ({ mfaDeviceId: keyId } = await bindNew(harness, user, key, { counter: 5 }));
  });
  const counter = async () => (await deviceRow(harness, keyId)).signCount;

  it('may jump ahead, and is kept', async () => {
    expect(await confirm({ counter: 900 }, key)).toMatchObject({ outcome: 'verified' });
    expect(await counter()).toBe(900);
  });

  it.each([
    ['stood still', 5],
    ['went back', 4],
    ['was lost', 0],
  ])('that %s refuses: somebody may have copied the key', async (_what, said) => {
    expect(await confirm({ counter: said }, key)).toEqual(refusedAs('wrong'));
    expect([await counter(), (await deviceRow(harness, keyId)).lastUsedAt]).toEqual([5, null]);
    expect(await confirm({ counter: 6 }, key)).toMatchObject({ outcome: 'verified' });
  });

  it('may stay at zero, as with passkeys that are copied', async () => {
    for (let use = 0; use < 3; use += 1) expect(await logOn()).toMatchObject({ outcome: 'verified' });
    expect((await row()).signCount).toBe(0);
  });

  it('may begin to count, and then never stops', async () => {
    expect(await logOn({ counter: 1 })).toMatchObject({ outcome: 'verified' });
    expect(await logOn({ counter: 0 })).toEqual(refusedAs('wrong'));
  });

  it('lets one of two copies through that count alike at the same moment, each with a challenge of its own', async () => {
    const options = await Promise.all(Array.from({ length: 10 }, () => requestOptions(harness, user, 'second-factor')));
    const responses = options.map((one) => key.assert(one, { counter: 6 }));
    const verdicts = await Promise.all(responses.map((one) => verify(harness, user, 'second-factor', one)));
    expect(verdicts.filter(({ outcome }) => outcome === 'verified')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict.outcome === 'refused' && verdict.reason === 'wrong')).toHaveLength(9);
    expect(await counter()).toBe(6);
  });
});
