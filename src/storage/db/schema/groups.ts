import { index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { accountId, createdAt, revision, updatedAt } from './columns.ts';
import { users } from './users.ts';

export const groups = pgTable(
  'groups',
  {
    /** `g-` and 16 letters and digits, stable over renames. */
    groupId: text('group_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.accountId),
    /** As typed. */
    groupName: text('group_name').notNull(),
    /** Lower case: names are compared without case. */
    groupNameKey: text('group_name_key').notNull(),
    displayName: text('display_name'),
    comments: text('comments'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    revision: revision(),
  },
  (table) => [uniqueIndex('groups_account_name').on(table.accountId, table.groupNameKey)],
);

/** Who is in which group. A change touches the user (revision): tokens name the groups, and rights come with them. */
export const groupMembers = pgTable(
  'group_members',
  {
    accountId: accountId(),
    groupId: text('group_id')
      .notNull()
      .references(() => groups.groupId, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    joinedAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.userId] }), index('group_members_user').on(table.userId)],
);
