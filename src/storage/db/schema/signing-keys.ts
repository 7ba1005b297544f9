import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { createdAt, instant } from './columns.ts';

/** An account's keys for ID and logout tokens. A change touches the account (revision), so every process rebuilds its issuer. */
export const signingKeys = pgTable(
  'signing_keys',
  {
    kid: text('kid').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.accountId),
    alg: text('alg', { enum: ['ES256', 'RS256'] }).notNull(),
    publicJwk: jsonb('public_jwk').$type<Record<string, unknown>>().notNull(),
    privateJwkSealed: text('private_jwk_sealed').notNull(),
    /** Published at once, signs from here on: by then every process and every client's cache can know it. */
    signsFrom: instant('signs_from').notNull(),
    /** Verifies until here; null while it is not being retired. */
    retiresAt: instant('retires_at'),
    createdAt: createdAt(),
  },
  (table) => [index('signing_keys_account').on(table.accountId)],
);
