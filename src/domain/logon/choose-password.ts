import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { checkPassword } from '../login-profiles/password-rules.ts';
import { replaceOwnPassword } from '../login-profiles/login-profiles-store.ts';
import { actorEvent, type LogonActor } from './logon-event.ts';
import { raiseEpoch } from './logon-store.ts';

export type ChosenPassword =
  | { readonly outcome: 'chosen'; readonly epoch: number }
  | { readonly outcome: 'weak'; readonly reasons: readonly string[] }
  /** The user was disabled, deleted or re-credentialed meanwhile. */
  | { readonly outcome: 'void' };

/**
 * Sets the password that a user chose in place of a first or expired one. Ends every session and token there is (the epoch rises); the logon
 * under way goes on under the new epoch. Of two racing answers one is chosen, the other void.
 */
export async function choosePassword(
  { db, passwordHasher }: { db: Database; passwordHasher: PasswordHasher },
  actor: LogonActor,
  newPassword: string,
): Promise<ChosenPassword> {
  const { user, userEpoch } = actor;
  const reasons = checkPassword(newPassword, { userName: user.userName }).map(({ detail }) => detail);
  if (reasons.length > 0) return { outcome: 'weak', reasons };
  if (await passwordHasher.verify(newPassword, user.passwordHash)) {
    return { outcome: 'weak', reasons: ['The new password is the one you were given. Choose another.'] };
  }
  const passwordHash = await passwordHasher.hash(newPassword);
  return await db.transaction(async (tx): Promise<ChosenPassword> => {
    const epoch = await raiseEpoch(tx, user.userId, userEpoch);
    const replaced = await replaceOwnPassword(tx, user.userId, { verified: user.passwordHash, next: passwordHash });
    if (epoch === undefined || !replaced) return { outcome: 'void' };
    await insertAuditEvent(tx, { ...actorEvent(actor, 'ram:ChangePassword'), outcome: 'success', details: { forced: true } });
    return { outcome: 'chosen', epoch };
  });
}
