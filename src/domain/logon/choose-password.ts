import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { loadPasswordPolicy } from '../accounts/password-policy.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { checkPassword } from '../login-profiles/password-rules.ts';
import { replaceOwnPassword } from '../login-profiles/login-profiles-store.ts';
import { rememberPassword, reuseFault } from '../login-profiles/password-history.ts';
import { clearTries, type RefusedTry, takeTry, type ThrottledTry } from '../throttle/throttle.ts';
import { actorEvent, type LogonActor } from './logon-event.ts';
import { raiseEpoch } from './logon-store.ts';

interface ChooseDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly passwordHasher: PasswordHasher;
}

export type ChosenPassword =
  | { readonly outcome: 'chosen'; readonly epoch: number }
  | { readonly outcome: 'weak'; readonly reasons: readonly string[] }
  | { readonly outcome: 'throttled'; readonly waitSeconds: number }
  /** The user was disabled, deleted or re-credentialed meanwhile. */
  | { readonly outcome: 'void' };

/**
 * Sets the password that a user chose in place of a first or expired one. Ends every session and token there is (the epoch rises); the logon
 * under way goes on under the new epoch. Of two racing answers one is chosen, the other void. Choices are counted before they
 * are hashed: a temporary password in the wrong hands must not become a lever on the processor.
 */
export async function choosePassword(
  deps: ChooseDeps,
  actor: LogonActor,
  newPassword: string,
): Promise<ChosenPassword> {
  const { user } = actor;
  const policy = await loadPasswordPolicy(deps.db, user.accountId);
  const reasons = checkPassword(newPassword, { userName: user.userName, policy }).map(({ detail }) => detail);
  if (reasons.length > 0) return { outcome: 'weak', reasons };
  const { accountId, userName } = user;
  const counted: ThrottledTry = { accountId, userName, factor: 'reset', sourceIp: actor.sourceIp };
  const refused = await takeTry(deps.ephemeral, counted);
  if (refused !== undefined) return await refuse(deps.db, actor, refused);
  const reused = await reuseFault(deps, user, newPassword, policy);
  if (reused !== undefined) return { outcome: 'weak', reasons: [reused] };
  const chosen = await replacePassword(deps.db, actor, await deps.passwordHasher.hash(newPassword));
  if (chosen.outcome === 'chosen') await clearTries(deps.ephemeral, counted);
  return chosen;
}

async function refuse(db: Database, actor: LogonActor, { waitSeconds, isFirst }: RefusedTry): Promise<ChosenPassword> {
  if (isFirst) {
    const details = { factor: 'reset', reason: 'throttled' };
    await insertAuditEvent(db, { ...actorEvent(actor, 'logon'), outcome: 'refused', details });
  }
  return { outcome: 'throttled', waitSeconds };
}

const replacePassword = (db: Database, actor: LogonActor, passwordHash: string): Promise<ChosenPassword> =>
  db.transaction(async (tx): Promise<ChosenPassword> => {
    const { user, userEpoch } = actor;
    const epoch = await raiseEpoch(tx, user.userId, userEpoch);
    if (epoch === undefined) return { outcome: 'void' };
    const replaced = await replaceOwnPassword(tx, user.userId, { verified: user.passwordHash, next: passwordHash });
    if (!replaced) return { outcome: 'void' };
    await rememberPassword(tx, user);
    await insertAuditEvent(tx, {
      ...actorEvent(actor, 'ram:ChangePassword'),
      outcome: 'success',
      details: { forced: true },
    });
    return { outcome: 'chosen', epoch };
  });
