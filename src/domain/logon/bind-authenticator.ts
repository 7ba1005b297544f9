import type { KeyRing } from '../../crypto/key-ring.ts';
import type { Database } from '../../storage/db/database.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { bindTotp } from '../mfa/mfa.ts';
import { matchTotpStep } from '../mfa/totp.ts';
import { lockUser } from '../users/users-store.ts';
import { actorEvent, type LogonActor } from './logon-event.ts';
import { findLogonUserById } from './logon-store.ts';

export type BoundAuthenticator =
  | { readonly outcome: 'bound'; readonly recoveryCodes: readonly string[] }
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
  const { user, userEpoch } = actor;
  return await db.transaction(async (tx): Promise<BoundAuthenticator> => {
    await lockUser(tx, user.accountId, { userId: user.userId });
    const present = await findLogonUserById(tx, user.accountId, user.userId);
    if (present?.mayLogOn !== true || present.epoch !== userEpoch || present.hasMfa) return { outcome: 'void' };
    const recoveryCodes = await bindTotp({ db: tx, keyRing }, user, { secret, provedStep });
    await insertAuditEvent(tx, {
      ...actorEvent(actor, 'ram:BindMFADevice'),
      outcome: 'success',
      details: { type: 'totp' },
    });
    return { outcome: 'bound', recoveryCodes };
  });
}
