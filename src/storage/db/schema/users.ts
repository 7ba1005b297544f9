import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { createdAt, epoch, instant, revision, updatedAt } from './columns.ts';

export const users = pgTable(
  'users',
  {
    /** 18 decimal digits, stable over renames; `sub` in tokens. */
    userId: text('user_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.accountId),
    /** As typed. */
    userName: text('user_name').notNull(),
    /** Lower case: names are compared without case. */
    userNameKey: text('user_name_key').notNull(),
    displayName: text('display_name').notNull(),
    email: text('email'),
    mobilePhone: text('mobile_phone'),
    comments: text('comments'),
    /** What a search looks into, one field a line: in lower case once and for all, since that is what costs time in a search. */
    searchKey: text('search_key').generatedAlwaysAs(
      sql`lower(user_name || chr(10) || display_name || chr(10) || coalesce(email, ''))`,
    ),
    status: text('status', { enum: ['active', 'frozen'] })
      .notNull()
      .default('active'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    lastLogonAt: instant('last_logon_at'),
    revision: revision(),
    epoch: epoch(),
  },
  (table) => [
    uniqueIndex('users_account_name').on(table.accountId, table.userNameKey),
    index('users_account_id').on(table.accountId, table.userId),
  ],
);
