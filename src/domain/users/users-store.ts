import { and, asc, eq, getTableColumns, gt, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accounts, aliases } from '../../storage/db/schema/accounts.ts';
import { users } from '../../storage/db/schema/users.ts';
import { isUniqueViolation } from '../../storage/db/violations.ts';
import { orderedEndings } from '../sessions/session-endings-store.ts';
import type { UserSelector } from './user-fields.ts';

const { searchKey, ...columns } = getTableColumns(users);

export type UserRow = Omit<typeof users.$inferSelect, 'searchKey'>;
export type NewUserRow = typeof users.$inferInsert;
type UserChanges = Partial<
  Pick<NewUserRow, 'userName' | 'userNameKey' | 'displayName' | 'email' | 'mobilePhone' | 'comments' | 'status'>
>;

export const userNameKey = (userName: string): string => userName.toLowerCase();

const matches = (accountId: string, selector: UserSelector) =>
  and(
    eq(users.accountId, accountId),
    'userId' in selector ? eq(users.userId, selector.userId) : eq(users.userNameKey, userNameKey(selector.userName)),
  );

export async function findUser(db: Database, accountId: string, selector: UserSelector): Promise<UserRow | undefined> {
  const [row] = await db.select(columns).from(users).where(matches(accountId, selector));
  return row;
}

/** Finds a user and holds the row until the transaction ends. Where the account is to be locked too, lock the account first. */
export async function lockUser(tx: Database, accountId: string, selector: UserSelector): Promise<UserRow | undefined> {
  const [row] = await tx.select(columns).from(users).where(matches(accountId, selector)).for('update');
  return row;
}

export async function countUsers(db: Database, accountId: string): Promise<number> {
  return await db.$count(users, eq(users.accountId, accountId));
}

/** Inserts all whose name is free and answers those. The unique index decides, so of racing callers one gets the name. */
export async function insertUsers(db: Database, rows: readonly NewUserRow[]): Promise<UserRow[]> {
  return await db
    .insert(users)
    .values([...rows])
    .onConflictDoNothing({ target: [users.accountId, users.userNameKey] })
    .returning(columns);
}

/** Answers undefined when the new name belongs to another user; the transaction cannot go on then. */
export async function updateUser(db: Database, userId: string, changes: UserChanges): Promise<UserRow | undefined> {
  try {
    const [row] = await db.update(users).set(changes).where(eq(users.userId, userId)).returning(columns);
    return row;
  } catch (error) {
    if (isUniqueViolation(error, 'users_account_name')) return undefined;
    throw error;
  }
}

/** Kills every session, code and token of the user at once (each carries the epoch it was made in), and orders that the apps are told. */
export async function raiseUserEpoch(db: Database, userId: string): Promise<void> {
  const ended = db.$with('ended').as(
    db
      .update(users)
      .set({ epoch: sql`${users.epoch} + 1` })
      .where(eq(users.userId, userId))
      .returning({ accountId: users.accountId, userId: users.userId }),
  );
  await db.with(ended, orderedEndings(db)).select({ userId: ended.userId }).from(ended);
}

/** Makes every process take a new look at the user: the revision rises. */
export async function touchUser(db: Database, userId: string): Promise<void> {
  await db.update(users).set({ userId }).where(eq(users.userId, userId));
}

/** What hangs on the user goes with the row; the apps of the user's sessions are to be told. */
export async function deleteUser(db: Database, userId: string): Promise<void> {
  const ended = db
    .$with('ended')
    .as(
      db.delete(users).where(eq(users.userId, userId)).returning({ accountId: users.accountId, userId: users.userId }),
    );
  await db.with(ended, orderedEndings(db)).select({ userId: ended.userId }).from(ended);
}

/** One page in the order of names. */
export interface UserListFilter {
  readonly q?: string | undefined;
  readonly status?: 'active' | 'frozen' | undefined;
  readonly afterKey?: string | undefined;
  readonly limit: number;
}

export async function listUsers(
  db: Database,
  accountId: string,
  { q, status, afterKey, limit }: UserListFilter,
): Promise<UserRow[]> {
  return await db
    .select(columns)
    .from(users)
    .where(
      and(
        eq(users.accountId, accountId),
        status === undefined ? undefined : eq(users.status, status),
        afterKey === undefined ? undefined : gt(users.userNameKey, afterKey),
        q === undefined ? undefined : sql`strpos(${searchKey}, lower(${q}::text)) > 0`,
      ),
    )
    .orderBy(asc(users.userNameKey))
    .limit(limit);
}

/** A user, and what stands before the logon domain in the account's logon names: its alias, or its id where it has none. In one query. */
export async function findUserWithAlias(
  db: Database,
  accountId: string,
  selector: UserSelector,
): Promise<{ readonly user: UserRow; readonly alias: string } | undefined> {
  const [row] = await db
    .select({ user: columns, alias: sql<string>`coalesce(${aliases.alias}, ${users.accountId})` })
    .from(users)
    .leftJoin(aliases, and(eq(aliases.accountId, users.accountId), eq(aliases.state, 'current')))
    .where(matches(accountId, selector));
  return row;
}

/** What stands before the logon domain in the account's logon names: its alias, or its id where it has none. */
export async function findLogonAlias(db: Database, accountId: string): Promise<string> {
  const [row] = await db
    .select({ alias: aliases.alias })
    .from(accounts)
    .leftJoin(aliases, and(eq(aliases.accountId, accounts.accountId), eq(aliases.state, 'current')))
    .where(eq(accounts.accountId, accountId));
  return row?.alias ?? accountId;
}
