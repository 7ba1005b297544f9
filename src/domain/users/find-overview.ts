import { and, eq, exists, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { groupMembers } from '../../storage/db/schema/groups.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { mfaDevices, recoveryCodes } from '../../storage/db/schema/mfa-devices.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { passwordDueAt } from '../login-profiles/password-age.ts';

/** What a user's own first page shows, in one query. */
export async function findUserOverview(db: Database, accountId: string, userId: string) {
  const [row] = await db
    .select({
      lastLogonAt: users.lastLogonAt,
      passwordSetAt: loginProfiles.passwordSetAt,
      /** When it must be changed; null where it need not be. */
      passwordDueAt: passwordDueAt.mapWith(loginProfiles.passwordSetAt) as SQL<Date | null>,
      appCount: countDevices(db, ['totp']),
      passkeyCount: countDevices(db, ['passkey', 'security-key']),
      recoveryCodesLeft: db.$count(
        recoveryCodes,
        and(eq(recoveryCodes.userId, users.userId), isNull(recoveryCodes.usedAt)),
      ),
      // Built, not written out: columns written into a select of one table lose their table, and `user_id` would equal itself.
      hasPolicies: sql<boolean>`${or(
        exists(db.select({ one: sql`1` }).from(userPolicies).where(eq(userPolicies.userId, users.userId))),
        exists(
          db
            .select({ one: sql`1` })
            .from(groupMembers)
            .innerJoin(groupPolicies, eq(groupPolicies.groupId, groupMembers.groupId))
            .where(eq(groupMembers.userId, users.userId)),
        ),
      )}`,
      helpText: accountSettings.helpText,
    })
    .from(users)
    .leftJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .leftJoin(accountSettings, eq(accountSettings.accountId, users.accountId))
    .where(and(eq(users.accountId, accountId), eq(users.userId, userId)));
  return row;
}

const countDevices = (db: Database, types: readonly ('totp' | 'passkey' | 'security-key')[]) =>
  db.$count(mfaDevices, and(eq(mfaDevices.userId, users.userId), inArray(mfaDevices.type, [...types])));

const shownApplications = 50;

/** The account's own apps, as far as a browser can open them. */
export async function listOwnWebApplications(db: Database, accountId: string) {
  return await db
    .select({ displayName: applications.displayName, redirectUris: applications.redirectUris })
    .from(applications)
    .where(and(eq(applications.accountId, accountId), eq(applications.firstParty, true)))
    .orderBy(applications.displayName)
    .limit(shownApplications);
}
