import type { LoginProfileRow } from './login-profiles-store.ts';

/** A login profile as callers see one: everything but the password. */
export interface LoginProfileView {
  readonly userName: string;
  readonly status: 'active' | 'inactive';
  readonly resetRequired: boolean;
  readonly mfaRequired: boolean;
  readonly passwordSetAt: Date;
  readonly initialPasswordExpiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const viewLoginProfile = (row: LoginProfileRow, userName: string): LoginProfileView => ({
  userName,
  status: row.status,
  resetRequired: row.resetRequired,
  mfaRequired: row.mfaRequired,
  passwordSetAt: row.passwordSetAt,
  initialPasswordExpiresAt: row.initialPasswordExpiresAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
