import type { MfaDeviceRow } from './mfa-store.ts';

/** A device as callers see one: everything but its seed or keys. */
export interface MfaDeviceView {
  readonly mfaDeviceId: string;
  readonly type: MfaDeviceRow['type'];
  readonly name: string;
  /** Whether a passkey is kept in more places than one; null where nothing says so. */
  readonly backedUp: boolean | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export const viewMfaDevice = ({
  mfaDeviceId,
  type,
  name,
  backedUp,
  createdAt,
  lastUsedAt,
}: MfaDeviceRow): MfaDeviceView => ({
  ...{ mfaDeviceId, type, name, createdAt, lastUsedAt },
  backedUp: type === 'totp' ? null : backedUp,
});
