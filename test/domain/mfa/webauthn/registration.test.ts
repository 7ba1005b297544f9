import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../../../src/domain/caller.ts';
import { listMfaDevices } from '../../../../src/domain/mfa/mfa-store.ts';
import { assertionOptions } from '../../../../src/domain/mfa/webauthn/assertion.ts';
import {
  addCredential,
  registrationOptions,
  verifyRegistration,
} from '../../../../src/domain/mfa/webauthn/registration.ts';
import { bindTotp } from '../../../../src/domain/mfa/mfa.ts';
import { newTotpSecret } from '../../../../src/domain/mfa/totp.ts';
import type { CborValue } from '../../../support/cbor.ts';
import {
  createPasskeyProvider,
  createSecurityKey,
  createSoftwareAuthenticator,
  type RegistrationTweaks,
} from '../../../support/software-authenticator.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../../operation-harness.ts';
import { assert, bindNew, boundTo, creationOptions, register, registering } from './ceremonies.ts';

let harness: Harness;
let account: TestAccount;
let user: Caller;
const origin = 'https://id.example.com';
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());
beforeEach(async () => {
  user = await newUser(harness.deps.db, account.accountId, `u${randomBytes(5).toString('hex')}`);
});

/** What is said of a response that is posted as it stands. */
const post = (response: string, claim: { boundTo?: string; user?: Caller } = {}) =>
  verifyRegistration(harness.deps, { boundTo, user, response, ...claim });

interface Options {
  readonly challenge: string;
  readonly user: { readonly id: string };
  readonly [member: string]: unknown;
}

describe('what a page asks the browser for', () => {
  it('is a credential of this host, for this user, of the algorithms that are taken', () => {
    const options = creationOptions(harness, user) as Options;
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[A-Za-z0-9_-]{72}$/),
      rp: { id: 'id.example.com', name: 'id.example.com' },
      user: { id: expect.any(String), name: `${user.userName}@acme`, displayName: user.userName },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      timeout: 300_000,
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
      attestation: 'none',
      extensions: { credProps: true },
    });
    const handle = Buffer.from(options.user.id, 'base64url');
    expect(handle.toString()).toBe(`${account.accountId}:${user.userId}`);
    expect(handle.length).toBeLessThanOrEqual(64);
  });

  it('keeps an authenticator from being bound twice; authenticator apps are none', async () => {
    const { credentialId } = await bindNew(harness, user, createSecurityKey(origin));
    await bindTotp(harness.deps, user, { secret: newTotpSecret(), provedStep: 1 });
    const devices = await listMfaDevices(harness.deps.db, user.userId);
    expect(devices).toHaveLength(2);
    expect(creationOptions(harness, user, devices)).toMatchObject({
      excludeCredentials: [{ id: credentialId, type: 'public-key', transports: ['usb'] }],
    });
  });

  it('names a host without its port', () => {
    const deps = { ...harness.deps, publicUrl: 'http://localhost:8080' };
    expect(registrationOptions(deps, { boundTo, user: registering(user), devices: [] })).toMatchObject({
      rp: { id: 'localhost' },
    });
  });
});

describe('a new credential', () => {
  it('of a synchronising provider is a passkey', async () => {
    const provider = createPasskeyProvider(origin);
    const device = await bindNew(harness, user, provider);
    expect(device).toMatchObject({
      ...{ accountId: account.accountId, userId: user.userId, type: 'passkey', name: 'Test', secretSealed: null },
      ...{ signCount: 0, backupEligible: true, backedUp: true, aaguid: '00000000-0000-0000-0000-000000000000' },
      ...{ credentialId: provider.credentials[0]?.id, transports: ['internal', 'hybrid'], lastUsedAt: null },
    });
    expect(device.publicKey).toMatch(/^[A-Za-z0-9_-]{80,140}$/);
  });

  it('of a key on a key ring is a second factor, with its counter', async () => {
    const device = await bindNew(harness, user, createSecurityKey(origin), { aaguid: Buffer.alloc(16, 0xab) });
    expect(device).toMatchObject({
      ...{ type: 'security-key', signCount: 1, backupEligible: false, backedUp: false, transports: ['usb'] },
      aaguid: 'abababab-abab-abab-abab-abababababab',
    });
  });

  it.each<[string, RegistrationTweaks, 'passkey' | 'security-key']>([
    ['that is kept and checked its user', { discoverable: true, userVerified: true }, 'passkey'],
    ['that is kept, of an authenticator that checks nobody', { userVerified: false }, 'security-key'],
    ['that is not kept', { discoverable: false }, 'security-key'],
    ['of a device of which the browser says nothing else', { discoverable: null, attachment: 'platform' }, 'passkey'],
    ['of such a key', { discoverable: null, attachment: 'cross-platform' }, 'security-key'],
    ['of which nothing is known', { discoverable: null, attachment: null }, 'security-key'],
    ['of a device that checks nobody', { discoverable: null, userVerified: false }, 'security-key'],
  ])('%s: %o is a %s', async (_what, tweaks, type) => {
    const verdict = await register(harness, user, createSoftwareAuthenticator({ origin }), tweaks);
    expect(verdict).toMatchObject({ outcome: 'verified', credential: { type } });
  });

  it.each(['ES256', 'EdDSA', 'RS256'] as const)('with a key for %s is taken, and signs in', async (algorithm) => {
    const authenticator = createPasskeyProvider(origin);
    await bindNew(harness, user, authenticator, { algorithm });
    expect(await assert(harness, user, { ceremony: 'logon', authenticator })).toMatchObject({ outcome: 'verified' });
  });

  it('that vouches for itself without a certificate is taken: browsers pass that on', async () => {
    const verdict = await register(harness, user, createSecurityKey(origin), { selfAttested: true });
    expect(verdict.outcome).toBe('verified');
  });

  it('with an id of 1,023 bytes is taken', async () => {
    const verdict = await register(harness, user, createPasskeyProvider(origin), { idBytes: 1023 });
    expect(verdict.outcome).toBe('verified');
  });

  it('that is bound already is bound to nobody else, and the transaction goes on', async () => {
    const authenticator = createPasskeyProvider(origin);
    const first = await bindNew(harness, user, authenticator);
    const other = await newUser(harness.deps.db, account.accountId, `${user.userName}-other`);
    const credentialId = first.credentialId ?? '';
    const again = await register(harness, other, authenticator, { credentialId });
    if (again.outcome !== 'verified') throw new Error(again.reason);
    const refused = await refusal(addCredential(harness.deps.db, other, again.credential, 'Mine'));
    expect(refused.code).toBe('EntityAlreadyExists.User.MFADevice');
    await harness.deps.db.transaction(async (tx) => {
      expect((await refusal(addCredential(tx, other, again.credential))).code).toBe(refused.code);
      expect(await listMfaDevices(tx, other.userId)).toEqual([]);
    });
    expect(await listMfaDevices(harness.deps.db, user.userId)).toEqual([first]);
  });

  it('of twenty that bind the same credential at once one does', async () => {
    const verdict = await register(harness, user, createPasskeyProvider(origin));
    if (verdict.outcome !== 'verified') throw new Error(verdict.reason);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => addCredential(harness.deps.db, user, verdict.credential)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listMfaDevices(harness.deps.db, user.userId)).toMatchObject([{ name: 'Passkey' }]);
  });
});

describe('is refused:', () => {
  const certificate = new Map<string, CborValue>([
    ['alg', -7],
    ['sig', Buffer.alloc(70)],
    ['x5c', [Buffer.alloc(300)]],
  ]);
  it.each<[string, RegistrationTweaks]>([
    ['a page of another host', { origin: 'https://evil.example' }],
    ['a host that ends in ours', { origin: 'https://evil-id.example.com' }],
    ['a host that begins with ours', { origin: 'https://id.example.com.evil.example' }],
    ['a host below ours', { origin: 'https://x.id.example.com' }],
    ['another port of our host', { origin: 'https://id.example.com:8443' }],
    ['our host without encryption', { origin: 'http://id.example.com' }],
    ['our origin in other letters', { origin: 'https://ID.example.com' }],
    ['our origin with a path', { origin: 'https://id.example.com/' }],
    ['an app', { origin: 'android:apk-key-hash:AAAA' }],
    ['no origin', { origin: '' }],
    ['a credential of another relying party', { rpId: 'evil.example' }],
    ['a credential of the domain above', { rpId: 'example.com' }],
    ['a hash of nothing', { rpIdHash: Buffer.alloc(32) }],
    ['an assertion', { type: 'webauthn.get' }],
    ['a payment', { type: 'payment.get' }],
    ['a frame in another page', { crossOrigin: true }],
    ['a frame that names its page', { topOrigin: 'https://evil.example' }],
    ['a frame in a page that is named', { crossOrigin: true, topOrigin: 'https://id.example.com' }],
    ['nobody present', { userPresent: false }],
    ['a copy of what cannot be copied', { backupEligible: false, backedUp: true }],
    ['an algorithm that was not asked for', { algorithm: 'ES384' }],
    ['a certificate', { attestationFormat: 'packed', attestationStatement: certificate }],
    ['a certificate of an older key', { attestationFormat: 'fido-u2f', attestationStatement: certificate }],
    ['a service that vouches', { attestationFormat: 'android-safetynet', attestationStatement: new Map() }],
    ['a format that nobody knows', { attestationFormat: 'home-made' }],
    ['no attestation that says something', { attestationStatement: new Map([['alg', -7]]) }],
    [
      'a credential that vouches for another',
      {
        attestationFormat: 'packed',
        attestationStatement: new Map<string, CborValue>([
          ['alg', -7],
          ['sig', Buffer.alloc(70)],
        ]),
      },
    ],
  ])('%s', async (_what, tweaks) => {
    const verdict = await register(harness, user, createPasskeyProvider(origin), tweaks);
    expect(verdict).toEqual({ outcome: 'refused', reason: 'wrong' });
  });

  it('another id than the authenticator’s own', async () => {
    const response = createPasskeyProvider(origin).register(creationOptions(harness, user));
    const other = randomBytes(32).toString('base64url');
    const said = JSON.parse(response) as Record<string, unknown>;
    expect(await post(JSON.stringify({ ...said, id: other, rawId: other }))).toEqual({
      ...{ outcome: 'refused', reason: 'wrong' },
    });
  });

  it('a key that no authenticator makes', async () => {
    const keyOf = (bytes: number) =>
      new Map<number, CborValue>([
        ...[[1, 3] as const, [3, -257] as const],
        [-1, Buffer.alloc(bytes, 0xff)],
        [-2, Buffer.from('AQAB', 'base64')],
      ]);
    for (const [bytes, expected] of [
      [512, { outcome: 'verified' }],
      [1024, { outcome: 'refused', reason: 'wrong' }],
    ] as const) {
      const coseKey = keyOf(bytes);
      expect(await register(harness, user, createPasskeyProvider(origin), { coseKey })).toMatchObject(expected);
    }
  });

  it('an answer that comes ten minutes late', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 601_000 });
    const options = creationOptions(harness, user);
    vi.useRealTimers();
    expect(await post(createPasskeyProvider(origin).register(options))).toEqual({
      outcome: 'refused',
      reason: 'stale',
    });
  });

  it('a challenge that was not made for this', async () => {
    const other = await newUser(harness.deps.db, account.accountId, `${user.userName}-other`);
    const provider = createPasskeyProvider(origin);
    const { challenge } = assertionOptions(harness.deps, { ceremony: 'confirm', boundTo }) as Options;
    const own = () => provider.register(creationOptions(harness, user));
    for (const verdict of [
      // The handle that the authenticator keeps would be another's.
      await post(provider.register(creationOptions(harness, other))),
      await post(own(), { user: other }),
      await post(own(), { boundTo: 'acme:uid-2' }),
      await post(own(), { boundTo: 'beta:uid-1' }),
      await post(provider.register(creationOptions(harness, user), { challenge })),
      await post(provider.register(creationOptions(harness, user), { challenge: 'AAAA' })),
      await post(provider.register(creationOptions(harness, user), { challenge: '' })),
    ])
      expect(verdict).toEqual({ outcome: 'refused', reason: 'stale' });
    expect((await post(own())).outcome).toBe('verified');
  });

  it('an answer that was posted before, also at the same moment', async () => {
    const response = createPasskeyProvider(origin).register(creationOptions(harness, user));
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => post(response)));
    expect(verdicts.filter(({ outcome }) => outcome === 'verified')).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict.outcome === 'refused' && verdict.reason === 'spent')).toHaveLength(19);
    expect(await post(response)).toEqual({ outcome: 'refused', reason: 'spent' });
  });
});
