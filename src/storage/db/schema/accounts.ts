import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, epoch, instant, revision, updatedAt } from './columns.ts';

/** The tenants. A deleted account's row stays: its id is never given away again. */
export const accounts = pgTable('accounts', {
  /** 16 decimal digits. */
  accountId: text('account_id').primaryKey(),
  status: text('status', { enum: ['active', 'suspended', 'deleted'] })
    .notNull()
    .default('active'),
  isPlatform: boolean('is_platform').notNull().default(false),
  /** When what a deleted account held is erased; until then the platform can bring it back. */
  erasedFrom: instant('erased_from'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
  revision: revision(),
  epoch: epoch(),
});

/** Every name that serves or ever served as an issuer; the primary key makes sure none is given to a second account. */
export const aliases = pgTable(
  'aliases',
  {
    alias: text('alias').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.accountId),
    /** `current`: the account's name. `former`: renamed away, still an issuer. `released`: no issuer any more. */
    state: text('state', { enum: ['current', 'former', 'released'] }).notNull(),
    createdAt: createdAt(),
    releasedAt: instant('released_at'),
  },
  (table) => [index('aliases_account').on(table.accountId)],
);
