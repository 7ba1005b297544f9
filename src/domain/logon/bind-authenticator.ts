import type { KeyRing } from '../../crypto/key-ring.ts';
import type { Database } from '../../storage/db/database.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import type { MfaDeviceRow } from '../mfa/mfa-store.ts';
import { bindTotp, renewRecoveryCodes } from '../mfa/mfa.ts';
import { matchTotpStep } from '../mfa/totp.ts';
import { bindCredential, verifyRegistration } from '../mfa/webauthn/registration.ts';
import type { WebAuthnDeps } from '../mfa/webauthn/relying-party.ts';
import { lockUser } from '../users/users-store.ts';
import { actorEvent, type LogonActor } from './logon-event.ts';
import { findLogonUserById } from './logon-store.ts';

export type BoundAuthenticator =
  | {
      readonly outcome: 'bound';
      readonly recoveryCodes: readonly string[];
      /** Of a passkey or security key: whether it may be copied to other devices. */
      readonly backupEligible?: boolean;
    }
  | { readonly outcome: 'wrong' }
  /** The user changed meanwhile, or another tab has bound one. */
  | { readonly outcome: 'void' };

/**
 * Binds the authenticator app whose seed was offered, once a code proves that the app has it. Answers recovery codes, to be
 * shown once. Of two racing answers one binds.
 */
export async function bindAuthenticator(
  { db, keyRing }: { db: Database; keyRing: KeyRing },
  actor: LogonActor,
  { secret, code, nowSeconds }: { secret: string; code: string; nowSeconds: number },
): Promise<BoundAuthenticator> {
  const provedStep = await matchTotpStep(secret, code, { lastUsedStep: 0, nowSeconds });
  if (provedStep === undefined) return { outcome: 'wrong' };
  return await bindFirst(db, actor, 'totp', (tx) => bindTotp({ db: tx, keyRing }, actor.user, { secret, provedStep }));
}

/**
 * Binds the passkey or security key that the browser has just made, for options of `registrationOptions` with the same `boundTo`. Answers recovery
 * codes, to be shown once. Of two racing answers one binds.
 */
export async function bindPasskey(
  deps: WebAuthnDeps,
  actor: LogonActor,
  { boundTo, response, name }: { boundTo: string; response: string; name?: string },
): Promise<BoundAuthenticator> {
  const { accountId, userId } = actor.user;
  const verdict = await verifyRegistration(deps, { boundTo, response, user: { accountId, userId } });
  if (verdict.outcome === 'refused') return { outcome: 'wrong' };
  const { credential } = verdict;
  const bound = await bindFirst(deps.db, actor, credential.type, async (tx) => {
    const mfaDeviceId = await bindCredential(tx, { accountId, userId }, credential, name);
    return mfaDeviceId === undefined ? undefined : await renewRecoveryCodes({ db: tx }, { accountId, userId });
  });
  return bound.outcome === 'bound' ? { ...bound, backupEligible: credential.backupEligible } : bound;
}

/** Binds the first device of a user whose logon asks for one. `bind` answers the recovery codes, or undefined for a device that cannot be bound. */
async function bindFirst(
  db: Database,
  actor: LogonActor,
  type: MfaDeviceRow['type'],
  bind: (tx: Database) => Promise<readonly string[] | undefined>,
): Promise<BoundAuthenticator> {
  const { user, userEpoch } = actor;
  return await db.transaction(async (tx): Promise<BoundAuthenticator> => {
    await lockUser(tx, user.accountId, { userId: user.userId });
    const present = await findLogonUserById(tx, user.accountId, user.userId);
    if (present?.mayLogOn !== true || present.epoch !== userEpoch || present.hasMfa) return { outcome: 'void' };
    const recoveryCodes = await bind(tx);
    if (recoveryCodes === undefined) return { outcome: 'wrong' };
    await insertAuditEvent(tx, { ...actorEvent(actor, 'ram:BindMFADevice'), outcome: 'success', details: { type } });
    return { outcome: 'bound', recoveryCodes };
  });
}
