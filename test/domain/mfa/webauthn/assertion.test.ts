import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newKeyRingEntry, parseKeyRing } from '../../../../src/crypto/key-ring.ts';
import type { Caller } from '../../../../src/domain/caller.ts';
import { bindTotp } from '../../../../src/domain/mfa/mfa.ts';
import { deleteMfaDevice } from '../../../../src/domain/mfa/mfa-store.ts';
import { newTotpSecret } from '../../../../src/domain/mfa/totp.ts';
import { assertionOptions, verifyAssertion } from '../../../../src/domain/mfa/webauthn/assertion.ts';
import { userHandleOf } from '../../../../src/domain/mfa/webauthn/relying-party.ts';
import {
  type AssertionTweaks,
  createPasskeyProvider,
  createSecurityKey,
  createSoftwareAuthenticator,
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
const another = (what: string): Promise<Caller> =>
  newUser(harness.deps.db, account.accountId, `${user.userName}-${what}`);

describe('what a page asks the browser for', () => {
  it('at the start of a logon is any passkey of this host that checks its user, and names none', async () => {
    const options = await requestOptions(harness, user, 'logon');
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{72}$/),
      ...{ rpId: 'id.example.com', timeout: 300_000, userVerification: 'required', allowCredentials: [] },
    });
  });

  it.each(['second-factor', 'confirm'] as const)('for %s is one of the user’s credentials', async (ceremony) => {
    const key = await bindNew(harness, user, createSecurityKey(origin));
    await bindTotp(harness.deps, user, { secret: newTotpSecret(), provedStep: 1 });
    expect(await requestOptions(harness, user, ceremony)).toMatchObject({
      userVerification: 'preferred',
      allowCredentials: [
        { id: passkey.credentials[0]?.id, type: 'public-key', transports: ['internal', 'hybrid'] },
        { id: key.credentialId, type: 'public-key', transports: ['usb'] },
      ],
    });
  });
});

describe('a right answer', () => {
  it('at a logon says who it is and that two factors were shown, and leaves its trace', async () => {
    expect(await logOn({ backedUp: false })).toEqual({
      ...{ outcome: 'verified', userId: user.userId, mfaDeviceId: deviceId },
      ...{ userVerified: true, backupEligible: true },
    });
    const { lastUsedAt, backedUp } = await row();
    expect([Math.abs((lastUsedAt?.getTime() ?? 0) - Date.now()) < 60_000, backedUp]).toEqual([true, false]);
  });

  it.each(['second-factor', 'confirm'] as const)(
    'for %s of a key that only somebody touched counts as one',
    async (ceremony) => {
      const authenticator = createSecurityKey(origin);
      const { mfaDeviceId } = await bindNew(harness, user, authenticator);
      expect(await assert(harness, user, { ceremony, authenticator })).toEqual({
        ...{ outcome: 'verified', userId: user.userId, mfaDeviceId, userVerified: false, backupEligible: false },
      });
      expect((await deviceRow(harness, mfaDeviceId)).signCount).toBe(2);
      expect((await row()).lastUsedAt).toBeNull();
    },
  );

  it('need not say whose it is where that is known, as a second factor', async () => {
    expect(await confirm({ userHandle: null })).toMatchObject({ outcome: 'verified' });
  });

  it('counts as given under an older key of the ring', async () => {
    const response = passkey.assert(await requestOptions(harness, user, 'logon'));
    const parsed = parseKeyRing(newKeyRingEntry('newer'));
    if (!('ring' in parsed)) throw new Error(parsed.faults.join());
    const claim = { ceremony: 'logon', boundTo, accountId: account.accountId, response } as const;
    const without = await verifyAssertion({ ...harness.deps, keyRing: parsed.ring }, claim);
    expect(without).toEqual(refusedAs('stale'));
    const keyRing = { keys: [...parsed.ring.keys, ...harness.deps.keyRing.keys] };
    expect(await verifyAssertion({ ...harness.deps, keyRing }, claim)).toMatchObject({ outcome: 'verified' });
  });
});

describe('is refused, and leaves no trace:', () => {
  it.each<[string, AssertionTweaks]>([
    ['a page of another host', { origin: 'https://evil.example' }],
    ['a host that ends in ours', { origin: 'https://evil-id.example.com' }],
    ['a host that begins with ours', { origin: 'https://id.example.com.evil.example' }],
    ['a host below ours', { origin: 'https://x.id.example.com' }],
    ['another port of our host', { origin: 'https://id.example.com:8443' }],
    ['our host without encryption', { origin: 'http://id.example.com' }],
    ['our origin with a path', { origin: 'https://id.example.com/' }],
    ['an app', { origin: 'android:apk-key-hash:AAAA' }],
    ['a credential of another relying party', { rpId: 'evil.example' }],
    ['a credential of the domain above', { rpId: 'example.com' }],
    ['a hash of nothing', { rpIdHash: Buffer.alloc(32) }],
    ['a short hash', { rpIdHash: Buffer.alloc(8) }],
    ['a registration', { type: 'webauthn.create' }],
    ['a frame in another page', { crossOrigin: true }],
    ['a frame that names its page', { topOrigin: 'https://evil.example' }],
    ['a frame in a page that is named', { crossOrigin: true, topOrigin: 'https://id.example.com' }],
    ['nobody present', { userPresent: false }],
    ['a credential that cannot be copied any more', { backupEligible: false, backedUp: false }],
    ['a copy of what cannot be copied', { backupEligible: false, backedUp: true }],
    ['no signature to speak of', { signature: 'AAAA' }],
    ['a signature of nothing', { signature: Buffer.alloc(70, 0x30).toString('base64url') }],
    ['the user handle of nobody', { userHandle: Buffer.from('1:2').toString('base64url') }],
  ])('%s', async (_what, tweaks) => {
    const before = await row();
    expect(await logOn(tweaks)).toEqual(refusedAs('wrong'));
    expect(await confirm(tweaks)).toEqual(refusedAs('wrong'));
    expect(await row()).toEqual(before);
  });

  it('a logon with nobody verified, or that does not say whose it is', async () => {
    const before = await row();
    expect(await logOn({ userVerified: false })).toEqual(refusedAs('wrong'));
    expect(await logOn({ userHandle: null })).toEqual(refusedAs('wrong'));
    expect(await row()).toEqual(before);
  });

  it('the handle of another user, of the same account or another', async () => {
    const other = await another('other');
    const elsewhere = (await newAccount(harness)).accountId;
    for (const owner of [other, { accountId: elsewhere, userId: user.userId }]) {
      expect(await logOn({ userHandle: userHandleOf(owner) })).toEqual(refusedAs('wrong'));
      expect(await confirm({ userHandle: userHandleOf(owner) })).toEqual(refusedAs('wrong'));
    }
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('a signature by another key under the id of the passkey', async () => {
    const stranger = createPasskeyProvider(origin);
    stranger.register(creationOptions(harness, user));
    const [own] = passkey.credentials;
    const [strange] = stranger.credentials;
    if (own === undefined || strange === undefined) throw new Error('no credential');
    const forged = { ...strange, id: own.id };
    expect(await logOn({ credential: forged }, stranger)).toEqual(refusedAs('wrong'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('a signature of the same key over something else', async () => {
    const [first, second] = [
      await requestOptions(harness, user, 'logon'),
      await requestOptions(harness, user, 'logon'),
    ];
    const { signature } = (JSON.parse(passkey.assert(first)) as { response: { signature: string } }).response;
    const response = passkey.assert(second, { signature });
    expect(await verify(harness, user, 'logon', response)).toEqual(refusedAs('wrong'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('an unknown credential', async () => {
    const stranger = createPasskeyProvider(origin);
    stranger.register(creationOptions(harness, user));
    const options = await requestOptions(harness, user, 'logon');
    expect(await verify(harness, user, 'logon', stranger.assert(options))).toEqual(refusedAs('unknown'));
  });

  it('a passkey of another account: all accounts share the host, so browsers offer it', async () => {
    const elsewhere = (await newAccount(harness)).admin;
    for (const ceremony of ['logon', 'second-factor', 'confirm'] as const) {
      const options = assertionOptions(harness.deps, { ceremony, boundTo });
      expect(await verify(harness, elsewhere, ceremony, passkey.assert(options))).toEqual(refusedAs('unknown'));
    }
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('a passkey of another user, where it is known who must answer', async () => {
    const other = await another('other');
    for (const ceremony of ['second-factor', 'confirm'] as const) {
      const options = assertionOptions(harness.deps, { ceremony, boundTo });
      expect(await verify(harness, other, ceremony, passkey.assert(options))).toEqual(refusedAs('unknown'));
    }
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('nobody’s passkey, where nobody says who must answer', async () => {
    const options = assertionOptions(harness.deps, { ceremony: 'confirm', boundTo });
    const claim = {
      ceremony: 'confirm',
      boundTo,
      accountId: account.accountId,
      response: passkey.assert(options),
    } as const;
    expect(await verifyAssertion(harness.deps, claim)).toEqual(refusedAs('unknown'));
  });

  it('a security key in place of a password, though it checks its user', async () => {
    const authenticator = createSoftwareAuthenticator({ origin, discoverable: false });
    const { mfaDeviceId, type } = await bindNew(harness, user, authenticator);
    const userHandle = userHandleOf(user);
    expect([type, await logOn({ userHandle }, authenticator)]).toEqual(['security-key', refusedAs('unknown')]);
    expect((await deviceRow(harness, mfaDeviceId)).lastUsedAt).toBeNull();
    expect(await confirm({}, authenticator)).toMatchObject({ outcome: 'verified' });
  });

  it('a passkey that was removed', async () => {
    const options = await requestOptions(harness, user, 'logon');
    await deleteMfaDevice(harness.deps.db, user.userId, deviceId);
    expect(await verify(harness, user, 'logon', passkey.assert(options))).toEqual(refusedAs('unknown'));
  });
});
