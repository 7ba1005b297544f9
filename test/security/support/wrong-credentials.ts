import type { CborValue } from '../../support/cbor.ts';
import type { AssertionTweaks, RegistrationTweaks } from '../../support/software-authenticator.ts';

/** One thing wrong each; all else is right. */
export const wrongAssertions: readonly (readonly [what: string, tweaks: AssertionTweaks])[] = [
  ['of a page of another host', { origin: 'https://evil.example' }],
  ['of a host that begins with ours', { origin: 'http://localhost.evil.example' }],
  ['of another port', { origin: 'http://localhost:1' }],
  ['of another relying party', { rpId: 'evil.example' }],
  ['that is a registration', { type: 'webauthn.create' }],
  ['out of a frame', { crossOrigin: true }],
  ['with nobody present', { userPresent: false }],
  ['with a challenge of its own', { challenge: Buffer.alloc(54, 7).toString('base64url') }],
  ['without a challenge', { challenge: '' }],
  ['with a signature of nothing', { signature: Buffer.alloc(70, 0x30).toString('base64url') }],
  ['that says it is somebody else’s', { userHandle: Buffer.from('1:2').toString('base64url') }],
  ['that has become another kind of credential', { backupEligible: false, backedUp: false }],
];

const coseKey = (...members: readonly (readonly [number, CborValue])[]): ReadonlyMap<number, CborValue> =>
  new Map(members);

const certified: ReadonlyMap<string, CborValue> = new Map<string, CborValue>([
  ['alg', -7],
  ['sig', Buffer.alloc(70, 0x30)],
  ['x5c', [Buffer.alloc(64, 0x30)]],
]);

export const wrongRegistrations: readonly (readonly [what: string, tweaks: RegistrationTweaks])[] = [
  ['of a page of another host', { origin: 'https://evil.example' }],
  ['of another relying party', { rpId: 'evil.example' }],
  ['that is an assertion', { type: 'webauthn.get' }],
  ['out of a frame', { topOrigin: 'https://evil.example' }],
  ['with nobody present', { userPresent: false }],
  ['with a challenge of its own', { challenge: Buffer.alloc(54, 7).toString('base64url') }],
  ['of an algorithm that was not asked for', { algorithm: 'ES384' }],
  ['of an algorithm that nobody knows', { coseKey: coseKey([1, 2], [3, 0]) }],
  ['of a key that is no public one', { coseKey: coseKey([1, 4], [3, -7]) }],
  ['of a key without its numbers', { coseKey: coseKey([1, 2], [3, -7], [-1, 1]) }],
  [
    'of a point that is not on the curve',
    { coseKey: coseKey([1, 2], [3, -7], [-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 1)]) },
  ],
  ['of nothing for a key', { coseKey: coseKey() }],
  ['of no attestation that says something', { attestationStatement: new Map([['alg', -7]]) }],
  ['with certificates that nobody asked for', { attestationFormat: 'packed', attestationStatement: certified }],
  ['of another kind of attestation', { attestationFormat: 'fido-u2f', attestationStatement: certified }],
  ['of an attestation that nobody knows', { attestationFormat: 'android-safetynet' }],
  ['of a credential id beyond all measure', { idBytes: 1024 }],
  ['of no credential id', { idBytes: 0 }],
];

/** What no authenticator says. */
export const garbage: readonly string[] = [
  ...['', ' ', '{', 'null', '[]', '7', '"passkey"', '\0', '{"__proto__":{"id":"A"}}', '{"id":{}}'],
  ...['['.repeat(8000), JSON.stringify({ id: 'A'.repeat(17_000) }), '{"response":{"clientDataJSON":"bnVsbA"}}'],
];
