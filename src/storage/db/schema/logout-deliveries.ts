import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { applications } from './applications.ts';
import { accountId, createdAt, instant } from './columns.ts';

/**
 * Users (or whole accounts) whose sessions have just been ended by a raised epoch, written in the same transaction: whoever works it off tells
 * the apps of those sessions. So nothing is forgotten when a process dies in between.
 */
export const sessionEndings = pgTable(
  'session_endings',
  {
    sessionEndingId: bigint('session_ending_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: accountId(),
    /** Null: everybody of the account. The user may be gone already, so this refers to nothing. */
    userId: text('user_id'),
    createdAt: createdAt(),
    /** Not to be worked off before: a worker claims an entry by moving this. */
    dueAt: instant('due_at').notNull().defaultNow(),
  },
  (table) => [index('session_endings_due').on(table.dueAt)],
);

/** Logout tokens to be delivered (OpenID Connect Back-Channel Logout 1.0), and what came of them. */
export const logoutDeliveries = pgTable(
  'logout_deliveries',
  {
    logoutDeliveryId: bigint('logout_delivery_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: accountId(),
    /** The name of the issuer that the app used: the token's `iss`. */
    issuerName: text('issuer_name').notNull(),
    clientId: text('client_id')
      .notNull()
      .references(() => applications.clientId, { onDelete: 'cascade' }),
    /** `sub` of the token. */
    userId: text('user_id').notNull(),
    sid: text('sid').notNull(),
    status: text('status', { enum: ['pending', 'delivered', 'failed'] })
      .notNull()
      .default('pending'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: instant('due_at').notNull().defaultNow(),
    /** Why the last attempt failed: a status or a kind of failure, never what the app answered. */
    lastError: text('last_error'),
    createdAt: createdAt(),
    settledAt: instant('settled_at'),
  },
  (table) => [
    index('logout_deliveries_due').on(table.dueAt).where(sql`status = 'pending'`),
    index('logout_deliveries_client').on(table.clientId, table.logoutDeliveryId),
    index('logout_deliveries_account').on(table.accountId, table.logoutDeliveryId),
  ],
);
