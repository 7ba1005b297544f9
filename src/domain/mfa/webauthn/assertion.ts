import type { KeyRing } from '../../../crypto/key-ring.ts';
import type { MfaDeviceRow } from '../mfa-store.ts';
import { newChallenge, readChallenge, spendChallenge } from './challenge.ts';
import { findCredential, noteCredentialUse } from './credentials-store.ts';
import { isTopLevel, type PostedAssertion, readAssertion } from './posted-credential.ts';
import {
  browserTimeoutMs,
  type Ceremony,
  type RefusalReason,
  relyingPartyId,
  userHandleOf,
  type WebAuthnDeps,
} from './relying-party.ts';

export type AssertionVerdict =
  | {
      readonly outcome: 'verified';
      readonly userId: string;
      readonly mfaDeviceId: string;
      /** Whether the authenticator checked who used it: then it stands for two factors. */
      readonly userVerified: boolean;
      /** Whether the credential may be copied to other devices. */
      readonly backupEligible: boolean;
    }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason };

interface AssertionRequest {
  readonly ceremony: Ceremony;
  /** The logon or session for whose page it is: `<issuer name>:<uid>`. */
  readonly boundTo: string;
  /** The user's, of which the credentials among them may answer. A logon asks for any passkey there is. */
  readonly devices?: readonly MfaDeviceRow[];
}

/** PublicKeyCredentialRequestOptionsJSON for a page. Writes nothing. */
export function assertionOptions(
  { keyRing, publicUrl }: { readonly keyRing: KeyRing; readonly publicUrl: string },
  { ceremony, boundTo, devices = [] }: AssertionRequest,
): object {
  const isLogon = ceremony === 'logon';
  return {
    challenge: newChallenge(keyRing, { ceremony, boundTo }),
    rpId: relyingPartyId(publicUrl),
    timeout: browserTimeoutMs,
    userVerification: isLogon ? 'required' : 'preferred',
    allowCredentials: isLogon ? [] : credentialDescriptors(devices),
  };
}

/** PublicKeyCredentialDescriptorJSON of those devices that are credentials. */
export const credentialDescriptors = (devices: readonly MfaDeviceRow[]): object[] =>
  devices.flatMap(({ credentialId, transports }) =>
    credentialId === null ? [] : [{ id: credentialId, type: 'public-key', transports: transports ?? [] }],
  );

interface AssertionClaim {
  readonly ceremony: Ceremony;
  readonly boundTo: string;
  readonly accountId: string;
  /** Whose credential it must be; a logon learns it from the credential. */
  readonly userId?: string;
  /** JSON text, as the form posted it. */
  readonly response: string;
}

/**
 * Verifies what a page posted (WebAuthn section 7.2). For a logon it must be a passkey of the account, used with user verification, that says
 * whose it is; for everything else a credential of the user. The challenge is used up whatever comes of it. Never throws for what was posted.
 */
export async function verifyAssertion(deps: WebAuthnDeps, claim: AssertionClaim): Promise<AssertionVerdict> {
  const posted = readAssertion(claim.response);
  if (posted === undefined) return refused('malformed');
  const challenge = readChallenge(deps.keyRing, claim, posted.clientData.challenge);
  if (challenge === undefined) return refused('stale');
  // Spent before the signature is looked at: of racing copies one is evaluated.
  const [device, isMine] = await Promise.all([
    findCredential(deps.db, posted.id),
    spendChallenge(deps.ephemeral, challenge),
  ]);
  if (device === undefined || !mayAnswer(device, claim)) return refused('unknown');
  if (!isMine) return refused('spent');
  const proved = fitsDevice(posted, device, claim.ceremony) ? await prove(deps, device, posted, claim) : undefined;
  if (proved === undefined) return refused('wrong');
  const { mfaDeviceId, signCount: from, userId, backupEligible } = device;
  const { counter: to, backedUp, userVerified } = proved;
  if (!(await noteCredentialUse(deps.db, { mfaDeviceId, from, to, backedUp }))) return refused('wrong');
  return { outcome: 'verified', userId, mfaDeviceId, userVerified, backupEligible };
}

const refused = (reason: RefusalReason): AssertionVerdict => ({ outcome: 'refused', reason });

/** A credential of another account, or of another user, is unknown here. */
const mayAnswer = (device: MfaDeviceRow, { ceremony, accountId, userId }: AssertionClaim): boolean =>
  device.accountId === accountId &&
  (ceremony === 'logon'
    ? device.type === 'passkey' && (userId === undefined || device.userId === userId)
    : device.userId === userId);

/** The user handle stands outside of what is signed; it still may not contradict the row (section 7.2, step 6). */
function fitsDevice({ clientData, response }: PostedAssertion, device: MfaDeviceRow, ceremony: Ceremony): boolean {
  const handle = response.userHandle ?? undefined;
  const handleFits = handle === undefined ? ceremony !== 'logon' : handle === userHandleOf(device);
  return handleFits && isTopLevel(clientData);
}

interface ProvedUse {
  readonly counter: number;
  readonly backedUp: boolean;
  readonly userVerified: boolean;
}

/**
 * Origin, relying party, flags, counter and signature. A counter that does not grow refuses, unless none is kept (section 6.1.1); so does a credential
 * that is no longer what it was as to copies of it (section 7.2, step 19).
 */
async function prove(
  { publicUrl }: Pick<WebAuthnDeps, 'publicUrl'>,
  device: MfaDeviceRow,
  { id, rawId, type, response, clientData }: PostedAssertion,
  { ceremony }: AssertionClaim,
): Promise<ProvedUse | undefined> {
  // Takes a quarter of a second to load, which no start of the server should wait for.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { clientDataJSON, authenticatorData, signature } = response;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: clientData.challenge,
      expectedOrigin: publicUrl,
      expectedRPID: relyingPartyId(publicUrl),
      requireUserVerification: ceremony === 'logon',
      credential: { id, publicKey: Buffer.from(device.publicKey ?? '', 'base64url'), counter: device.signCount },
    });
    const { newCounter, credentialBackedUp, credentialDeviceType, userVerified } = authenticationInfo;
    const fits = (credentialDeviceType === 'multiDevice') === device.backupEligible;
    return verified && fits ? { counter: newCounter, backedUp: credentialBackedUp, userVerified } : undefined;
  } catch {
    return undefined;
  }
}
