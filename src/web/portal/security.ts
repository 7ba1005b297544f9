import { activateOwnMfaDevice } from '../../domain/mfa/activate-own-mfa-device.ts';
import type { MfaDeviceView } from '../../domain/mfa/mfa-device-view.ts';
import { noSuchDevice } from '../../domain/mfa/mfa-device-changes.ts';
import { listMfaDevices } from '../../domain/mfa/mfa-store.ts';
import {
  createOwnMfaDevice,
  deleteOwnMfaDevice,
  listOwnMfaDevices,
  updateOwnMfaDevice,
} from '../../domain/mfa/own-mfa-devices.ts';
import { createOwnRecoveryCodes, getOwnRecoveryCodes } from '../../domain/mfa/own-recovery-codes.ts';
import { registerOwnPasskey } from '../../domain/mfa/register-own-passkey.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalRemoveDevicePage, PortalSecurityPage } from '../views/pages/portal-pages.ts';
import type { Wording } from '../views/translate.ts';
import { frameOf } from './frame.ts';
import { proofAction, proofForm, proofIn } from './proof.ts';
import {
  addressOf,
  type LeadOn,
  may,
  perform,
  type PortalRoute,
  type PortalVisit,
  queryValue,
  requireMay,
} from './visit.ts';

export const securityPages: readonly PortalRoute[] = [
  { section: 'security', path: '/security', show: securityPage },
  { section: 'security', path: '/security/rename', act: renameDevice, again: securityPage },
  {
    section: 'security',
    path: '/security/remove',
    show: (visit) => removalPage(visit, queryValue(visit, 'device')),
    act: removeDevice,
    again: (visit, form) => removalPage(visit, form.get('device')),
  },
];

const kinds: Readonly<Record<MfaDeviceView['type'], Wording>> = {
  totp: 'portal.kind.totp',
  passkey: 'portal.kind.passkey',
  'security-key': 'portal.kind.security-key',
};

async function securityPage(visit: PortalVisit): Promise<PortalSecurityPage> {
  const [{ items }, codes, offers, frame] = await Promise.all([
    perform(visit, listOwnMfaDevices, {}),
    recoveryCodesOf(visit),
    offersOf(visit),
    frameOf(visit, 'security'),
  ]);
  const address = (isOffered: boolean, path: string) => (isOffered ? addressOf(visit, path) : undefined);
  const [adds, changes] = [offers.passkey || offers.app, offers.renaming || offers.removal || offers.newCodes];
  const removal = address(offers.removal, '/security/remove');
  return {
    name: 'portal/security',
    ...frame,
    isClosed: !adds && (items.length === 0 || !changes),
    renameAction: address(offers.renaming, '/security/rename'),
    devices: items.map((device) => ({
      id: device.mfaDeviceId,
      name: device.name,
      kind: kinds[device.type],
      backedUp: device.backedUp === true,
      createdAt: device.createdAt,
      lastUsedAt: device.lastUsedAt ?? undefined,
      removeHref: removal === undefined ? undefined : `${removal}?device=${device.mfaDeviceId}`,
    })),
    addPasskeyHref: address(offers.passkey, '/security/passkey'),
    addAppAction: address(offers.app, '/security/app/begin'),
    recoveryCodes: items.length === 0 || codes === undefined ? undefined : { left: codes.unused, total: codes.total },
    recoveryCodesHref: address(offers.newCodes, '/security/recovery-codes'),
  };
}

/** What the user may do here, each by the operation that does it: policies can forbid one and leave the others. */
async function offersOf(visit: PortalVisit) {
  const [renaming, removal, passkey, beginsApp, bindsApp, newCodes] = await Promise.all([
    may(visit, updateOwnMfaDevice, { mfaDeviceId: '', name: '' }),
    may(visit, deleteOwnMfaDevice, { mfaDeviceId: '' }),
    may(visit, registerOwnPasskey, { response: '', boundTo: '' }),
    may(visit, createOwnMfaDevice, { name: '' }),
    may(visit, activateOwnMfaDevice, { mfaDeviceId: '', authenticationCode1: '', authenticationCode2: '' }),
    may(visit, createOwnRecoveryCodes, {}),
  ]);
  return { renaming, removal, passkey, app: beginsApp && bindsApp, newCodes };
}

const recoveryCodesOf = async (visit: PortalVisit) =>
  (await may(visit, getOwnRecoveryCodes, {})) ? await perform(visit, getOwnRecoveryCodes, {}) : undefined;

async function renameDevice(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const input = { mfaDeviceId: form.get('device') ?? '', name: form.get('new_name') ?? '' };
  await perform(visit, updateOwnMfaDevice, input);
  return { leadTo: '/security', notice: 'device-renamed' };
}

/** Asks for a proof before a device goes. */
async function removalPage(visit: PortalVisit, deviceId: string | undefined): Promise<PortalRemoveDevicePage> {
  const [devices, frame] = await Promise.all([
    listMfaDevices(visit.deps.db, visit.user.userId),
    frameOf(visit, 'security'),
    requireMay(visit, deleteOwnMfaDevice, { mfaDeviceId: deviceId ?? '' }),
  ]);
  const device = devices.find(({ mfaDeviceId }) => mfaDeviceId === deviceId);
  const place = { path: '/security/remove', query: { device: device?.mfaDeviceId ?? '' } };
  const proof = proofForm(visit, devices, place);
  if (device === undefined || proof === undefined) throw noSuchDevice();
  return {
    name: 'portal/remove-device',
    ...frame,
    action: proofAction(visit, '/security/remove', proof),
    deviceId: device.mfaDeviceId,
    deviceName: device.name,
    isLast: devices.length === 1,
    backHref: addressOf(visit, '/security'),
    proof,
  };
}

/** Ends all sessions of the user, this one too. */
async function removeDevice(visit: PortalVisit, form: Form): Promise<LeadOn> {
  await perform(visit, deleteOwnMfaDevice, { mfaDeviceId: form.get('device') ?? '', ...proofIn(visit, form) });
  return { ended: 'device-removed' };
}
