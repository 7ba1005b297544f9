import { and, asc, eq, gt } from 'drizzle-orm';
import { anyContains } from '../../storage/db/containing.ts';
import type { Database } from '../../storage/db/database.ts';
import { groups } from '../../storage/db/schema/groups.ts';
import { isUniqueViolation } from '../../storage/db/violations.ts';

export type GroupRow = typeof groups.$inferSelect;
type NewGroupRow = typeof groups.$inferInsert;
type GroupChanges = Partial<Pick<NewGroupRow, 'groupName' | 'groupNameKey' | 'displayName' | 'comments'>>;

/** Names are compared without case. */
export const groupNameKey = (groupName: string): string => groupName.toLowerCase();

const named = (accountId: string, groupName: string) =>
  and(eq(groups.accountId, accountId), eq(groups.groupNameKey, groupNameKey(groupName)));

export async function findGroup(db: Database, accountId: string, groupName: string): Promise<GroupRow | undefined> {
  const [row] = await db.select().from(groups).where(named(accountId, groupName));
  return row;
}

export async function countGroups(db: Database, accountId: string): Promise<number> {
  return await db.$count(groups, eq(groups.accountId, accountId));
}

/** Answers undefined when the name belongs to another group. */
export async function insertGroup(db: Database, row: NewGroupRow): Promise<GroupRow | undefined> {
  const [inserted] = await db
    .insert(groups)
    .values(row)
    .onConflictDoNothing({ target: [groups.accountId, groups.groupNameKey] })
    .returning();
  return inserted;
}

/** Answers undefined when the new name belongs to another group; the transaction cannot go on then. */
export async function updateGroup(db: Database, groupId: string, changes: GroupChanges): Promise<GroupRow | undefined> {
  try {
    const [row] = await db.update(groups).set(changes).where(eq(groups.groupId, groupId)).returning();
    return row;
  } catch (error) {
    if (isUniqueViolation(error, 'groups_account_name')) return undefined;
    throw error;
  }
}

/** Memberships and attachments go with the row. */
export async function deleteGroup(db: Database, groupId: string): Promise<void> {
  await db.delete(groups).where(eq(groups.groupId, groupId));
}

interface GroupListFilter {
  readonly q: string | undefined;
  readonly afterKey: string | undefined;
  readonly limit: number;
}

/** In the order of names. */
export async function listGroups(
  db: Database,
  accountId: string,
  { q, afterKey, limit }: GroupListFilter,
): Promise<GroupRow[]> {
  return await db
    .select()
    .from(groups)
    .where(
      and(
        eq(groups.accountId, accountId),
        afterKey === undefined ? undefined : gt(groups.groupNameKey, afterKey),
        anyContains([groups.groupName, groups.displayName, groups.comments], q),
      ),
    )
    .orderBy(asc(groups.groupNameKey))
    .limit(limit);
}
