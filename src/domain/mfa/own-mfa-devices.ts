import { z } from 'zod';
import { newPrefixedId } from '../../crypto/random-ids.ts';
import type { Caller } from '../caller.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { findLogonAlias } from '../users/users-store.ts';
import {
  deleteDeviceOf,
  deviceNameField,
  listDevicesOf,
  mfaDeviceIdField,
  noSuchDevice,
  renameDeviceOf,
} from './mfa-device-changes.ts';
import type { MfaDeviceView } from './mfa-device-view.ts';
import { defaultDeviceName } from './mfa.ts';
import { listMfaDevices } from './mfa-store.ts';
import { proofFields, proveAnew } from './own-proof.ts';
import { keepPendingDevice, pendingSeconds } from './pending-devices.ts';
import { newTotpSecret, totpUri } from './totp.ts';

const noInput = z.strictObject({});
const newDeviceInput = z.strictObject({ name: deviceNameField.default(defaultDeviceName) });
const namingInput = z.strictObject({ mfaDeviceId: mfaDeviceIdField, name: deviceNameField });
const removalInput = z.strictObject({ mfaDeviceId: mfaDeviceIdField, ...proofFields });

const ownResource = (_input: unknown, caller: Caller): string => userResource(caller.userName, caller);

export const listOwnMfaDevices: Operation<z.infer<typeof noInput>, undefined, { items: readonly MfaDeviceView[] }> = {
  name: 'ListOwnMFADevices',
  action: 'ram:ListMFADevices',
  effect: 'read',
  selfService: true,
  input: noInput,
  resource: ownResource,
  perform: (context) => listDevicesOf(context, { userId: context.caller.userId }),
};

/** A device to be bound, with what an app needs to take it up. */
export interface NewVirtualDevice {
  readonly mfaDeviceId: string;
  readonly name: string;
  /** Base32. */
  readonly secret: string;
  readonly otpauthUri: string;
  readonly expiresInSeconds: number;
}

/** RAM's first call of two: a seed, for an app to take up. Nothing asks for its codes until they have bound it. */
export const createOwnMfaDevice: Operation<z.infer<typeof newDeviceInput>, undefined, NewVirtualDevice> = {
  name: 'CreateOwnVirtualMFADevice',
  action: 'ram:CreateVirtualMFADevice',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: newDeviceInput,
  resource: (_input, { accountId }) => `acs:ram:*:${accountId}:mfa/*`,
  auditDetails: (_input, { mfaDeviceId }) => ({ mfaDeviceId }),
  perform: async ({ db, caller }, { name }) => {
    const device = { mfaDeviceId: newPrefixedId('mfa'), name, secret: newTotpSecret() };
    const alias = await findLogonAlias(db, caller.accountId);
    const otpauthUri = totpUri(device.secret, alias, `${caller.userName}@${alias}`);
    return { ...device, otpauthUri, expiresInSeconds: pendingSeconds };
  },
  afterwards: (context, _input, device) => keepPendingDevice(context, context.caller, device),
};

export const updateOwnMfaDevice: Operation<z.infer<typeof namingInput>, undefined, MfaDeviceView> = {
  name: 'UpdateOwnMFADevice',
  action: 'ram:UpdatePasskey',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: namingInput,
  resource: ownResource,
  auditDetails: ({ mfaDeviceId }) => ({ mfaDeviceId, changed: ['name'] }),
  perform: (context, naming) => renameDeviceOf(context, { userId: context.caller.userId }, naming),
};

/** Ends all sessions and tokens of the caller, this one too. */
export const deleteOwnMfaDevice: Operation<z.infer<typeof removalInput>, void, void> = {
  name: 'DeleteOwnMFADevice',
  action: 'ram:UnbindMFADevice',
  effect: 'change',
  selfService: 'allowUserToManageMFADevices',
  input: removalInput,
  resource: ownResource,
  auditDetails: ({ mfaDeviceId }) => ({ mfaDeviceId }),
  prepare: async (context, { mfaDeviceId, ...proof }) => {
    const devices = await listMfaDevices(context.db, context.caller.userId);
    if (!devices.some((device) => device.mfaDeviceId === mfaDeviceId)) throw noSuchDevice();
    await proveAnew(context, proof);
  },
  perform: (context, { mfaDeviceId }) => deleteDeviceOf(context, { userId: context.caller.userId }, mfaDeviceId),
};
