import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { checkPassword } from '../login-profiles/password-rules.ts';
import { userResource } from '../users/user-resource.ts';
import { type LogonUser, raiseEpoch, updateOwnPassword } from './logon-store.ts';

/** Who does something to their own account in a logon, as the audit log tells it. */
export interface LogonActor {
  readonly user: LogonUser;
  /** The epoch at which this logon began: if it has risen, whatever was proved is void. */
  readonly userEpoch: number;
  readonly sourceIp: string;
  readonly requestId: string;
}

export type ChosenPassword =
  | { readonly outcome: 'chosen'; readonly epoch: number }
  | { readonly outcome: 'weak'; readonly reasons: readonly string[] }
  /** The user was disabled, deleted or re-credentialed meanwhile. */
  | { readonly outcome: 'void' };

/** The audit entry of something users do to themselves while they log on. */
export const logonEvent = ({ user, sourceIp, requestId }: LogonActor, action: string) => ({
  accountId: user.accountId,
  actorUserId: user.userId,
  actorVia: 'logon',
  sourceIp,
  requestId,
  action,
  resource: userResource(user.userName, user),
});

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
    if (epoch === undefined) return { outcome: 'void' };
    await updateOwnPassword(tx, user.userId, passwordHash);
    await insertAuditEvent(tx, { ...logonEvent(actor, 'ram:ChangePassword'), outcome: 'success', details: { forced: true } });
    return { outcome: 'chosen', epoch };
  });
}
