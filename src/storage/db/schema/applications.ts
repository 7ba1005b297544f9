import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { accountId, createdAt, epoch, instant, revision, updatedAt } from './columns.ts';

/** OIDC clients. */
export const applications = pgTable(
  'applications',
  {
    /** `app_…`; unique in the deployment. */
    clientId: text('client_id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.accountId),
    displayName: text('display_name').notNull(),
    type: text('type', { enum: ['web', 'native', 'spa', 'service'] }).notNull(),
    redirectUris: jsonb('redirect_uris').$type<string[]>().notNull(),
    postLogoutRedirectUris: jsonb('post_logout_redirect_uris').$type<string[]>().notNull(),
    backchannelLogoutUri: text('backchannel_logout_uri'),
    /** The account's own app: no consent is asked. */
    firstParty: boolean('first_party').notNull().default(false),
    /** Whether it may ask for tokens to the management API. */
    apiAccess: text('api_access', { enum: ['none', 'read', 'full'] })
      .notNull()
      .default('none'),
    /** May introspect tokens of other applications of the account. */
    resourceServer: boolean('resource_server').notNull().default(false),
    /** False only for one confidential application by an administrator's decision. */
    pkceRequired: boolean('pkce_required').notNull().default(true),
    idTokenSignedResponseAlg: text('id_token_signed_response_alg', { enum: ['ES256', 'RS256'] })
      .notNull()
      .default('ES256'),
    accessTokenTtlSeconds: integer('access_token_ttl_seconds').notNull().default(3600),
    refreshTokenTtlSeconds: integer('refresh_token_ttl_seconds').notNull().default(2_592_000),
    /** How long a used refresh token still answers with its successor; null: the default of the application's type. */
    refreshTokenGraceSeconds: integer('refresh_token_grace_seconds'),
    /** The least that a logon for this application must reach; null: whatever the user's account demands. */
    requiredAcr: text('required_acr', { enum: ['urn:postern:acr:mfa', 'urn:postern:acr:phr'] }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    revision: revision(),
    epoch: epoch(),
  },
  (table) => [index('applications_account').on(table.accountId, table.clientId)],
);

/** Several per application, for rotation. A change of this table touches its application (revision), so copies notice. */
export const applicationSecrets = pgTable(
  'application_secrets',
  {
    secretId: text('secret_id').primaryKey(),
    accountId: accountId(),
    clientId: text('client_id')
      .notNull()
      .references(() => applications.clientId, { onDelete: 'cascade' }),
    /** SHA-256 of 256 random bits. */
    secretHash: text('secret_hash').notNull(),
    expiresAt: instant('expires_at'),
    createdAt: createdAt(),
  },
  (table) => [index('application_secrets_client').on(table.clientId)],
);
