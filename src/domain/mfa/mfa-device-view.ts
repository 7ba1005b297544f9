import type { MfaDeviceRow } from './mfa-store.ts';

/** A device as callers see one: everything but its seed. */
export interface MfaDeviceView {
  readonly mfaDeviceId: string;
  readonly type: 'totp';
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export const viewMfaDevice = ({ mfaDeviceId, type, name, createdAt, lastUsedAt }: MfaDeviceRow): MfaDeviceView => ({
  ...{ mfaDeviceId, type, name, createdAt, lastUsedAt },
});
