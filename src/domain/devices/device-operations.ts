import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
import { userResource } from '../users/user-resource.ts';
import { deviceIdField, forgetDeviceOf, forgetDevicesOf, listDevicesOf } from './device-changes.ts';
import type { DeviceView } from './device-view.ts';

const userInput = z.strictObject({ userName: userNameField });
const deviceInput = userInput.extend({ deviceId: deviceIdField });

type UserInput = z.infer<typeof userInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);

/** Browsers that a user has logged on with, and on which strangers' tries do not hold them up. */
export const listDevices: Operation<UserInput, undefined, { items: readonly DeviceView[] }> = {
  name: 'ListDevices',
  action: 'ram:ListDevices',
  effect: 'read',
  input: userInput,
  resource,
  perform: (context, { userName }) => listDevicesOf(context, { userName }),
};

/** The device is a stranger's from then on. Sessions in it go on. */
export const deleteDevice: Operation<z.infer<typeof deviceInput>, undefined, void> = {
  name: 'DeleteDevice',
  action: 'ram:DeleteDevice',
  effect: 'change',
  input: deviceInput,
  resource,
  auditDetails: ({ deviceId }) => ({ deviceId }),
  perform: (context, { userName, deviceId }) => forgetDeviceOf(context, { userName }, deviceId),
};

export const deleteDevices: Operation<UserInput, undefined, { removed: number }> = {
  name: 'DeleteDevices',
  action: 'ram:DeleteDevice',
  effect: 'change',
  input: userInput,
  resource,
  auditDetails: (_input, { removed }) => ({ all: true, removed }),
  perform: (context, { userName }) => forgetDevicesOf(context, { userName }),
};
