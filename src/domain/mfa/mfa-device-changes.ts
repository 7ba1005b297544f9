import { z } from 'zod';
import { AppError } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import { requireRightToSetCredentials } from '../policies/platform-administrators.ts';
import { lineOfText, type UserSelector } from '../users/user-fields.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { findUser, lockUser, raiseUserEpoch } from '../users/users-store.ts';
import { type MfaDeviceView, viewMfaDevice } from './mfa-device-view.ts';
import { deleteMfa, deleteMfaDevice, listMfaDevices, renameMfaDevice } from './mfa-store.ts';

export const mfaDeviceIdField = z
  .string()
  .regex(/^mfa_[a-z0-9]{20}$/, { error: 'An MFA device id is mfa_ and 20 small letters and digits.' });

export const deviceNameField = lineOfText(64);

export const noSuchDevice = () => new AppError('EntityNotExist.User.MFADevice', 'This MFA device does not exist.');

export async function listDevicesOf(
  { db, caller }: OperationContext,
  selector: UserSelector,
): Promise<{ items: readonly MfaDeviceView[] }> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  return { items: (await listMfaDevices(db, user.userId)).map(viewMfaDevice) };
}

/** A name is for people to tell devices apart by; nothing that was proved with one changes. */
export async function renameDeviceOf(
  { db, caller }: OperationContext,
  selector: UserSelector,
  { mfaDeviceId, name }: { readonly mfaDeviceId: string; readonly name: string },
): Promise<MfaDeviceView> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  const device = await renameMfaDevice(db, { userId: user.userId, mfaDeviceId, name });
  if (device === undefined) throw noSuchDevice();
  return viewMfaDevice(device);
}

/** Removes a device and ends all sessions and tokens of its user: what was proved with it holds no more. */
export async function deleteDeviceOf(
  context: OperationContext,
  selector: UserSelector,
  mfaDeviceId: string,
): Promise<void> {
  const userId = await lockForRemoval(context, selector);
  if (!(await deleteMfaDevice(context.db, userId, mfaDeviceId))) throw noSuchDevice();
  await raiseUserEpoch(context.db, userId);
}

/** Removes all devices and recovery codes of a user, and ends all sessions and tokens. Throws where there was no device. */
export async function deleteDevicesOf(context: OperationContext, selector: UserSelector): Promise<{ removed: number }> {
  const userId = await lockForRemoval(context, selector);
  const removed = await deleteMfa(context.db, userId);
  if (removed === 0) throw new AppError('EntityNotExist.User.MFADevice', 'This user has no MFA device.');
  await raiseUserEpoch(context.db, userId);
  return { removed };
}

async function lockForRemoval(context: OperationContext, selector: UserSelector): Promise<string> {
  const user = await lockUser(context.db, context.caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  await requireRightToSetCredentials(context, user.userId);
  return user.userId;
}
