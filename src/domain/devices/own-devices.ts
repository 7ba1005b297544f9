import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { deviceIdField, forgetDeviceOf, forgetDevicesOf, listDevicesOf } from './device-changes.ts';
import type { DeviceView } from './device-view.ts';

const noInput = z.strictObject({});
const deviceInput = z.strictObject({ deviceId: deviceIdField });

/** Everybody may see and forget their own, unless a policy forbids it. */
const own = {
  selfService: true,
  resource: (_input: unknown, caller: Caller): string => userResource(caller.userName, caller),
} as const;

export const listOwnDevices: Operation<z.infer<typeof noInput>, undefined, { items: readonly DeviceView[] }> = {
  name: 'ListOwnDevices',
  action: 'ram:ListDevices',
  effect: 'read',
  input: noInput,
  ...own,
  perform: (context) => listDevicesOf(context, { userId: context.caller.userId }),
};

export const deleteOwnDevice: Operation<z.infer<typeof deviceInput>, undefined, void> = {
  name: 'DeleteOwnDevice',
  action: 'ram:DeleteDevice',
  effect: 'change',
  input: deviceInput,
  ...own,
  auditDetails: ({ deviceId }) => ({ deviceId }),
  perform: (context, { deviceId }) => forgetDeviceOf(context, { userId: context.caller.userId }, deviceId),
};

export const deleteOwnDevices: Operation<z.infer<typeof noInput>, undefined, { removed: number }> = {
  name: 'DeleteOwnDevices',
  action: 'ram:DeleteDevice',
  effect: 'change',
  input: noInput,
  ...own,
  auditDetails: (_input, { removed }) => ({ all: true, removed }),
  perform: (context) => forgetDevicesOf(context, { userId: context.caller.userId }),
};
