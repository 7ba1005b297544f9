import { activateOwnMfaDevice } from '../../domain/mfa/activate-own-mfa-device.ts';
import { listMfaDevices } from '../../domain/mfa/mfa-store.ts';
import { createOwnMfaDevice } from '../../domain/mfa/own-mfa-devices.ts';
import { findPendingDevice } from '../../domain/mfa/pending-devices.ts';
import { totpUri } from '../../domain/mfa/totp.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalAuthenticatorAppPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { afterBinding } from './recovery-codes.ts';
import { proofAction, proofForm, proofIn } from './proof.ts';
import {
  addressOf,
  type LeadOn,
  perform,
  type PortalRoute,
  type PortalVisit,
  principalOf,
  queryValue,
  requireMay,
} from './visit.ts';

const path = '/security/app';

export const authenticatorAppPages: readonly PortalRoute[] = [
  { section: 'security', path: `${path}/begin`, act: begin, again: (visit) => appPage(visit, undefined) },
  {
    section: 'security',
    path,
    show: (visit) => appPage(visit, queryValue(visit, 'device')),
    act: activate,
    again: (visit, form) => appPage(visit, form.get('device')),
  },
];

/** Makes a seed. Nothing is bound by it. */
async function begin(visit: PortalVisit): Promise<LeadOn> {
  const { mfaDeviceId } = await perform(visit, createOwnMfaDevice, {});
  return { leadTo: `${path}?device=${mfaDeviceId}` };
}

/** The seed is shown as long as it is pending: a code that was mistyped must not cost it. What has expired begins anew. */
async function appPage(visit: PortalVisit, deviceId: string | undefined): Promise<PortalAuthenticatorAppPage | LeadOn> {
  const { deps, hosted, user } = visit;
  const [pending, devices, frame] = await Promise.all([
    deviceId === undefined ? undefined : findPendingDevice(deps, user, deviceId),
    listMfaDevices(deps.db, user.userId),
    frameOf(visit, 'security'),
    requireMay(visit, createOwnMfaDevice, { name: '' }),
  ]);
  if (pending === undefined) return { leadTo: '/security' };
  const proof = proofForm(visit, devices, { path, query: { device: pending.mfaDeviceId } });
  return {
    name: 'portal/authenticator-app',
    ...frame,
    action: proofAction(visit, path, proof),
    deviceId: pending.mfaDeviceId,
    secret: pending.secret,
    otpauthUri: totpUri(pending.secret, hosted.currentAlias, principalOf(visit)),
    backHref: addressOf(visit, '/security'),
    proof,
  };
}

async function activate(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const codeOf = (field: string): string => (form.get(field) ?? '').replace(/\s/g, '');
  const { recoveryCodes } = await perform(visit, activateOwnMfaDevice, {
    mfaDeviceId: form.get('device') ?? '',
    authenticationCode1: codeOf('code_1'),
    authenticationCode2: codeOf('code_2'),
    ...proofIn(visit, form),
  });
  return await afterBinding(visit, 'app-added', recoveryCodes);
}
