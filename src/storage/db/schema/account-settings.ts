import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { createdAt, updatedAt } from './columns.ts';

/**
 * What administrators set for their account. No row, or a field that is absent: the default, which stands with the rule in the domain.
 * A change touches the account (revision), so every process takes a new look.
 */
export const accountSettings = pgTable('account_settings', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => accounts.accountId),
  passwordPolicy: jsonb('password_policy').$type<Record<string, unknown>>().notNull().default({}),
  securityPreferences: jsonb('security_preferences').$type<Record<string, unknown>>().notNull().default({}),
  /** Set by the platform alone. */
  quotas: jsonb('quotas').$type<Record<string, unknown>>().notNull().default({}),
  /** How the account's pages look: name and colour; the logo stands in `account_logos`. */
  branding: jsonb('branding').$type<Record<string, unknown>>().notNull().default({}),
  /** Days that audit events are kept; null: the default. */
  auditRetentionDays: integer('audit_retention_days'),
  /** Whom to ask; shown to users as plain text. */
  helpText: text('help_text'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** An account's logo, decoded and encoded anew by us: never the bytes that were sent. */
export const accountLogos = pgTable(
  'account_logos',
  {
    accountId: text('account_id')
      .primaryKey()
      .references(() => accounts.accountId),
    /** SHA-256 of the image, base64url: its address. */
    logoId: text('logo_id').notNull(),
    /** PNG, base64. */
    image: text('image').notNull(),
    /** Pixels. */
    width: integer('width').notNull(),
    height: integer('height').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('account_logos_id').on(table.logoId)],
);
