import { z } from 'zod';
import { deleteDevice, deleteDevices, listDevices } from '../../domain/devices/device-operations.ts';
import type { DeviceView } from '../../domain/devices/device-view.ts';
import { deleteOwnDevice, deleteOwnDevices, listOwnDevices } from '../../domain/devices/own-devices.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const deviceBody = z
  .object({
    id: z.string().meta({ examples: ['dev_7c1v9x3k5m2q8w4z6b0n'] }),
    userAgent: z.string().nullable().meta({ description: 'As the browser calls itself, up to 256 characters.' }),
    sourceIp: z.string().meta({ description: 'Where it was last seen.', examples: ['192.0.2.17'] }),
    createdAt: instant,
    lastSeenAt: instant,
    mfaSavedUntil: instant
      .nullable()
      .meta({ description: 'Until then it stands in for the second factor, as far as the account allows that.' }),
  })
  .meta({ id: 'Device' });

const path = '/users/:userName/devices';
const ownPath = '/me/devices';

const forgetting =
  'From then on it is treated as a stranger: it asks for the second factor again, and waits where others have tried passwords. Its sessions go on.';

export const deviceRoutes = routeGroup(
  'Devices',
  'Browsers that users have logged on with. Whatever ends all sessions of a user empties the list.',
  [
    route(`GET ${path}`, listDevices, {
      summary: 'List the known devices of a user',
      answer: listOf(deviceBody),
      present: ({ items }) => ({ items: items.map(presentDevice) }),
      refuses: ['EntityNotExist.User'],
    }),
    route(`DELETE ${path}`, deleteDevices, {
      summary: 'Forget all devices of a user',
      description: forgetting,
      refuses: ['EntityNotExist.User'],
    }),
    route(`DELETE ${path}/:deviceId`, deleteDevice, {
      summary: 'Forget a device of a user',
      description: forgetting,
      refuses: ['EntityNotExist.User', 'EntityNotExist.User.Device'],
    }),
  ],
);

export const ownDeviceRoutes = routeGroup('Own devices', 'Browsers that the caller has logged on with.', [
  route(`GET ${ownPath}`, listOwnDevices, {
    summary: "List the caller's known devices",
    answer: listOf(deviceBody),
    present: ({ items }) => ({ items: items.map(presentDevice) }),
  }),
  route(`DELETE ${ownPath}`, deleteOwnDevices, {
    summary: "Forget all of the caller's devices",
    description: forgetting,
  }),
  route(`DELETE ${ownPath}/:deviceId`, deleteOwnDevice, {
    summary: "Forget one of the caller's devices",
    description: forgetting,
    refuses: ['EntityNotExist.User.Device'],
  }),
]);

function presentDevice(device: DeviceView): z.infer<typeof deviceBody> {
  return {
    id: device.deviceId,
    userAgent: device.userAgent,
    sourceIp: device.sourceIp,
    createdAt: device.createdAt,
    lastSeenAt: device.lastSeenAt,
    mfaSavedUntil: device.mfaSavedUntil,
  };
}
