import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt, instant } from './columns.ts';

/** Creations that a client marked with a key of its own, written in the transaction of the creation, so that it happens once. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    accountId: accountId(),
    userId: text('user_id').notNull(),
    /** SHA-256 of the client's key. */
    keyHash: text('key_hash').notNull(),
    /** HMAC of what was asked, which may hold a password, under a key of the ring: another request under the same key is refused. */
    requestHash: text('request_hash').notNull(),
    status: integer('status').notNull(),
    /** The answer without its secrets. */
    answer: jsonb('answer').$type<unknown>().notNull(),
    location: text('location'),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId, table.keyHash] }),
    index('idempotency_keys_expiry').on(table.expiresAt),
  ],
);
