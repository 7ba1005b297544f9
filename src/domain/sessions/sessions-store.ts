import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { applications } from '../../storage/db/schema/applications.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { UserSelector } from '../users/user-fields.ts';
import { userNameKey } from '../users/users-store.ts';

/** A user with the epochs that a living session of theirs carries. */
export async function findSessionOwner(db: Database, accountId: string, selector: UserSelector) {
  const [row] = await db
    .select({
      accountId: users.accountId,
      userId: users.userId,
      userEpoch: users.epoch,
      accountEpoch: accounts.epoch,
    })
    .from(users)
    .innerJoin(accounts, eq(accounts.accountId, users.accountId))
    .where(
      and(
        eq(users.accountId, accountId),
        'userId' in selector
          ? eq(users.userId, selector.userId)
          : eq(users.userNameKey, userNameKey(selector.userName)),
      ),
    );
  return row;
}

export type SessionOwner = NonNullable<Awaited<ReturnType<typeof findSessionOwner>>>;

/** Everybody of an account page by page, in the order of their ids. */
export async function listUserIds(
  db: Database,
  accountId: string,
  { afterId, limit }: { readonly afterId: string; readonly limit: number },
): Promise<string[]> {
  const rows = await db
    .select({ userId: users.userId })
    .from(users)
    .where(and(eq(users.accountId, accountId), gt(users.userId, afterId)))
    .orderBy(asc(users.userId))
    .limit(limit);
  return rows.map(({ userId }) => userId);
}

/** What the account's applications of these ids are called. */
export async function findApplicationNames(
  db: Database,
  accountId: string,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (clientIds.length === 0) return new Map();
  const rows = await db
    .select({ clientId: applications.clientId, displayName: applications.displayName })
    .from(applications)
    .where(and(eq(applications.accountId, accountId), inArray(applications.clientId, [...clientIds])));
  return new Map(rows.map(({ clientId, displayName }) => [clientId, displayName]));
}
