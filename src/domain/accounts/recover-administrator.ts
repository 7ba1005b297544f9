import type { PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import { AppError } from '../app-error.ts';
import { insertAuditEvent } from '../audit/audit-store.ts';
import { newInitialPassword } from '../login-profiles/initial-password.ts';
import { deleteLoginProfile, insertLoginProfiles } from '../login-profiles/login-profiles-store.ts';
import { deleteMfa } from '../mfa/mfa-store.ts';
import { administratorAccess, platformAdministratorAccess } from '../policies/system-policies.ts';
import { insertUserPolicy } from '../policies/user-policies-store.ts';
import { userResource } from '../users/user-resource.ts';
import { lockUser, raiseUserEpoch, updateUser } from '../users/users-store.ts';
import { findAccountRecord } from './account-records-store.ts';
import { findIssuer, lockAccount } from './accounts-store.ts';
import { liftObstacles } from './lift-obstacles.ts';
import { loadPasswordPolicy } from './password-policy.ts';

interface RecoverDeps {
  readonly db: Database;
  readonly passwordHasher: PasswordHasher;
}

/** What is handed over after a recovery. */
export interface RecoveredAdministrator {
  readonly alias: string;
  readonly userName: string;
  readonly initialPassword: string;
}

/**
 * The way back in for an account whose administrators cannot log on: the user becomes active, gets a one-time password in place of the old one,
 * loses every second factor, session and token, and has `AdministratorAccess` (on the platform's account the policy over the platform, too). What
 * forbids the user something, and networks that the account bounds logons to, go. Audited. Only for operators with the database in hand.
 * Throws `EntityNotExist.Account`, `EntityNotExist.User`.
 */
export async function recoverAdministrator(
  { db, passwordHasher }: RecoverDeps,
  { alias, userName }: { alias: string; userName: string },
): Promise<RecoveredAdministrator> {
  const account = await findIssuer(db, alias);
  if (account === undefined) throw new AppError('EntityNotExist.Account', `There is no account "${alias}".`);
  const { accountId } = account;
  const initialPassword = newInitialPassword(await loadPasswordPolicy(db, accountId), userName);
  const passwordHash = await passwordHasher.hash(initialPassword);
  return await db.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const user = await lockUser(tx, accountId, { userName });
    if (user === undefined) throw new AppError('EntityNotExist.User', `There is no user "${userName}" in "${alias}".`);
    const { userId } = user;
    await updateUser(tx, userId, { status: 'active' });
    await deleteLoginProfile(tx, userId);
    await insertLoginProfiles(tx, [
      { userId, accountId, passwordHash, status: 'active', resetRequired: true, mfaRequired: false, expires: true },
    ]);
    await deleteMfa(tx, userId);
    const details = await liftObstacles(tx, { accountId, userId });
    for (const policyName of await policiesOf(tx, accountId))
      await insertUserPolicy(tx, { userId, accountId, policyType: 'system', policyName });
    await raiseUserEpoch(tx, userId);
    const resource = userResource(user.userName, { accountId });
    await insertAuditEvent(tx, {
      accountId,
      actorVia: 'command-line',
      action: 'postern:RecoverAdministrator',
      resource,
      outcome: 'success',
      details: { ...details },
    });
    return { alias, userName: user.userName, initialPassword };
  });
}

async function policiesOf(tx: Database, accountId: string): Promise<readonly string[]> {
  const isPlatform = (await findAccountRecord(tx, accountId))?.isPlatform === true;
  return isPlatform ? [administratorAccess, platformAdministratorAccess] : [administratorAccess];
}
