import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt, instant, updatedAt } from './columns.ts';
import { users } from './users.ts';

/** Whether and how a user may log on to pages. No row: programmatic only. */
export const loginProfiles = pgTable('login_profiles', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.userId, { onDelete: 'cascade' }),
  accountId: accountId(),
  /** PHC string. */
  passwordHash: text('password_hash').notNull(),
  status: text('status', { enum: ['active', 'inactive'] })
    .notNull()
    .default('active'),
  resetRequired: boolean('reset_required').notNull().default(false),
  mfaRequired: boolean('mfa_required').notNull().default(false),
  passwordSetAt: instant('password_set_at').notNull().defaultNow(),
  /** When a password that somebody else set with `resetRequired` dies unused; null once the user chose their own. */
  initialPasswordExpiresAt: instant('initial_password_expires_at'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
