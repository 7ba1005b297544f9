import { insertAuditEvent } from '../../domain/audit/audit-store.ts';
import type { DeviceOfBrowser } from '../../domain/devices/known-devices-store.ts';
import type { SeenDevice } from '../../domain/devices/note-known-device.ts';
import { actorEvent } from '../../domain/logon/logon-event.ts';
import { insertLogon } from '../../domain/logon/logon-store.ts';
import { giveDeviceToken } from './device-cookie.ts';
import { isToRemember } from './remember-device.ts';
import { actorOf, type Visit, visitUser } from './visit.ts';

const eventOf = (visit: Visit) => actorEvent({ user: visitUser(visit), ...visit.info }, 'logon');

/** Of tries that are throttled the caller tells the first of a window, lest the log be flooded. */
export async function auditFactorRefusal(
  visit: Visit,
  factor: 'totp' | 'recovery' | 'passkey-factor' | 'bind' | 'reset' | 'level',
  reason: 'wrong' | 'throttled' | 'void' | 'out of reach',
): Promise<void> {
  await insertAuditEvent(visit.deps.db, { ...eventOf(visit), outcome: 'refused', details: { factor, reason } });
}

/** Notes a completed logon: in the audit log, on the user, and on the device, which is known to the user from now on. */
export async function recordLogon(
  visit: Visit,
  known: readonly DeviceOfBrowser[],
  details: { readonly amr: readonly string[]; readonly acr: string },
): Promise<void> {
  const app = visit.app.client.clientId;
  await insertLogon(visit.deps.db, seenDevice(visit, known), {
    ...eventOf(visit),
    outcome: 'success',
    details: { ...details, app },
  });
}

function seenDevice(visit: Visit, known: readonly DeviceOfBrowser[]): SeenDevice {
  const { user, userEpoch, sourceIp } = actorOf(visit);
  const saveMfa = isToRemember(visit);
  return {
    accountId: user.accountId,
    userId: user.userId,
    accountEpoch: visit.hosted.account.epoch,
    ...{ userEpoch, sourceIp, saveMfa },
    ...giveDeviceToken(visit, { userId: user.userId, known, fresh: saveMfa }),
    userAgent: visit.ctx.get('user-agent'),
  };
}

/** Notes what a user answered when an app asked for access. */
export async function recordConsent(
  visit: Visit,
  answer: { readonly given: false } | { readonly given: true; readonly scopes: readonly string[] },
): Promise<void> {
  const { given, ...details } = answer;
  await insertAuditEvent(visit.deps.db, {
    ...actorEvent({ user: visitUser(visit), ...visit.info }, 'consent'),
    outcome: given ? 'success' : 'refused',
    details: { ...details, app: visit.app.client.clientId },
  });
}
