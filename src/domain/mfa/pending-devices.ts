import { open, seal, type SealedPlace } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';

/** A virtual device whose seed was handed over, and which is nothing until its codes prove that an app has it. */
export interface PendingDevice {
  readonly mfaDeviceId: string;
  readonly name: string;
  readonly secret: string;
}

interface PendingDeps {
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
}

interface UserReference {
  readonly accountId: string;
  readonly userId: string;
}

interface StoredDevice {
  readonly name: string;
  readonly secretSealed: string;
}

/** Long enough to install an app first. */
export const pendingSeconds = 1800;

const keyOf = ({ userId }: UserReference, mfaDeviceId: string): string => `mfa-pending:${userId}:${mfaDeviceId}`;

const placeOf = ({ accountId }: UserReference, mfaDeviceId: string): SealedPlace => ({
  accountId,
  row: mfaDeviceId,
  column: 'mfa_pending.secret',
});

export async function keepPendingDevice(
  { ephemeral, keyRing }: PendingDeps,
  user: UserReference,
  { mfaDeviceId, name, secret }: PendingDevice,
): Promise<void> {
  const stored: StoredDevice = { name, secretSealed: seal(keyRing, secret, placeOf(user, mfaDeviceId)) };
  await ephemeral.set(keyOf(user, mfaDeviceId), JSON.stringify(stored), pendingSeconds);
}

export async function findPendingDevice(
  { ephemeral, keyRing }: PendingDeps,
  user: UserReference,
  mfaDeviceId: string,
): Promise<PendingDevice | undefined> {
  const raw = await ephemeral.get(keyOf(user, mfaDeviceId));
  if (raw === undefined) return undefined;
  const { name, secretSealed } = JSON.parse(raw) as StoredDevice;
  return { mfaDeviceId, name, secret: open(keyRing, secretSealed, placeOf(user, mfaDeviceId)) };
}

export async function forgetPendingDevice(
  { ephemeral }: Pick<PendingDeps, 'ephemeral'>,
  user: UserReference,
  mfaDeviceId: string,
): Promise<void> {
  await ephemeral.delete(keyOf(user, mfaDeviceId));
}
