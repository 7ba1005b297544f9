import { listMfaDevices } from '../../domain/mfa/mfa-store.ts';
import { createOwnRecoveryCodes, getOwnRecoveryCodes } from '../../domain/mfa/own-recovery-codes.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalRecoveryCodesPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { keepValue, takeValue } from './kept-values.ts';
import type { NoticeName } from './notices.ts';
import { proofAction, proofForm, proofIn } from './proof.ts';
import {
  addressOf,
  type LeadOn,
  perform,
  type PortalRoute,
  type PortalVisit,
  queryValue,
  requireMay,
} from './visit.ts';

const path = '/security/recovery-codes';

export const recoveryCodePages: readonly PortalRoute[] = [
  {
    section: 'security',
    path,
    show: recoveryCodesPage,
    act: makeCodes,
    again: recoveryCodesPage,
  },
];

async function recoveryCodesPage(visit: PortalVisit): Promise<PortalRecoveryCodesPage> {
  const codes = (await takeValue(visit, queryValue(visit, 'shown'))) as string[] | undefined;
  const [devices, left, frame] = await Promise.all([
    listMfaDevices(visit.deps.db, visit.user.userId),
    codes?.length ?? countLeft(visit),
    frameOf(visit, 'security'),
  ]);
  // Whoever has nothing that codes stand in for can prove themselves, and gets none.
  const proof = devices.length === 0 ? undefined : proofForm(visit, devices, { path });
  return {
    name: 'portal/recovery-codes',
    ...frame,
    action: proofAction(visit, path, proof),
    left,
    backHref: addressOf(visit, '/security'),
    proof,
    codes,
  };
}

/** For those who may make new ones. Codes that were just made are shown to whoever got them, whatever else is forbidden. */
async function countLeft(visit: PortalVisit): Promise<number> {
  const [{ unused }] = await Promise.all([
    perform(visit, getOwnRecoveryCodes, {}),
    requireMay(visit, createOwnRecoveryCodes, {}),
  ]);
  return unused;
}

async function makeCodes(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const { recoveryCodes } = await perform(visit, createOwnRecoveryCodes, proofIn(visit, form));
  return await showCodes(visit, 'codes-made', recoveryCodes);
}

/** After a device was bound: the recovery codes that came of it, if any did. */
export const afterBinding = (
  visit: PortalVisit,
  notice: NoticeName,
  recoveryCodes: readonly string[] | undefined,
): Promise<LeadOn> | LeadOn =>
  recoveryCodes === undefined ? { leadTo: '/security', notice } : showCodes(visit, notice, recoveryCodes);

const showCodes = async (visit: PortalVisit, notice: NoticeName, codes: readonly string[]): Promise<LeadOn> => ({
  leadTo: `${path}?shown=${await keepValue(visit, codes)}`,
  notice,
});
