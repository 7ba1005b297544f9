import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { accountId, createdAt, updatedAt } from './columns.ts';
import { applications } from './applications.ts';
import { users } from './users.ts';

/** What a user allowed a third-party application, so that the question is asked once. */
export const consents = pgTable(
  'consents',
  {
    accountId: accountId(),
    userId: text('user_id')
      .notNull()
      .references(() => users.userId, { onDelete: 'cascade' }),
    clientId: text('client_id')
      .notNull()
      .references(() => applications.clientId, { onDelete: 'cascade' }),
    /** OIDC scopes. */
    granted: jsonb('granted').$type<{ scopes: string[] }>().notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.clientId] }), index('consents_client').on(table.clientId)],
);
