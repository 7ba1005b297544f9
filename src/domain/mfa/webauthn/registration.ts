import type { VerifiedRegistrationResponse } from '@simplewebauthn/server';
import type { KeyRing } from '../../../crypto/key-ring.ts';
import { newPrefixedId } from '../../../crypto/random-ids.ts';
import type { Database } from '../../../storage/db/database.ts';
import { AppError } from '../../app-error.ts';
import type { MfaDeviceRow } from '../mfa-store.ts';
import { credentialDescriptors } from './assertion.ts';
import { type ChallengePurpose, newChallenge, readChallenge, spendChallenge } from './challenge.ts';
import { insertCredential } from './credentials-store.ts';
import { isTopLevel, type PostedRegistration, readRegistration } from './posted-credential.ts';
import {
  acceptedAlgorithms,
  browserTimeoutMs,
  type CredentialOwner,
  type RefusalReason,
  relyingPartyId,
  userHandleOf,
  type WebAuthnDeps,
} from './relying-party.ts';

/** Whom the browser and the authenticator show the new credential as. */
export interface RegisteringUser extends CredentialOwner {
  /** The whole logon name: `alice@acme`. */
  readonly principal: string;
  readonly displayName: string;
}

/** A credential that was verified and is bound to nobody yet. */
export interface NewCredential {
  readonly type: 'passkey' | 'security-key';
  /** base64url */
  readonly credentialId: string;
  /** COSE key, base64url. */
  readonly publicKey: string;
  readonly signCount: number;
  readonly transports: readonly string[];
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  readonly aaguid: string;
}

export type RegistrationVerdict =
  | { readonly outcome: 'verified'; readonly credential: NewCredential }
  | { readonly outcome: 'refused'; readonly reason: Exclude<RefusalReason, 'unknown'> };

const defaultCredentialNames: Readonly<Record<NewCredential['type'], string>> = {
  passkey: 'Passkey',
  'security-key': 'Security key',
};

/** An RSA key of 4,096 bits has 532 bytes; more is no key that an authenticator makes. */
const mostKeyBytes = 1024;

interface RegistrationRequest {
  /** The logon or session for whose page it is: `<issuer name>:<uid>`. */
  readonly boundTo: string;
  readonly user: RegisteringUser;
  /** The user's, so that no authenticator is bound twice. */
  readonly devices: readonly MfaDeviceRow[];
}

/** PublicKeyCredentialCreationOptionsJSON for a page. Writes nothing. */
export function registrationOptions(
  { keyRing, publicUrl }: { readonly keyRing: KeyRing; readonly publicUrl: string },
  { boundTo, user, devices }: RegistrationRequest,
): object {
  const id = relyingPartyId(publicUrl);
  return {
    challenge: newChallenge(keyRing, purposeOf(boundTo, user)),
    rp: { id, name: id },
    user: { id: userHandleOf(user), name: user.principal, displayName: user.displayName },
    pubKeyCredParams: acceptedAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: browserTimeoutMs,
    excludeCredentials: credentialDescriptors(devices),
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'preferred' },
    attestation: 'none',
    extensions: { credProps: true },
  };
}

/** The authenticator keeps the handle that these options name, so nobody else may bind what comes of them. */
const purposeOf = (boundTo: string, owner: CredentialOwner): ChallengePurpose => ({
  ceremony: 'register',
  boundTo: JSON.stringify([boundTo, userHandleOf(owner)]),
});

interface RegistrationClaim {
  readonly boundTo: string;
  readonly user: CredentialOwner;
  /** JSON text, as the form posted it. */
  readonly response: string;
}

/** Verifies what a page posted (WebAuthn section 7.1). The challenge is used up whatever comes of it. Never throws for what was posted. */
export async function verifyRegistration(
  { ephemeral, keyRing, publicUrl }: Omit<WebAuthnDeps, 'db'>,
  { boundTo, user, response }: RegistrationClaim,
): Promise<RegistrationVerdict> {
  const posted = readRegistration(response);
  if (posted === undefined) return { outcome: 'refused', reason: 'malformed' };
  const challenge = readChallenge(keyRing, purposeOf(boundTo, user), posted.clientData.challenge);
  if (challenge === undefined) return { outcome: 'refused', reason: 'stale' };
  if (!(await spendChallenge(ephemeral, challenge))) return { outcome: 'refused', reason: 'spent' };
  const credential = isTopLevel(posted.clientData) ? await prove(publicUrl, posted) : undefined;
  return credential === undefined ? { outcome: 'refused', reason: 'wrong' } : { outcome: 'verified', credential };
}

type RegistrationInfo = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;

async function prove(publicUrl: string, posted: PostedRegistration): Promise<NewCredential | undefined> {
  // Takes a quarter of a second to load, which no start of the server should wait for.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { clientDataJSON, attestationObject } = posted.response;
  const { id, rawId, type, clientData } = posted;
  try {
    if (!(await hasPlainAttestation(attestationObject))) return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { id, rawId, type, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      expectedChallenge: clientData.challenge,
      expectedOrigin: publicUrl,
      expectedRPID: relyingPartyId(publicUrl),
      requireUserVerification: false,
      supportedAlgorithmIDs: [...acceptedAlgorithms],
    });
    const credential = registrationInfo === undefined ? undefined : credentialOf(registrationInfo, posted);
    if (registrationInfo !== undefined && credential !== undefined) await tryKey(registrationInfo.credential.publicKey);
    return credential;
  } catch {
    return undefined;
  }
}

/**
 * What a browser passes on where none was asked for (section 5.1.3, step 22): nothing, or what an authenticator says of itself. Others bear
 * certificates, with addresses of revocation lists that would be fetched: nobody needs to have us read those.
 */
async function hasPlainAttestation(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  const decoded = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
}

/** Two ones in DER: of the form that elliptic curves sign with. */
const anySignature = Buffer.from('3006020101020101', 'hex');

/** Throws for what is no key. Where nothing vouches for one, the library has read no more of it than the number of its algorithm. */
async function tryKey(credentialPublicKey: RegistrationInfo['credential']['publicKey']): Promise<void> {
  const { verifySignature } = await import('@simplewebauthn/server/helpers');
  await verifySignature({ signature: anySignature, data: Buffer.alloc(1), credentialPublicKey });
}

function credentialOf(
  { credential, userVerified, credentialDeviceType, credentialBackedUp, aaguid }: RegistrationInfo,
  posted: PostedRegistration,
): NewCredential | undefined {
  if (credential.id !== posted.id || credential.publicKey.length > mostKeyBytes) return undefined;
  return {
    type: userVerified && isDiscoverable(posted) ? 'passkey' : 'security-key',
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    signCount: credential.counter,
    transports: posted.response.transports ?? [],
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
    aaguid,
  };
}

/** Not every browser says so; what is built into the device keeps all of its credentials. */
const isDiscoverable = ({ authenticatorAttachment, clientExtensionResults }: PostedRegistration): boolean =>
  clientExtensionResults.credProps?.rk ?? authenticatorAttachment === 'platform';

/** Binds a credential, in the caller's transaction; answers the device's id, or undefined where the credential is known already. */
export async function bindCredential(
  tx: Database,
  { accountId, userId }: CredentialOwner,
  credential: NewCredential,
  name: string = defaultCredentialNames[credential.type],
): Promise<string | undefined> {
  const mfaDeviceId = newPrefixedId('mfa');
  const row = { ...credential, transports: [...credential.transports], mfaDeviceId, accountId, userId, name };
  return (await insertCredential(tx, row)) ? mfaDeviceId : undefined;
}

/** As `bindCredential`; throws `EntityAlreadyExists.User.MFADevice` where the credential is known already, whosever it is. */
export async function addCredential(
  tx: Database,
  owner: CredentialOwner,
  credential: NewCredential,
  name?: string,
): Promise<string> {
  const mfaDeviceId = await bindCredential(tx, owner, credential, name);
  if (mfaDeviceId === undefined)
    throw new AppError('EntityAlreadyExists.User.MFADevice', 'This passkey or security key is bound already.');
  return mfaDeviceId;
}
