import { and, eq, exists, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { consents } from '../../storage/db/schema/consents.ts';
import { groupMembers } from '../../storage/db/schema/groups.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { mfaDevices, recoveryCodes } from '../../storage/db/schema/mfa-devices.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';
import { homeOf, typesWithHome } from '../applications/application-home.ts';
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
      passkeyCount: countDevices(db, ['passkey']),
      securityKeyCount: countDevices(db, ['security-key']),
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

const mostApps = 50;

/** An app that its user may open, at its home address. */
interface AppToOpen {
  readonly displayName: string;
  readonly home: string;
}

/** Apps that a browser can open: the account's own, and those that the user has consented to. */
export async function listAppsToOpen(
  db: Database,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
): Promise<readonly AppToOpen[]> {
  const isConsentedTo = exists(
    db
      .select({ one: sql`1` })
      .from(consents)
      .where(and(eq(consents.userId, userId), eq(consents.clientId, applications.clientId))),
  );
  const { displayName, type, redirectUris } = applications;
  const rows = await db
    .select({ displayName, type, redirectUris })
    .from(applications)
    .where(
      and(
        eq(applications.accountId, accountId),
        inArray(type, [...typesWithHome]),
        or(eq(applications.firstParty, true), isConsentedTo),
      ),
    )
    .orderBy(displayName, applications.clientId)
    .limit(mostApps);
  return rows.flatMap((app) => {
    const home = homeOf(app);
    return home === undefined ? [] : [{ displayName: app.displayName, home }];
  });
}
