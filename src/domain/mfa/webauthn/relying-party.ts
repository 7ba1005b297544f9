import type { KeyRing } from '../../../crypto/key-ring.ts';
import type { Database } from '../../../storage/db/database.ts';
import type { EphemeralStore } from '../../../storage/ephemeral/ephemeral-store.ts';

export interface WebAuthnDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  /** An origin: the only one whose pages may use our credentials. */
  readonly publicUrl: string;
}

/** What a credential is asked for; `confirm`: somebody who is signed in proves themselves anew. */
export type Ceremony = 'logon' | 'second-factor' | 'register' | 'confirm';

/** Whose credential it is. All aliases share one relying party, so this is what tells them apart. */
export interface CredentialOwner {
  readonly accountId: string;
  readonly userId: string;
}

/** Why an answer counts for nothing: not readable, too late or made for something else, used before, no credential that fits, not right. */
export type RefusalReason = 'malformed' | 'stale' | 'spent' | 'unknown' | 'wrong';

/** The relying party's id: the host (WebAuthn section 4), which every credential is tied to for ever. */
export const relyingPartyId = (publicUrl: string): string => new URL(publicUrl).hostname;

/** What an authenticator keeps and says of the user: ids only, for it may be read by whoever holds the authenticator (section 14.6.1). */
export const userHandleOf = ({ accountId, userId }: CredentialOwner): string =>
  Buffer.from(`${accountId}:${userId}`).toString('base64url');

/** COSE: ES256, EdDSA, RS256; the first is liked best. Nothing else is taken, whatever the library can do. */
export const acceptedAlgorithms: readonly number[] = [-7, -8, -257];

/** How long a browser waits for its user (section 15.1 recommends five to ten minutes). */
export const browserTimeoutMs = 300_000;
