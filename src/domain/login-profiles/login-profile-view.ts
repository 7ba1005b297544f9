import { passwordExpiry, type PasswordPolicy } from '../accounts/password-policy.ts';
import type { LoginProfileRow } from './login-profiles-store.ts';

/** A login profile as callers see one: everything but the password. */
export interface LoginProfileView {
  readonly userName: string;
  readonly status: 'active' | 'inactive';
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly passwordSetAt: Date;
  readonly initialPasswordExpiresAt: Date | null;
  /** When the password reaches the age that the account's policy sets; null where it sets none. */
  readonly passwordExpiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const viewLoginProfile = (row: LoginProfileRow, userName: string, policy: PasswordPolicy): LoginProfileView => ({
  userName,
  status: row.status,
  resetRequired: row.resetRequired,
  mfaRequired: row.mfaRequired,
  passwordSetAt: row.passwordSetAt,
  initialPasswordExpiresAt: row.initialPasswordExpiresAt,
  passwordExpiresAt: passwordExpiry(row.passwordSetAt, policy),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
