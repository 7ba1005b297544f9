import type { LogonSettings } from '../accounts/logon-settings.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { verifyAssertion } from '../mfa/webauthn/assertion.ts';
import type { WebAuthnDeps } from '../mfa/webauthn/relying-party.ts';
import { passkeyRefusalToTell } from '../throttle/passkey-refusals.ts';
import { logonEvent } from './logon-event.ts';
import { shutGate } from './logon-gates.ts';
import { findLogonUserById, type LogonUser } from './logon-store.ts';

export interface PasskeyAttempt {
  readonly accountId: string;
  /** The account's, as of now. */
  readonly settings: LogonSettings;
  /** The logon whose page asked: `<issuer name>:<uid>`. */
  readonly boundTo: string;
  /** JSON text, as the form posted it. */
  readonly response: string;
  /** Of the tokens that the browser brings. */
  readonly deviceTokenHashes: readonly string[];
  readonly sourceIp: string;
  readonly requestId: string;
}

export type PasskeyOutcome =
  | {
      readonly outcome: 'accepted';
      readonly user: LogonUser;
      /** Whether the passkey may be copied to other devices. */
      readonly backupEligible: boolean;
    }
  | { readonly outcome: 'refused' };

/**
 * Verifies a passkey in place of name and password: a whole logon by itself, with two factors, for its authenticator has checked who uses it. The user
 * passes the same gates as with a password. One answer for every refusal. Nobody can guess a passkey, so none is refused for how many were tried.
 */
export async function verifyLogonPasskey(deps: WebAuthnDeps, attempt: PasskeyAttempt): Promise<PasskeyOutcome> {
  const { accountId, boundTo, response } = attempt;
  const verdict = await verifyAssertion(deps, { ceremony: 'logon', boundTo, accountId, response });
  if (verdict.outcome === 'refused') return await refuse(deps, attempt, undefined, `${verdict.reason} passkey`);
  const user = await findLogonUserById(deps.db, accountId, verdict.userId, attempt.deviceTokenHashes);
  const shut = user === undefined ? 'not active' : shutGate(user, attempt);
  if (user === undefined || shut !== undefined) return await refuse(deps, attempt, user, shut ?? 'not active');
  return { outcome: 'accepted', user, backupEligible: verdict.backupEligible };
}

async function refuse(
  { db, ephemeral }: Pick<WebAuthnDeps, 'db' | 'ephemeral'>,
  attempt: PasskeyAttempt,
  user: LogonUser | undefined,
  why: string,
): Promise<PasskeyOutcome> {
  const reason = await passkeyRefusalToTell(ephemeral, attempt, why);
  if (reason !== undefined)
    await insertAuditEvent(db, {
      ...logonEvent({ ...attempt, user }, 'logon'),
      outcome: 'refused',
      details: { factor: 'passkey', reason },
    });
  return { outcome: 'refused' };
}
