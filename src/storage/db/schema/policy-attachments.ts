import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt } from './columns.ts';
import { groups } from './groups.ts';
import { users } from './users.ts';

/** Policies attached to users. A change touches the user (revision), so a copy of their rights is noticed as old. */
export const userPolicies = pgTable(
  'user_policies',
  {
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    policyType: text('policy_type', { enum: ['system', 'custom'] }).notNull(),
    policyName: text('policy_name').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.policyType, table.policyName] }),
    index('user_policies_policy').on(table.accountId, table.policyType, table.policyName),
  ],
);

/** Policies attached to groups: they count for every member. */
export const groupPolicies = pgTable(
  'group_policies',
  {
    accountId: accountId(),
    groupId: text('group_id')
      .notNull()
      .references(() => groups.groupId, { onDelete: 'cascade' }),
    policyType: text('policy_type', { enum: ['system', 'custom'] }).notNull(),
    policyName: text('policy_name').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.groupId, table.policyType, table.policyName] }),
    index('group_policies_policy').on(table.accountId, table.policyType, table.policyName),
  ],
);
