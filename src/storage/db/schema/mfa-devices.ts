import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt, instant } from './columns.ts';
import { users } from './users.ts';

export const mfaDevices = pgTable(
  'mfa_devices',
  {
    mfaDeviceId: text('mfa_device_id').primaryKey(),
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    type: text('type', { enum: ['totp'] }).notNull(),
    name: text('name').notNull(),
    /** TOTP: the seed, sealed. */
    secretSealed: text('secret_sealed').notNull(),
    /** TOTP: the last time step used. A step is used once, ever; only a greater one is accepted. */
    lastUsedStep: bigint('last_used_step', { mode: 'number' }).notNull().default(0),
    createdAt: createdAt(),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('mfa_devices_user').on(table.userId)],
);

export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    recoveryCodeId: text('recovery_code_id').primaryKey(),
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    /** SHA-256 of a code of at least 80 random bits under a deployment key. */
    codeHash: text('code_hash').notNull(),
    usedAt: instant('used_at'),
    createdAt: createdAt(),
  },
  (table) => [index('recovery_codes_user').on(table.userId)],
);
