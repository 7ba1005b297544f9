import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type CborValue, encodeCbor } from './cbor.ts';

/** COSE algorithms (RFC 9053). The server takes the first three. */
export type CoseAlgorithm = 'ES256' | 'EdDSA' | 'RS256' | 'ES384';

export interface SoftwareCredential {
  /** base64url */
  readonly id: string;
  readonly algorithm: CoseAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly rpId: string;
  /** base64url; what the server said when it was made. */
  readonly userHandle: string;
}

/** The page's options, as the server put them into it: an object, or its JSON. */
export type PageOptions = object | string;

/** What a test has an authenticator say. Whatever is left out is right. */
export interface Tweaks {
  readonly origin?: string;
  readonly challenge?: string;
  /** Of the client data: `webauthn.create`, `webauthn.get`. */
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  /** Whose hash stands in the authenticator data. */
  readonly rpId?: string;
  readonly rpIdHash?: Uint8Array;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly counter?: number;
  /** The id that the answer bears. */
  readonly credentialId?: string;
  /** Of the credential: `public-key`. */
  readonly credentialType?: string;
  readonly attachment?: 'platform' | 'cross-platform' | null;
  /** Members of the client data beside those above. */
  readonly clientData?: Readonly<Record<string, unknown>>;
}

export interface RegistrationTweaks extends Tweaks {
  readonly algorithm?: CoseAlgorithm;
  /** The public key that is told, in place of the credential's own. */
  readonly coseKey?: ReadonlyMap<number, CborValue>;
  /** What the extension credProps says; null: it says nothing. */
  readonly discoverable?: boolean | null;
  readonly transports?: readonly string[];
  /** Bytes of the new credential's id. */
  readonly idBytes?: number;
  readonly attestationFormat?: string;
  readonly attestationStatement?: ReadonlyMap<string, CborValue>;
  /** The credential vouches for itself (format `packed`, no certificate). */
  readonly selfAttested?: boolean;
  readonly aaguid?: Uint8Array;
}

export interface AssertionTweaks extends Tweaks {
  /** base64url; null: none is sent. */
  readonly userHandle?: string | null;
  /** base64url */
  readonly signature?: string;
  /** Which credential answers; else the last one of the relying party that the options allow. */
  readonly credential?: SoftwareCredential;
}

/** How this authenticator is, unless a tweak says otherwise. */
export interface AuthenticatorKind {
  /** The page's: `https://id.example.com`. */
  readonly origin: string;
  /** True: it checks a finger or a PIN at each use. */
  readonly userVerified?: boolean;
  readonly discoverable?: boolean | null;
  readonly attachment?: 'platform' | 'cross-platform';
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  /** Counts its uses; synchronised passkeys do not. */
  readonly counts?: boolean;
  readonly transports?: readonly string[];
}

/** A passkey provider or security key without a browser: it answers with the JSON that a page posts as `passkey_response`. */
export interface SoftwareAuthenticator {
  readonly credentials: readonly SoftwareCredential[];
  readonly register: (options: PageOptions, tweaks?: RegistrationTweaks) => string;
  readonly assert: (options: PageOptions, tweaks?: AssertionTweaks) => string;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

const read = <Options>(options: PageOptions): Options =>
  (typeof options === 'string' ? JSON.parse(options) : options) as Options;

const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer');

export function createSoftwareAuthenticator(kind: AuthenticatorKind): SoftwareAuthenticator {
  const credentials: SoftwareCredential[] = [];
  const uses = { count: 0 };
  const nextCounter = (): number => {
    uses.count += 1;
    return kind.counts === true ? uses.count : 0;
  };
  return {
    credentials,
    register: (options, tweaks = {}) => {
      const asked = read<CreationOptions>(options);
      const made = newCredential(asked, tweaks);
      credentials.push(made);
      return attest(made, asked.challenge, { counter: nextCounter(), ...kind, ...tweaks });
    },
    assert: (options, tweaks = {}) => {
      const asked = read<RequestOptions>(options);
      const credential = tweaks.credential ?? pick(credentials, asked);
      return answer(credential, asked.challenge, { counter: nextCounter(), ...kind, ...tweaks });
    },
  };
}

/** A phone or a computer that keeps passkeys and checks who uses them. */
export const createPasskeyProvider = (origin: string): SoftwareAuthenticator =>
  createSoftwareAuthenticator({ origin, backupEligible: true, backedUp: true });

/** A key on a key ring: somebody touches it, and it counts. */
export const createSecurityKey = (origin: string): SoftwareAuthenticator =>
  createSoftwareAuthenticator({
    ...{ origin, userVerified: false, discoverable: false, attachment: 'cross-platform', counts: true },
    transports: ['usb'],
  });

function pick(credentials: readonly SoftwareCredential[], { rpId, allowCredentials = [] }: RequestOptions) {
  const allowed = ({ id }: SoftwareCredential): boolean =>
    allowCredentials.length === 0 || allowCredentials.some((one) => one.id === id);
  const found = credentials.findLast((credential) => credential.rpId === rpId && allowed(credential));
  if (found === undefined) throw new Error('the authenticator has no credential that was asked for');
  return found;
}

function newKeys(algorithm: CoseAlgorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

function newCredential(
  { rp, user }: CreationOptions,
  { algorithm = 'ES256', idBytes = 32, credentialId }: RegistrationTweaks,
): SoftwareCredential {
  const id = credentialId ?? randomBytes(idBytes).toString('base64url');
  return { id, algorithm, ...newKeys(algorithm), rpId: rp.id, userHandle: user.id };
}

/** RFC 9052 section 7, RFC 9053 section 7, RFC 8230 section 4. */
function coseKeyOf({ algorithm, publicKey }: SoftwareCredential): ReadonlyMap<number, CborValue> {
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (value: string | undefined): Buffer => Buffer.from(value ?? '', 'base64url');
  const members: Readonly<Record<CoseAlgorithm, () => [number, CborValue][]>> = {
    ES256: () => [...pairs([1, 2], [3, -7], [-1, 1]), [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]],
    ES384: () => [...pairs([1, 2], [3, -35], [-1, 2]), [-2, bytes(jwk.x)], [-3, bytes(jwk.y)]],
    EdDSA: () => [...pairs([1, 1], [3, -8], [-1, 6]), [-2, bytes(jwk.x)]],
    RS256: () => [...pairs([1, 3], [3, -257]), [-1, bytes(jwk.n)], [-2, bytes(jwk.e)]],
  };
  return new Map(members[algorithm]());
}

const pairs = (...all: [number, CborValue][]): [number, CborValue][] => all;

interface Said extends Tweaks {
  readonly origin: string;
  readonly counter: number;
}

/** WebAuthn section 5.8.1. */
const clientDataOf = (challenge: string, fallbackType: string, said: Said): string =>
  JSON.stringify({
    type: said.type ?? fallbackType,
    challenge: said.challenge ?? challenge,
    origin: said.origin,
    crossOrigin: said.crossOrigin ?? false,
    ...(said.topOrigin === undefined ? {} : { topOrigin: said.topOrigin }),
    ...said.clientData,
  });

/** WebAuthn section 6.1. */
function authenticatorData(rpId: string, said: Said, attested: Uint8Array = Buffer.alloc(0)): Buffer {
  const bit = (on: boolean, position: number): number => (on ? 1 << position : 0);
  const flags =
    bit(said.userPresent ?? true, 0) |
    bit(said.userVerified ?? true, 2) |
    bit(said.backupEligible ?? false, 3) |
    bit(said.backedUp ?? false, 4) |
    bit(attested.length > 0, 6);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(said.counter);
  return Buffer.concat([said.rpIdHash ?? sha256(said.rpId ?? rpId), Buffer.from([flags]), counter, attested]);
}

const publicJson = (id: string, said: Said, response: object, extensions: object): string =>
  JSON.stringify({
    id,
    rawId: id,
    type: said.credentialType ?? 'public-key',
    ...(said.attachment === null ? {} : { authenticatorAttachment: said.attachment ?? 'platform' }),
    response,
    clientExtensionResults: extensions,
  });

/** WebAuthn section 6.3.3, figure 4. */
function signatureOf({ algorithm, privateKey }: SoftwareCredential, data: Uint8Array, clientData: Uint8Array): Buffer {
  const digest = algorithm === 'EdDSA' ? null : algorithm === 'ES384' ? 'sha384' : 'sha256';
  return sign(digest, Buffer.concat([data, sha256(clientData)]), privateKey);
}

function attest(credential: SoftwareCredential, challenge: string, said: Said & RegistrationTweaks): string {
  const id = Buffer.from(credential.id, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(id.length);
  const attested = [said.aaguid ?? Buffer.alloc(16), length, id, encodeCbor(said.coseKey ?? coseKeyOf(credential))];
  const data = authenticatorData(credential.rpId, said, Buffer.concat(attested));
  const clientData = Buffer.from(clientDataOf(challenge, 'webauthn.create', said));
  const vouching = new Map<string, CborValue>([
    ['alg', Number(coseKeyOf(credential).get(3))],
    ['sig', signatureOf(credential, data, clientData)],
  ]);
  const [format, statement] = said.selfAttested === true ? ['packed', vouching] : ['none', new Map()];
  const attestation = new Map<string, CborValue>([
    ['fmt', said.attestationFormat ?? format],
    ['attStmt', said.attestationStatement ?? statement],
    ['authData', data],
  ]);
  const response = {
    clientDataJSON: clientData.toString('base64url'),
    attestationObject: encodeCbor(attestation).toString('base64url'),
    transports: said.transports ?? ['internal', 'hybrid'],
  };
  const { discoverable = true } = said;
  return publicJson(credential.id, said, response, discoverable === null ? {} : { credProps: { rk: discoverable } });
}

function answer(
  credential: SoftwareCredential,
  challenge: string,
  said: Said & AssertionTweaks & Pick<AuthenticatorKind, 'discoverable'>,
): string {
  const clientData = Buffer.from(clientDataOf(challenge, 'webauthn.get', said));
  const data = authenticatorData(credential.rpId, said);
  // A credential that is not kept on the authenticator does not say whose it is.
  const { userHandle = said.discoverable === false ? null : credential.userHandle } = said;
  const response = {
    clientDataJSON: clientData.toString('base64url'),
    authenticatorData: data.toString('base64url'),
    signature: said.signature ?? signatureOf(credential, data, clientData).toString('base64url'),
    ...(userHandle === null ? {} : { userHandle }),
  };
  return publicJson(said.credentialId ?? credential.id, said, response, {});
}
