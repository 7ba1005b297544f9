import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { users } from '../../storage/db/schema/users.ts';
import { type AuditEvent, insertAuditEvent } from '../audit/audit-store.ts';
import { isPasswordExpired, isPasswordPastAge } from '../login-profiles/password-age.ts';

const columns = {
  userId: users.userId,
  accountId: users.accountId,
  userName: users.userName,
  displayName: users.displayName,
  epoch: users.epoch,
  passwordHash: loginProfiles.passwordHash,
  /** Set by somebody else, or past its age. */
  resetRequired: sql<boolean>`(${loginProfiles.resetRequired} or ${isPasswordPastAge})`.as('reset_due'),
  passwordPastAge: sql<boolean>`${isPasswordPastAge}`.as('password_past_age'),
  /** Past its age where the account's policy lets nobody in with it. */
  passwordExpired: sql<boolean>`${isPasswordExpired}`.as('password_expired'),
  mfaRequired: sql<boolean>`(${loginProfiles.mfaRequired}
    or coalesce(${accountSettings.securityPreferences} ->> 'mfaOperationForLogin' = 'mandatory', false))`.as('mfa_due'),
  hasMfa: sql<boolean>`exists (select 1 from ${mfaDevices} where ${mfaDevices.userId} = ${users.userId})`.as('has_mfa'),
  /** Whether this user may log on to pages at all, by the database's clock. */
  mayLogOn: sql<boolean>`${users.status} = 'active' and ${loginProfiles.status} = 'active'
    and (${loginProfiles.initialPasswordExpiresAt} is null or ${loginProfiles.initialPasswordExpiresAt} > now())
    and not ${isPasswordExpired}`.as('may_log_on'),
};

/** A user with a login profile, as the logon needs it: one query for everything that decides a step. */
export async function findLogonUserByName(db: Database, accountId: string, userName: string) {
  const [row] = await db
    .select(columns)
    .from(users)
    .innerJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .leftJoin(accountSettings, eq(accountSettings.accountId, users.accountId))
    .where(and(eq(users.accountId, accountId), eq(users.userNameKey, userName.toLowerCase())));
  return row;
}

export async function findLogonUserById(db: Database, accountId: string, userId: string) {
  const [row] = await db
    .select(columns)
    .from(users)
    .innerJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .leftJoin(accountSettings, eq(accountSettings.accountId, users.accountId))
    .where(and(eq(users.accountId, accountId), eq(users.userId, userId)));
  return row;
}

export type LogonUser = NonNullable<Awaited<ReturnType<typeof findLogonUserById>>>;

/**
 * Notes a completed logon on the user and in the audit log, in one statement. Leaves revision and `updatedAt` alone: nothing that anybody keeps
 * a copy of has changed.
 */
export async function insertLogon(db: Database, userId: string, event: AuditEvent): Promise<void> {
  const noted = db.$with('noted').as(
    db
      .update(users)
      .set({ lastLogonAt: sql`now()`, revision: sql`${users.revision}`, updatedAt: sql`${users.updatedAt}` })
      .where(eq(users.userId, userId))
      .returning({ userId: users.userId }),
  );
  await insertAuditEvent(db.with(noted), event);
}

/**
 * Raises the user's epoch if it is still the one given: of racing callers exactly one gets the new epoch, everybody else
 * undefined.
 */
export async function raiseEpoch(db: Database, userId: string, from: number): Promise<number | undefined> {
  const [row] = await db
    .update(users)
    .set({ epoch: sql`${users.epoch} + 1` })
    .where(and(eq(users.userId, userId), eq(users.epoch, from), eq(users.status, 'active')))
    .returning({ epoch: users.epoch });
  return row?.epoch;
}
