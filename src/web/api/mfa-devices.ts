import { z } from 'zod';
import { activateOwnMfaDevice } from '../../domain/mfa/activate-own-mfa-device.ts';
import {
  deleteMfaDevice,
  deleteMfaDevices,
  listMfaDevices,
  updateMfaDevice,
} from '../../domain/mfa/mfa-device-operations.ts';
import type { MfaDeviceView } from '../../domain/mfa/mfa-device-view.ts';
import {
  createOwnMfaDevice,
  deleteOwnMfaDevice,
  listOwnMfaDevices,
  updateOwnMfaDevice,
} from '../../domain/mfa/own-mfa-devices.ts';
import { createOwnRecoveryCodes, getOwnRecoveryCodes } from '../../domain/mfa/own-recovery-codes.ts';
import { instant, listOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { shownOnce, shownOnceKeyword } from './shown-once.ts';

const deviceBody = z
  .object({
    id: z.string().meta({ examples: ['mfa_3k9xq2m7w4c8v1n6b5z0'] }),
    type: z.enum(['totp', 'passkey', 'security-key']),
    name: z.string().meta({ examples: ['Authenticator app'] }),
    backedUp: z.boolean().nullable().meta({
      description:
        'Whether a passkey is kept in more places than one, as its provider says; null for authenticator apps.',
    }),
    createdAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'MFADevice' });

const newDeviceBody = z
  .object({
    id: z.string().meta({ examples: ['mfa_3k9xq2m7w4c8v1n6b5z0'] }),
    name: z.string().meta({ examples: ['Phone'] }),
    secret: shownOnce('The seed in Base32, in this answer only.'),
    otpauthUri: shownOnce('What a QR code for authenticator apps holds.'),
    expiresInSeconds: z.int().meta({ description: 'Until then it can be activated.', examples: [1800] }),
  })
  .meta({ id: 'NewMFADevice' });

const recoveryCodesField = (description: string) => z.array(z.string()).meta({ description, [shownOnceKeyword]: true });

const activatedBody = z.object({
  device: deviceBody,
  recoveryCodes: recoveryCodesField(
    'In this answer only: made with the first device, and good for one logon each.',
  ).optional(),
});

const recoveryCodesBody = z
  .object({
    total: z.int().meta({ examples: [10] }),
    unused: z.int().meta({ examples: [9] }),
    createdAt: instant.nullable(),
  })
  .meta({ id: 'RecoveryCodes' });

const newRecoveryCodesBody = z.object({
  recoveryCodes: recoveryCodesField('In this answer only; good for one logon each.'),
});

const path = '/users/:userName/mfa-devices';
const ownPath = '/me/mfa-devices';
const absent = ['EntityNotExist.User', 'EntityNotExist.User.MFADevice'] as const;
const wrongProof = ['CheckAuthenticationCodeFail', 'InvalidOldPassword', 'Throttling'] as const;

export const mfaDeviceRoutes = routeGroup('MFA devices', 'Second factors of users.', [
  route(`GET ${path}`, listMfaDevices, {
    summary: 'List the MFA devices of a user',
    answer: listOf(deviceBody),
    present: ({ items }) => ({ items: items.map(presentDevice) }),
    refuses: ['EntityNotExist.User'],
  }),
  route(`DELETE ${path}`, deleteMfaDevices, {
    summary: "Reset a user's second factor",
    description: 'Removes all devices and recovery codes, and ends all sessions and tokens of the user.',
    refuses: absent,
  }),
  route(`PATCH ${path}/:mfaDeviceId`, updateMfaDevice, {
    summary: 'Rename an MFA device of a user',
    body: '',
    answer: deviceBody,
    present: presentDevice,
    refuses: absent,
    example: { body: { name: 'Old phone' } },
  }),
  route(`DELETE ${path}/:mfaDeviceId`, deleteMfaDevice, {
    summary: 'Remove an MFA device of a user',
    description: 'Ends all sessions and tokens of the user; with the last device go the recovery codes.',
    refuses: absent,
  }),
]);

export const ownMfaDeviceRoutes = routeGroup(
  'Own MFA devices',
  "The caller's second factors, as far as the account lets users manage them (`allowUserToManageMFADevices`) or policies allow it.",
  [
    route(`GET ${ownPath}`, listOwnMfaDevices, {
      summary: "List the caller's MFA devices",
      answer: listOf(deviceBody),
      present: ({ items }) => ({ items: items.map(presentDevice) }),
    }),
    route(`POST ${ownPath}`, createOwnMfaDevice, {
      summary: 'Begin to bind an authenticator app',
      description: 'Answers the seed for the app. Nothing changes until two of its codes activate the device.',
      body: '',
      answer: newDeviceBody,
      present: ({ mfaDeviceId, name, secret, otpauthUri, expiresInSeconds }) => ({
        id: mfaDeviceId,
        ...{ name, secret, otpauthUri, expiresInSeconds },
      }),
      example: { body: { name: 'Phone' } },
    }),
    route(`POST ${ownPath}/:mfaDeviceId/activation`, activateOwnMfaDevice, {
      summary: 'Bind an authenticator app',
      description:
        'By two codes of the app that follow one another, and a proof: `password` for the first device; whoever has one already sends a `code` of that device, or `password` where the token came of a logon with a second factor.',
      body: '',
      status: 200,
      answer: activatedBody,
      present: ({ device, recoveryCodes }) => ({
        device: presentDevice(device),
        recoveryCodes: recoveryCodes === undefined ? undefined : [...recoveryCodes],
      }),
      refuses: ['EntityNotExist.User.MFADevice', 'LimitExceeded.User.MFADevice', 'PreconditionFailed', ...wrongProof],
    }),
    route(`PATCH ${ownPath}/:mfaDeviceId`, updateOwnMfaDevice, {
      summary: "Rename one of the caller's MFA devices",
      body: '',
      answer: deviceBody,
      present: presentDevice,
      refuses: ['EntityNotExist.User.MFADevice'],
      example: { body: { name: 'Old phone' } },
    }),
    route(`DELETE ${ownPath}/:mfaDeviceId`, deleteOwnMfaDevice, {
      summary: "Remove one of the caller's MFA devices",
      description:
        'With a `code` of one of the devices, or `password` where the token came of a logon with a second factor. Ends all sessions and tokens of the caller, this one too.',
      body: '',
      refuses: ['EntityNotExist.User.MFADevice', ...wrongProof],
    }),
    route('GET /me/recovery-codes', getOwnRecoveryCodes, {
      summary: "Count the caller's recovery codes",
      answer: recoveryCodesBody,
      present: ({ total, unused, createdAt }) => ({ total, unused, createdAt }),
    }),
    route('POST /me/recovery-codes', createOwnRecoveryCodes, {
      summary: "Replace the caller's recovery codes",
      description:
        'With a `code` of one of the devices, or `password` where the token came of a logon with a second factor. The old codes are worth nothing from then on.',
      body: '',
      answer: newRecoveryCodesBody,
      present: ({ recoveryCodes }) => ({ recoveryCodes: [...recoveryCodes] }),
      refuses: ['EntityNotExist.User.MFADevice', ...wrongProof],
    }),
  ],
);

function presentDevice(device: MfaDeviceView): z.infer<typeof deviceBody> {
  return {
    id: device.mfaDeviceId,
    type: device.type,
    name: device.name,
    backedUp: device.backedUp,
    createdAt: device.createdAt,
    lastUsedAt: device.lastUsedAt,
  };
}
