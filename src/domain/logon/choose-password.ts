import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import type { BreachedPasswords } from '../login-profiles/breached-passwords.ts';
import { replaceOwnPassword } from '../login-profiles/login-profiles-store.ts';
import { findNewPasswordFlaws } from '../login-profiles/new-password.ts';
import { loadPasswordAccount } from '../login-profiles/password-account.ts';
import type { PasswordFlaw } from '../login-profiles/password-flaws.ts';
import { rememberPassword, reuseFault } from '../login-profiles/password-history.ts';
import { clearTries, type RefusedTry, takeTry, type ThrottledTry } from '../throttle/throttle.ts';
import { findUser } from '../users/users-store.ts';
import { actorEvent, type LogonActor } from './logon-event.ts';
import { raiseEpoch } from './logon-store.ts';

interface ChooseDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly passwordHasher: PasswordHasher;
  readonly breachedPasswords: BreachedPasswords | undefined;
  /** Has the apps of sessions that have just ended told of it; returns at once. */
  readonly tellApps?: (() => void) | undefined;
}

export type ChosenPassword =
  /** `noted`: what is written because of it. Nothing depends on it, but it is to be through before the user goes on. */
  | { readonly outcome: 'chosen'; readonly epoch: number; readonly noted: Promise<unknown> }
  | { readonly outcome: 'weak'; readonly flaws: readonly PasswordFlaw[] }
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
  const { accountId, userId, userName } = user;
  const [account, names] = await Promise.all([
    loadPasswordAccount(deps.db, accountId),
    findUser(deps.db, accountId, { userId }),
  ]);
  const flaws = await findNewPasswordFlaws(deps, newPassword, { ...(names ?? user), ...account });
  if (flaws.length > 0) return { outcome: 'weak', flaws };
  const counted: ThrottledTry = { accountId, userName, factor: 'reset', sourceIp: actor.sourceIp };
  const refused = await takeTry(deps.ephemeral, counted);
  if (refused !== undefined) return await refuse(deps.db, actor, refused);
  const reused = await reuseFault(deps, user, newPassword, account.policy);
  if (reused !== undefined) return { outcome: 'weak', flaws: [reused] };
  const epoch = await replacePassword(deps.db, actor, await deps.passwordHasher.hash(newPassword));
  if (epoch === undefined) return { outcome: 'void' };
  deps.tellApps?.();
  return { outcome: 'chosen', epoch, noted: clearTries(deps.ephemeral, counted) };
}

async function refuse(db: Database, actor: LogonActor, { waitSeconds, isFirst }: RefusedTry): Promise<ChosenPassword> {
  if (isFirst) {
    const details = { factor: 'reset', reason: 'throttled' };
    await insertAuditEvent(db, { ...actorEvent(actor, 'logon'), outcome: 'refused', details });
  }
  return { outcome: 'throttled', waitSeconds };
}

/** Thrown in the transaction, which is undone with it. */
class Overtaken extends Error {}

/** Answers the user's new epoch; undefined where somebody was faster, and then nothing has happened. */
async function replacePassword(db: Database, actor: LogonActor, passwordHash: string): Promise<number | undefined> {
  const { user, userEpoch } = actor;
  const changed = {
    ...actorEvent(actor, 'ram:ChangePassword'),
    outcome: 'success',
    details: { forced: true },
  } as const;
  try {
    return await db.transaction(async (tx) => {
      const epoch = await raiseEpoch(tx, user.userId, userEpoch);
      if (epoch === undefined) throw new Overtaken();
      const [isReplaced] = await Promise.all([
        replaceOwnPassword(tx, user.userId, { verified: user.passwordHash, next: passwordHash }),
        insertAuditEvent(tx, changed),
      ]);
      if (!isReplaced) throw new Overtaken();
      await rememberPassword(tx, user);
      return epoch;
    });
  } catch (error) {
    if (error instanceof Overtaken) return undefined;
    throw error;
  }
}
