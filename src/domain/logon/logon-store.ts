import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { knownDevices } from '../../storage/db/schema/known-devices.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { users } from '../../storage/db/schema/users.ts';
import { type AuditEvent, insertAuditEvent } from '../audit/audit-store.ts';
import { isDeviceOfUser, lastSeenFirst } from '../devices/known-devices-store.ts';
import { deviceNotes, type SeenDevice } from '../devices/note-known-device.ts';
import { isPasswordExpired, isPasswordPastAge } from '../login-profiles/password-age.ts';
import { orderedEndings } from '../sessions/session-endings-store.ts';

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
  hasTotp: sql<boolean>`exists (select 1 from ${mfaDevices} where ${mfaDevices.userId} = ${users.userId}
    and ${mfaDevices.type} = 'totp')`.as('has_totp'),
  /** Passkey or security key. */
  hasCredential: sql<boolean>`exists (select 1 from ${mfaDevices} where ${mfaDevices.userId} = ${users.userId}
    and ${mfaDevices.type} <> 'totp')`.as('has_credential'),
  /** Whether this user may log on to pages at all, by the database's clock. */
  mayLogOn: sql<boolean>`${users.status} = 'active' and ${loginProfiles.status} = 'active'
    and (${loginProfiles.initialPasswordExpiresAt} is null or ${loginProfiles.initialPasswordExpiresAt} > now())
    and not ${isPasswordExpired}`.as('may_log_on'),
  /** The record of the browser that asks, where this user is known on it; else null. */
  knownDeviceId: knownDevices.knownDeviceId,
  /** Whether that device stands in for a second factor of an everyday logon, as long as the account allows it. */
  mfaSaved: sql<boolean>`coalesce(${knownDevices.mfaSavedUntil} > now()
    and ${accountSettings.securityPreferences} ->> 'enableSaveMFATicket' = 'true', false)`.as('mfa_saved'),
};

/**
 * A user with a login profile, as the logon needs it: one query for everything that decides a step. `deviceTokenHashes` are those of the
 * tokens that the browser brings.
 */
export async function findLogonUserByName(
  db: Database,
  accountId: string,
  userName: string,
  deviceTokenHashes: readonly string[] = [],
) {
  const [row] = await db
    .select(columns)
    .from(users)
    .innerJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .leftJoin(accountSettings, eq(accountSettings.accountId, users.accountId))
    .leftJoin(knownDevices, isDeviceOfUser(deviceTokenHashes))
    .where(and(eq(users.accountId, accountId), eq(users.userNameKey, userName.toLowerCase())))
    .orderBy(...lastSeenFirst)
    .limit(1);
  return row;
}

export async function findLogonUserById(
  db: Database,
  accountId: string,
  userId: string,
  deviceTokenHashes: readonly string[] = [],
) {
  const [row] = await db
    .select(columns)
    .from(users)
    .innerJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .leftJoin(accountSettings, eq(accountSettings.accountId, users.accountId))
    .leftJoin(knownDevices, isDeviceOfUser(deviceTokenHashes))
    .where(and(eq(users.accountId, accountId), eq(users.userId, userId)))
    .orderBy(...lastSeenFirst)
    .limit(1);
  return row;
}

export type LogonUser = NonNullable<Awaited<ReturnType<typeof findLogonUserById>>>;

/**
 * Notes a completed logon on the user, on the device and in the audit log, in one statement. Leaves revision and `updatedAt` alone: nothing that
 * anybody keeps a copy of has changed.
 */
export async function insertLogon(db: Database, device: SeenDevice, event: AuditEvent): Promise<void> {
  const owner = db.$with('owner').as(
    db
      .update(users)
      .set({ lastLogonAt: sql`now()`, revision: sql`${users.revision}`, updatedAt: sql`${users.updatedAt}` })
      .where(eq(users.userId, device.userId))
      .returning({ userId: users.userId, epoch: users.epoch }),
  );
  await insertAuditEvent(db.with(owner, ...deviceNotes(db, owner, device)), event);
}

/**
 * Raises the user's epoch if it is still the one given, and orders that the apps of the sessions it ends are told: of racing callers exactly
 * one gets the new epoch, everybody else undefined.
 */
export async function raiseEpoch(db: Database, userId: string, from: number): Promise<number | undefined> {
  const ended = db.$with('ended').as(
    db
      .update(users)
      .set({ epoch: sql`${users.epoch} + 1` })
      .where(and(eq(users.userId, userId), eq(users.epoch, from), eq(users.status, 'active')))
      .returning({ accountId: users.accountId, userId: users.userId, epoch: users.epoch }),
  );
  const [row] = await db.with(ended, orderedEndings(db)).select({ epoch: ended.epoch }).from(ended);
  return row?.epoch;
}
