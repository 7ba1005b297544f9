import { and, asc, eq, getTableColumns, gt, inArray, sql } from 'drizzle-orm';
import { anyContains } from '../../storage/db/containing.ts';
import type { Database } from '../../storage/db/database.ts';
import { groupMembers, groups } from '../../storage/db/schema/groups.ts';
import { users } from '../../storage/db/schema/users.ts';
import type { UserRow } from '../users/users-store.ts';

interface Membership {
  readonly groupId: string;
  readonly userId: string;
}

/** Answers false when the user was a member already. */
export async function insertMember(db: Database, membership: Membership & { accountId: string }): Promise<boolean> {
  const rows = await db
    .insert(groupMembers)
    .values(membership)
    .onConflictDoNothing()
    .returning({ userId: groupMembers.userId });
  return rows.length === 1;
}

export async function deleteMember(db: Database, { groupId, userId }: Membership): Promise<boolean> {
  const rows = await db
    .delete(groupMembers)
    .where(and(eq(groupMembers.groupId, groupId), eq(groupMembers.userId, userId)))
    .returning({ userId: groupMembers.userId });
  return rows.length === 1;
}

export async function countGroupsOfUser(db: Database, userId: string): Promise<number> {
  return await db.$count(groupMembers, eq(groupMembers.userId, userId));
}

export async function countMembers(db: Database, groupId: string): Promise<number> {
  return await db.$count(groupMembers, eq(groupMembers.groupId, groupId));
}

/** Makes every process take a new look at each member: their revisions rise. Behind the lock of the account. */
export async function touchMembers(tx: Database, groupId: string): Promise<void> {
  const members = tx
    .select({ userId: groupMembers.userId })
    .from(groupMembers)
    .where(eq(groupMembers.groupId, groupId));
  await tx
    .update(users)
    .set({ revision: sql`${users.revision} + 1` })
    .where(inArray(users.userId, members));
}

export interface GroupMember {
  readonly userId: string;
  readonly userName: string;
  readonly userNameKey: string;
  readonly displayName: string;
  readonly joinedAt: Date;
}

interface MemberListFilter {
  readonly q: string | undefined;
  readonly afterKey: string | undefined;
  readonly limit: number;
}

/** In the order of names. */
export async function listMembers(
  db: Database,
  groupId: string,
  { q, afterKey, limit }: MemberListFilter,
): Promise<GroupMember[]> {
  const { userId, userName, userNameKey, displayName } = users;
  return await db
    .select({ userId, userName, userNameKey, displayName, joinedAt: groupMembers.joinedAt })
    .from(groupMembers)
    .innerJoin(users, eq(users.userId, groupMembers.userId))
    .where(
      and(
        eq(groupMembers.groupId, groupId),
        afterKey === undefined ? undefined : gt(userNameKey, afterKey),
        anyContains([userName, displayName], q),
      ),
    )
    .orderBy(asc(userNameKey))
    .limit(limit);
}

export interface GroupOfUser {
  readonly groupId: string;
  readonly groupName: string;
  readonly displayName: string | null;
  readonly comments: string | null;
  readonly joinedAt: Date;
}

/** In the order of names; no more than a user can be in. */
export async function listGroupsOfUser(db: Database, userId: string): Promise<GroupOfUser[]> {
  const { groupId, groupName, displayName, comments } = groups;
  return await db
    .select({ groupId, groupName, displayName, comments, joinedAt: groupMembers.joinedAt })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.groupId, groupMembers.groupId))
    .where(eq(groupMembers.userId, userId))
    .orderBy(asc(groups.groupNameKey));
}

/** A user and the names of their groups, in the order of names. */
export interface UserWithGroups extends UserRow {
  readonly groupNames: readonly string[];
}

/** In one query, so that the names are never older than the revision of the row that they are kept with. */
export async function findUserWithGroups(
  db: Database,
  { accountId, userId }: { readonly accountId: string; readonly userId: string },
): Promise<UserWithGroups | undefined> {
  const names = db
    .select({ names: sql`coalesce(json_agg(${groups.groupName} order by ${groups.groupNameKey}), '[]')` })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.groupId, groupMembers.groupId))
    .where(eq(groupMembers.userId, users.userId));
  const [row] = await db
    .select({ ...getTableColumns(users), groupNames: sql<string[]>`(${names})` })
    .from(users)
    .where(and(eq(users.accountId, accountId), eq(users.userId, userId)));
  return row;
}
