import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
import { userResource } from '../users/user-resource.ts';
import {
  deleteDeviceOf,
  deleteDevicesOf,
  deviceNameField,
  listDevicesOf,
  mfaDeviceIdField,
  renameDeviceOf,
} from './mfa-device-changes.ts';
import type { MfaDeviceView } from './mfa-device-view.ts';

const userInput = z.strictObject({ userName: userNameField });
const deviceInput = userInput.extend({ mfaDeviceId: mfaDeviceIdField });
const namingInput = deviceInput.extend({ name: deviceNameField });

type UserInput = z.infer<typeof userInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);

export const listMfaDevices: Operation<UserInput, undefined, { items: readonly MfaDeviceView[] }> = {
  name: 'ListMFADevices',
  action: 'ram:ListMFADevices',
  effect: 'read',
  input: userInput,
  resource,
  perform: (context, { userName }) => listDevicesOf(context, { userName }),
};

/** RAM renames passkeys; here any device has a name. */
export const updateMfaDevice: Operation<z.infer<typeof namingInput>, undefined, MfaDeviceView> = {
  name: 'UpdateMFADevice',
  action: 'ram:UpdatePasskey',
  effect: 'change',
  input: namingInput,
  resource,
  auditDetails: ({ mfaDeviceId }) => ({ mfaDeviceId, changed: ['name'] }),
  perform: (context, { userName, ...naming }) => renameDeviceOf(context, { userName }, naming),
};

/** A lost device. Ends all sessions and tokens of the user. */
export const deleteMfaDevice: Operation<z.infer<typeof deviceInput>, undefined, void> = {
  name: 'DeleteMFADevice',
  action: 'ram:UnbindMFADevice',
  effect: 'change',
  input: deviceInput,
  resource,
  auditDetails: ({ mfaDeviceId }) => ({ mfaDeviceId }),
  perform: (context, { userName, mfaDeviceId }) => deleteDeviceOf(context, { userName }, mfaDeviceId),
};

/** The administrator's reset: all devices and recovery codes. Ends all sessions and tokens of the user. */
export const deleteMfaDevices: Operation<UserInput, undefined, { removed: number }> = {
  name: 'DeleteMFADevices',
  action: 'ram:UnbindMFADevice',
  effect: 'change',
  input: userInput,
  resource,
  auditDetails: (_input, { removed }) => ({ all: true, removed }),
  perform: (context, { userName }) => deleteDevicesOf(context, { userName }),
};
