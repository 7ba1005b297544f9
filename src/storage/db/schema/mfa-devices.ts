import { bigint, boolean, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
    /** `passkey`: discoverable and verifies its user, so good for a whole logon; `security-key`: a second factor. */
    type: text('type', { enum: ['totp', 'passkey', 'security-key'] }).notNull(),
    name: text('name').notNull(),
    /** TOTP: the seed, sealed. */
    secretSealed: text('secret_sealed'),
    /** TOTP: the last time step used. A step is used once, ever; only a greater one is accepted. */
    lastUsedStep: bigint('last_used_step', { mode: 'number' }).notNull().default(0),
    /** WebAuthn: base64url; unique in the deployment, since all aliases share one relying party. */
    credentialId: text('credential_id'),
    /** WebAuthn: COSE key, base64url. */
    publicKey: text('public_key'),
    /** WebAuthn: the last signature counter; stays 0 for authenticators that keep none. */
    signCount: bigint('sign_count', { mode: 'number' }).notNull().default(0),
    transports: jsonb('transports').$type<string[]>(),
    /** WebAuthn: whether the credential can be, and is, copied to other devices (flags BE and BS). */
    backupEligible: boolean('backup_eligible').notNull().default(false),
    backedUp: boolean('backed_up').notNull().default(false),
    /** WebAuthn: the model of the authenticator; all zeros where it does not say. */
    aaguid: text('aaguid'),
    createdAt: createdAt(),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('mfa_devices_user').on(table.userId), uniqueIndex('mfa_devices_credential').on(table.credentialId)],
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
