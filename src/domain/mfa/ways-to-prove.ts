import type { Caller } from '../caller.ts';
import type { MfaDeviceRow } from './mfa-store.ts';

export type WayToProve = 'passkey' | 'code' | 'password';

/** By what a caller with these devices can prove themselves anew (own-proof.ts), the strongest first. Who has no device yet proves themselves by the password. */
export function waysToProve(
  { mfaPresent }: Pick<Caller, 'mfaPresent'>,
  devices: readonly Pick<MfaDeviceRow, 'type'>[],
): WayToProve[] {
  if (devices.length === 0) return ['password'];
  const has = {
    passkey: devices.some(({ type }) => type !== 'totp'),
    code: devices.some(({ type }) => type === 'totp'),
  };
  return [
    ...(has.passkey ? (['passkey'] as const) : []),
    ...(has.code ? (['code'] as const) : []),
    ...(mfaPresent ? (['password'] as const) : []),
  ];
}
