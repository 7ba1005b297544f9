import { z } from 'zod';
import { AppError } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import type { UserSelector } from '../users/user-fields.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { findUser } from '../users/users-store.ts';
import { type DeviceView, viewDevice } from './device-view.ts';
import { deleteKnownDevice, deleteKnownDevices, listKnownDevices } from './known-devices-store.ts';

export const deviceIdField = z
  .string()
  .regex(/^dev_[a-z0-9]{20}$/, { error: 'A device id is dev_ and 20 small letters and digits.' });

type Context = Pick<OperationContext, 'db' | 'caller'>;

/** At most 20, so that they need no pages. */
export async function listDevicesOf(
  context: Context,
  selector: UserSelector,
): Promise<{ items: readonly DeviceView[] }> {
  return { items: (await listKnownDevices(context.db, await requireUserId(context, selector))).map(viewDevice) };
}

/** Throws `EntityNotExist.User.Device`. */
export async function forgetDeviceOf(context: Context, selector: UserSelector, deviceId: string): Promise<void> {
  if (!(await deleteKnownDevice(context.db, await requireUserId(context, selector), deviceId)))
    throw new AppError('EntityNotExist.User.Device', 'This device is not known.');
}

export async function forgetDevicesOf(context: Context, selector: UserSelector): Promise<{ removed: number }> {
  return { removed: await deleteKnownDevices(context.db, await requireUserId(context, selector)) };
}

async function requireUserId({ db, caller }: Context, selector: UserSelector): Promise<string> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  return user.userId;
}
