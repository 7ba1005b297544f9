import { and, eq, exists, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { groupMembers } from '../../storage/db/schema/groups.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { groupPolicies, userPolicies } from '../../storage/db/schema/policy-attachments.ts';
import { users } from '../../storage/db/schema/users.ts';

/** What a user's own first page shows, in one query. */
export async function findUserOverview(db: Database, accountId: string, userId: string) {
  const [row] = await db
    .select({
      userName: users.userName,
      displayName: users.displayName,
      lastLogonAt: users.lastLogonAt,
      // Built, not written out: columns written into a select of one table lose their table, and `user_id` would equal itself.
      mfaEnabled: sql<boolean>`${exists(db.select({ one: sql`1` }).from(mfaDevices).where(eq(mfaDevices.userId, users.userId)))}`,
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
    })
    .from(users)
    .where(and(eq(users.accountId, accountId), eq(users.userId, userId)));
  return row;
}

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
