import type { MfaDeviceRow } from '../../domain/mfa/mfa-store.ts';
import { listMfaDevices } from '../../domain/mfa/mfa-store.ts';
import type { Proof } from '../../domain/mfa/own-proof.ts';
import { registerOwnPasskey } from '../../domain/mfa/register-own-passkey.ts';
import { registrationOptions } from '../../domain/mfa/webauthn/registration.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalPasskeyPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { isKept, keepValue, takeValue } from './kept-values.ts';
import { afterBinding } from './recovery-codes.ts';
import { proofAction, proofForm, proofIn } from './proof.ts';
import {
  addressOf,
  boundToSession,
  type LeadOn,
  perform,
  type PortalRoute,
  type PortalVisit,
  principalOf,
  queryValue,
  requireMay,
} from './visit.ts';

const path = '/security/passkey';

export const passkeyPages: readonly PortalRoute[] = [
  {
    section: 'security',
    path,
    show: (visit) => passkeyPage(visit),
    act: register,
    again: (visit) => passkeyPage(visit),
  },
  { section: 'security', path: `${path}/proof`, act: keepProof, again: (visit) => passkeyPage(visit) },
];

/**
 * Where a passkey proves the user, two of them are asked for one after the other: the one that is there, whose answer is kept for the page after,
 * and then the new one.
 */
async function passkeyPage(visit: PortalVisit): Promise<PortalPasskeyPage> {
  const proofId = visit.refusal === undefined ? queryValue(visit, 'proof') : undefined;
  const [devices, isProved, frame] = await Promise.all([
    listMfaDevices(visit.deps.db, visit.user.userId),
    isKept(visit, proofId),
    frameOf(visit, 'security'),
    requireMay(visit, registerOwnPasskey, { response: '', boundTo: '' }),
  ]);
  const proof = proofForm(visit, devices, { path });
  const asksFirst = proof?.method === 'passkey' && !isProved;
  return {
    name: 'portal/passkey',
    ...frame,
    action: asksFirst ? addressOf(visit, `${path}/proof`) : proofAction(visit, path, proof),
    creationOptions: asksFirst ? undefined : creationOptions(visit, devices),
    proof: isProved ? undefined : proof,
    proofId: isProved ? proofId : undefined,
    backHref: addressOf(visit, '/security'),
  };
}

const creationOptions = (visit: PortalVisit, devices: readonly MfaDeviceRow[]): string => {
  const { accountId, userId, displayName } = visit.user;
  const user = { accountId, userId, displayName, principal: principalOf(visit) };
  return JSON.stringify(registrationOptions(visit.deps, { boundTo: boundToSession(visit), user, devices }));
};

/** It is evaluated together with the new passkey, by the operation that asks for it. */
async function keepProof(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const { passkey } = proofIn(visit, form);
  return { leadTo: passkey === undefined ? path : `${path}?proof=${await keepValue(visit, passkey)}` };
}

async function register(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const { passkey: made, ...typed } = proofIn(visit, form);
  const kept = (await takeValue(visit, form.get('proof'))) as Proof['passkey'] | undefined;
  const { recoveryCodes } = await perform(visit, registerOwnPasskey, {
    name: form.get('name') || undefined,
    response: made?.response ?? '',
    boundTo: boundToSession(visit),
    ...(kept === undefined ? typed : { passkey: kept }),
  });
  return await afterBinding(visit, 'passkey-added', recoveryCodes);
}
