import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt } from './columns.ts';
import { users } from './users.ts';

/** Former passwords, as far as the account's policy forbids them again (RAM: PasswordReusePrevention, at most 24). */
export const passwordHistory = pgTable(
  'password_history',
  {
    passwordHistoryId: bigint('password_history_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    /** PHC string. */
    passwordHash: text('password_hash').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('password_history_user').on(table.userId, table.passwordHistoryId)],
);
