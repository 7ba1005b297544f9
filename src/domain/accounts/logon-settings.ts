import type { Database } from '../../storage/db/database.ts';
import { findAccountSettings } from './account-settings-store.ts';
import { type Branding, readBranding } from './branding/branding.ts';
import { findLogo } from './branding/logos-store.ts';
import { type PasswordPolicy, readPasswordPolicy } from './password-policy.ts';
import { readSecurityPreferences, type SecurityPreferences } from './security-preferences.ts';

/** What an account sets for its pages and for logons to them. A change touches the account, so a copy is good while the account's revision is the same. */
export interface LogonSettings {
  readonly passwordPolicy: PasswordPolicy;
  readonly securityPreferences: SecurityPreferences;
  readonly branding: Branding;
}

export async function loadLogonSettings(db: Database, accountId: string): Promise<LogonSettings> {
  const [settings, logo] = await Promise.all([findAccountSettings(db, accountId), findLogo(db, accountId)]);
  return {
    passwordPolicy: readPasswordPolicy(settings?.passwordPolicy),
    securityPreferences: readSecurityPreferences(settings?.securityPreferences),
    branding: readBranding(settings?.branding, logo),
  };
}
