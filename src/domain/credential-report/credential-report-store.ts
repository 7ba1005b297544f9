import { and, asc, count, desc, eq, exists, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { loginProfiles } from '../../storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { users } from '../../storage/db/schema/users.ts';

/** One page of users with their means of logging on, in the order of names. */
export async function listReportUsers(
  db: Database,
  accountId: string,
  { afterKey, limit }: { readonly afterKey: string | undefined; readonly limit: number },
) {
  const devices = db.select({ one: sql`1` }).from(mfaDevices).where(eq(mfaDevices.userId, users.userId));
  return await db
    .select({
      userId: users.userId,
      userName: users.userName,
      userNameKey: users.userNameKey,
      status: users.status,
      createdAt: users.createdAt,
      lastLogonAt: users.lastLogonAt,
      profileStatus: loginProfiles.status,
      passwordSetAt: loginProfiles.passwordSetAt,
      mfaActive: sql<boolean>`${exists(devices)}`,
    })
    .from(users)
    .leftJoin(loginProfiles, eq(loginProfiles.userId, users.userId))
    .where(and(eq(users.accountId, accountId), afterKey === undefined ? undefined : gt(users.userNameKey, afterKey)))
    .orderBy(asc(users.userNameKey))
    .limit(limit);
}

export type ReportUserRow = Awaited<ReturnType<typeof listReportUsers>>[number];

/** The access keys of these users, each user's oldest first. */
export async function listReportKeys(db: Database, userIds: readonly string[]) {
  return await db
    .select({
      userId: accessKeys.userId,
      accessKeyId: accessKeys.accessKeyId,
      status: accessKeys.status,
      createdAt: accessKeys.createdAt,
      lastUsedAt: accessKeys.lastUsedAt,
    })
    .from(accessKeys)
    .where(inArray(accessKeys.userId, [...userIds]))
    .orderBy(asc(accessKeys.createdAt), asc(accessKeys.accessKeyId));
}

export type ReportKeyRow = Awaited<ReturnType<typeof listReportKeys>>[number];

/** How many access keys the user with the most of them has. */
export async function findMostAccessKeys(db: Database, accountId: string): Promise<number> {
  const [row] = await db
    .select({ keys: count() })
    .from(accessKeys)
    .where(eq(accessKeys.accountId, accountId))
    .groupBy(accessKeys.userId)
    .orderBy(desc(count()))
    .limit(1);
  return row?.keys ?? 0;
}
