import { bigint, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { accountId, createdAt, instant } from './columns.ts';
import { users } from './users.ts';

/**
 * Browsers that a user has logged on with. One browser may be known to several users. A record holds only while the epochs of account and user are
 * still those in it: whatever ends sessions makes all devices strangers.
 */
export const knownDevices = pgTable(
  'known_devices',
  {
    knownDeviceId: text('known_device_id').primaryKey(),
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    /** SHA-256 of the browser's cookie (256 random bits). */
    tokenHash: text('token_hash').notNull(),
    accountEpoch: bigint('account_epoch', { mode: 'number' }).notNull(),
    userEpoch: bigint('user_epoch', { mode: 'number' }).notNull(),
    userAgent: text('user_agent'),
    sourceIp: text('source_ip').notNull(),
    createdAt: createdAt(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    /** Until when it stands in for a second factor (RAM: EnableSaveMFATicket); null: it does not. */
    mfaSavedUntil: instant('mfa_saved_until'),
  },
  (table) => [
    uniqueIndex('known_devices_token').on(table.tokenHash, table.userId),
    index('known_devices_user').on(table.userId),
    index('known_devices_seen').on(table.lastSeenAt),
  ],
);
