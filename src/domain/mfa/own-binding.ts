import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { lockUser } from '../users/users-store.ts';
import { noSuchDevice } from './mfa-device-changes.ts';
import { type MfaDeviceView, viewMfaDevice } from './mfa-device-view.ts';
import { renewRecoveryCodes } from './mfa.ts';
import { countMfaDevices, listMfaDevices, type MfaDeviceRow } from './mfa-store.ts';
import { type Proof, proveAnew, provePassword } from './own-proof.ts';

/** A device that its user has just bound. */
export interface BoundDevice {
  readonly device: MfaDeviceView;
  /** Made with the first device of any kind; they stay when others come. */
  readonly recoveryCodes?: readonly string[] | undefined;
}

/**
 * Whoever binds a device proves themselves anew: by what they have, or by their password before they have anything. A stolen session, token or
 * access key must not gain a factor of its own. Answers whether it was proved by a factor that was there. Throws as `proveAnew`.
 */
export async function proveBeforeBinding(context: OperationContext, proof: Proof): Promise<boolean> {
  const hasDevice = (await countMfaDevices(context.db, context.caller.userId)) > 0;
  await (hasDevice ? proveAnew(context, proof) : provePassword(context, proof));
  return hasDevice;
}

interface Binding {
  /** What `proveBeforeBinding` answered. */
  readonly provedAnew: boolean;
  /** Of a device that an earlier call has begun. */
  readonly pendingId?: string;
}

/**
 * Binds a device of the caller's, within the operation's transaction: `bind` writes it and answers its id. The user's row is locked, so of racing
 * callers each sees what the others have bound. Sessions go on: nothing that was proved is less worth for it.
 */
export async function bindOwnDevice(
  context: OperationContext,
  binding: Binding,
  bind: () => Promise<string>,
): Promise<BoundDevice> {
  const { db, caller } = context;
  const user = await lockUser(db, caller.accountId, { userId: caller.userId });
  if (user === undefined) throw noSuchUser();
  const before = await listMfaDevices(db, user.userId);
  await requireBindable(context, before, binding);
  const mfaDeviceId = await bind();
  const device = (await listMfaDevices(db, user.userId)).find((one) => one.mfaDeviceId === mfaDeviceId);
  if (device === undefined) throw new Error('a device just bound did not come back');
  const recoveryCodes = before.length === 0 ? await renewRecoveryCodes(context, user) : undefined;
  return { device: viewMfaDevice(device), recoveryCodes };
}

/** Throws `EntityNotExist.User.MFADevice` where somebody has activated it, `LimitExceeded.User.MFADevice`, `PreconditionFailed`. */
async function requireBindable(
  { db, caller }: OperationContext,
  devices: readonly MfaDeviceRow[],
  { provedAnew, pendingId }: Binding,
): Promise<void> {
  if (devices.some(({ mfaDeviceId }) => mfaDeviceId === pendingId)) throw noSuchDevice();
  const { mfaDevicesPerUserQuota: most } = await loadQuotas(db, caller.accountId);
  if (devices.length >= most)
    throw new AppError('LimitExceeded.User.MFADevice', `A user has at most ${most} MFA devices.`);
  // Somebody may have bound the first one since we asked for the password alone.
  if (devices.length > 0 && !provedAnew)
    throw new AppError('PreconditionFailed', 'Another device was bound meanwhile; try again with a proof.');
}
