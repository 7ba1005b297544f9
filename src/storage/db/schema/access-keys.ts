import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt, epoch, instant, revision, updatedAt } from './columns.ts';
import { users } from './users.ts';

export const accessKeys = pgTable(
  'access_keys',
  {
    /** `PSTK` and 20 alphanumerics; unique in the deployment. */
    accessKeyId: text('access_key_id').primaryKey(),
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    /** Set for keys that the deployment makes itself (`bootstrap`). */
    name: text('name'),
    /** The secret must sign, so it is sealed and not hashed. */
    secretSealed: text('secret_sealed').notNull(),
    status: text('status', { enum: ['active', 'inactive'] })
      .notNull()
      .default('active'),
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
    lastUsedService: text('last_used_service'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    revision: revision(),
    epoch: epoch(),
  },
  (table) => [index('access_keys_user').on(table.userId)],
);
