import { eq } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { touchAccount } from './accounts-store.ts';

export type AccountSettingsRow = typeof accountSettings.$inferSelect;

type AccountSettingsChanges = Partial<
  Pick<
    AccountSettingsRow,
    'passwordPolicy' | 'securityPreferences' | 'quotas' | 'branding' | 'auditRetentionDays' | 'helpText'
  >
>;

/** What was set for an account; undefined where nothing ever was. */
export async function findAccountSettings(db: Database, accountId: string): Promise<AccountSettingsRow | undefined> {
  const [row] = await db.select().from(accountSettings).where(eq(accountSettings.accountId, accountId));
  return row;
}

/** Sets these fields, whole, and leaves the others. Every process takes a new look at the account. Lock the account before reading what is to be merged. */
export async function saveAccountSettings(
  tx: Database,
  accountId: string,
  changes: AccountSettingsChanges,
): Promise<void> {
  await tx
    .insert(accountSettings)
    .values({ accountId, ...changes })
    .onConflictDoUpdate({ target: accountSettings.accountId, set: changes });
  await touchAccount(tx, accountId);
}
