import { bigint, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Short-lived data when no Redis is configured. Logged, not unlogged: an embedded server killed in the middle must lose nothing. */
export const ephemeralEntries = pgTable(
  'ephemeral_entries',
  {
    key: text('key').primaryKey(),
    value: text('value').notNull(),
    count: bigint('count', { mode: 'number' }).notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('ephemeral_entries_expiry').on(table.expiresAt)],
);

export const ephemeralMembers = pgTable(
  'ephemeral_members',
  {
    key: text('key').notNull(),
    member: text('member').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.key, table.member] }),
    index('ephemeral_members_expiry').on(table.expiresAt),
  ],
);
