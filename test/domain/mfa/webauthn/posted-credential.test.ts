import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../../src/domain/caller.ts';
import { verifyRegistration } from '../../../../src/domain/mfa/webauthn/registration.ts';
import { createPasskeyProvider, type SoftwareAuthenticator } from '../../../support/software-authenticator.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../../operation-harness.ts';
import { bindNew, boundTo, creationOptions, deviceRow, requestOptions, verify } from './ceremonies.ts';

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

const row = () => deviceRow(harness, deviceId);
const refusedAs = (reason: string) => ({ outcome: 'refused', reason });

const withResponse = (said: Record<string, unknown>, members: object): Record<string, unknown> => ({
  ...said,
  response: { ...(said['response'] as object), ...members },
});

describe('posted as a registration', () => {
  const malformed = { outcome: 'refused', reason: 'malformed' } as const;
  const post = (response: string) => verifyRegistration(harness.deps, { boundTo, user, response });
  const good = (): Record<string, unknown> =>
    JSON.parse(createPasskeyProvider(origin).register(creationOptions(harness, user))) as Record<string, unknown>;

  it.each<[string, (said: Record<string, unknown>) => unknown]>([
    ['null', () => null],
    ['a list', (said) => [said]],
    ['a number', () => 7],
    ['no id', ({ id: _id, ...said }) => said],
    ['an id with a null character', (said) => ({ ...said, id: 'AA\0A', rawId: 'AA\0A' })],
    ['an id of other letters', (said) => ({ ...said, id: 'a b', rawId: 'a b' })],
    ['an id that is too long', (said) => ({ ...said, id: 'A'.repeat(1366), rawId: 'A'.repeat(1366) })],
    ['an id that is a number', (said) => ({ ...said, id: 5 })],
    ['another type', (said) => ({ ...said, type: 'password' })],
    ['an attachment that nobody knows', (said) => ({ ...said, authenticatorAttachment: 'thumb' })],
    ['no response', (said) => ({ ...said, response: undefined })],
    ['a response that is text', (said) => ({ ...said, response: 'x' })],
    ['client data that is no JSON', (said) => withResponse(said, { clientDataJSON: 'AAAA' })],
    ['client data that is null', (said) => withResponse(said, { clientDataJSON: 'bnVsbA' })],
    ['client data in other letters', (said) => withResponse(said, { clientDataJSON: 'e30=' })],
    ['an attestation that is a list', (said) => withResponse(said, { attestationObject: ['AA'] })],
    ['transports that are text', (said) => withResponse(said, { transports: 'usb' })],
    ['transports of another form', (said) => withResponse(said, { transports: ['<script>'] })],
    ['many transports', (said) => withResponse(said, { transports: Array<string>(11).fill('usb') })],
    ['extensions of another form', (said) => ({ ...said, clientExtensionResults: { credProps: { rk: 'yes' } } })],
    ['sixteen kilobytes', (said) => ({ ...said, filler: 'x'.repeat(16_384) })],
  ])('%s is not readable, and says so', async (_what, spoil) => {
    expect(await post(JSON.stringify(spoil(good())))).toEqual(malformed);
  });

  it.each(['', ' ', '{', '"', 'undefined', '\0', '{"__proto__":{"id":"A"}}', '['.repeat(16_000)])(
    'the text %j is not readable either',
    async (text) => {
      expect(await post(text)).toEqual(malformed);
    },
  );

  it('bytes changed anywhere in a good answer never throw, and never make another credential', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.string({ minLength: 1, maxLength: 3 }), async (position, piece) => {
        const response = JSON.stringify(good());
        const at = position % response.length;
        const verdict = await post(response.slice(0, at) + piece + response.slice(at + piece.length));
        if (verdict.outcome === 'verified') expect(response).toContain(verdict.credential.credentialId);
      }),
      { numRuns: 60 },
    );
  });

  it('CBOR of any kind for an attestation never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const attestationObject = Buffer.from(bytes).toString('base64url');
        const verdict = await post(JSON.stringify(withResponse(good(), { attestationObject })));
        expect(verdict).toEqual({ outcome: 'refused', reason: 'wrong' });
      }),
      { numRuns: 60 },
    );
  });

  it('lists in lists in lists do not exhaust the stack', async () => {
    for (const byte of [0x81, 0xa1, 0xd8]) {
      const attestationObject = Buffer.alloc(10_000, byte).toString('base64url');
      expect(await post(JSON.stringify(withResponse(good(), { attestationObject })))).toEqual({
        ...{ outcome: 'refused', reason: 'wrong' },
      });
    }
  });
});

describe('posted as an assertion', () => {
  const good = async (): Promise<Record<string, unknown>> =>
    JSON.parse(passkey.assert(await requestOptions(harness, user, 'logon'))) as Record<string, unknown>;
  const post = (text: string) => verify(harness, user, 'logon', text);

  it.each<[string, (said: Record<string, unknown>) => unknown]>([
    ['null', () => null],
    ['text', () => 'passkey'],
    ['no id', ({ id: _id, ...said }) => said],
    ['an id with a null character', (said) => ({ ...said, id: 'AA\0A' })],
    ['an id that is a list', (said) => ({ ...said, id: ['A'] })],
    ['another type', (said) => ({ ...said, type: 'password' })],
    ['no signature', (said) => withResponse(said, { signature: undefined })],
    ['a signature that is a number', (said) => withResponse(said, { signature: 1 })],
    ['authenticator data in other letters', (said) => withResponse(said, { authenticatorData: '<>' })],
    ['client data that is no JSON', (said) => withResponse(said, { clientDataJSON: 'AAAA' })],
    ['client data without a challenge', (said) => withResponse(said, { clientDataJSON: 'e30' })],
    ['a user handle that is too long', (said) => withResponse(said, { userHandle: 'A'.repeat(87) })],
    ['a user handle with a null character', (said) => withResponse(said, { userHandle: '\0' })],
    ['sixteen kilobytes', (said) => ({ ...said, filler: 'x'.repeat(16_384) })],
  ])('%s is not readable, and says so', async (_what, spoil) => {
    expect(await post(JSON.stringify(spoil(await good())))).toEqual(refusedAs('malformed'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it.each(['', '{', 'null', '\0', '{"id":{}}', '{"__proto__":{"id":"A"}}', '['.repeat(16_000)])(
    'the text %j is not readable either',
    async (text) => {
      expect(await post(text)).toEqual(refusedAs('malformed'));
    },
  );

  it('an id that differs from its copy is wrong', async () => {
    expect(await post(JSON.stringify({ ...(await good()), rawId: 'AAAA' }))).toEqual(refusedAs('wrong'));
  });

  it('authenticator data of any bytes, with extensions that are none, is wrong', async () => {
    const start = Buffer.alloc(37, 0xff);
    for (const authenticatorData of ['AA', start.toString('base64url'), Buffer.alloc(9000, 0x81).toString('base64url')])
      expect(await post(JSON.stringify(withResponse(await good(), { authenticatorData })))).toEqual(refusedAs('wrong'));
    expect((await row()).lastUsedAt).toBeNull();
  });

  it('any JSON in place of any part never throws, and never gets in', async () => {
    const places = ['id', 'rawId', 'type', 'response', 'clientDataJSON', 'authenticatorData', 'signature'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
        const said = await good();
        const spoilt = place in said ? { ...said, [place]: value } : withResponse(said, { [place]: value });
        expect((await post(JSON.stringify(spoilt))).outcome).toBe('refused');
      }),
      { numRuns: 100 },
    );
    expect((await row()).lastUsedAt).toBeNull();
  });
});
