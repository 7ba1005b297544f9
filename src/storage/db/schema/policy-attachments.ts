import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt } from './columns.ts';
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
