import { bigint, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { accountId, createdAt, revision, updatedAt } from './columns.ts';

/** Custom policies. System policies come with the product and have no row. */
export const policies = pgTable(
  'policies',
  {
    accountId: accountId().references(() => accounts.accountId),
    /** As typed at creation; a policy is never renamed, so attachments name it. */
    policyName: text('policy_name').notNull(),
    /** Lower case: names are compared without case. */
    policyNameKey: text('policy_name_key').notNull(),
    description: text('description'),
    /** `v1`; the version that counts. */
    defaultVersionId: text('default_version_id').notNull(),
    /** The number of the newest version ever made: a version's id is never used again. */
    latestVersion: integer('latest_version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    revision: revision(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.policyNameKey] }),
    uniqueIndex('policies_account_name').on(table.accountId, table.policyName),
  ],
);

/** A version's document never changes, so whoever compiled it may keep it for ever. */
export const policyVersions = pgTable(
  'policy_versions',
  {
    accountId: accountId(),
    policyNameKey: text('policy_name_key').notNull(),
    /** Never used again, even by a policy of the same name made later: copies in memory go by it. */
    documentId: bigint('document_id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** `v1`, `v2`, … */
    versionId: text('version_id').notNull(),
    /** The JSON text as it was given. */
    document: text('document').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.policyNameKey, table.versionId] }),
    foreignKey({
      name: 'policy_versions_policy',
      columns: [table.accountId, table.policyNameKey],
      foreignColumns: [policies.accountId, policies.policyNameKey],
    }).onDelete('cascade'),
    index('policy_versions_made').on(table.accountId, table.policyNameKey, table.createdAt),
  ],
);
