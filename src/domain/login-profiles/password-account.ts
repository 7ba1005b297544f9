import type { Database } from '../../storage/db/database.ts';
import { findAccountSettings } from '../accounts/account-settings-store.ts';
import { listAliases } from '../accounts/aliases-store.ts';
import { readBranding } from '../accounts/branding/branding.ts';
import { type PasswordPolicy, readPasswordPolicy } from '../accounts/password-policy.ts';

/** What an account has to do with the passwords of its users. */
export interface PasswordAccount {
  readonly policy: PasswordPolicy;
  readonly accountNames: readonly string[];
}

/** The account's policy as of now; every alias it ever had, and the name on its pages. */
export async function loadPasswordAccount(db: Database, accountId: string): Promise<PasswordAccount> {
  const [settings, aliases] = await Promise.all([findAccountSettings(db, accountId), listAliases(db, accountId)]);
  const { displayName } = readBranding(settings?.branding, undefined);
  return {
    policy: readPasswordPolicy(settings?.passwordPolicy),
    accountNames: [...aliases.map(({ alias }) => alias), ...(displayName === undefined ? [] : [displayName])],
  };
}
