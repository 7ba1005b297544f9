import { deleteOwnDevice, listOwnDevices } from '../../domain/devices/own-devices.ts';
import type { DeviceView } from '../../domain/devices/device-view.ts';
import { deleteOwnSession, deleteOwnSessions, listOwnSessions } from '../../domain/sessions/own-sessions.ts';
import type { SessionView } from '../../domain/sessions/session-view.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalSessionsPage } from '../views/pages/portal-pages.ts';
import { deviceWording } from './device-words.ts';
import { frameOf } from './frame.ts';
import { addressOf, type LeadOn, may, perform, type PortalRoute, type PortalVisit, queryValue } from './visit.ts';

const path = '/sessions';

export const sessionPages: readonly PortalRoute[] = [
  { section: 'sessions', path, show: sessionsPage },
  { section: 'sessions', path: `${path}/end`, act: endSession, again: sessionsPage },
  { section: 'sessions', path: `${path}/end-others`, act: endOthers, again: sessionsPage },
  { section: 'sessions', path: `${path}/end-all`, act: endAll, again: sessionsPage },
  { section: 'sessions', path: `${path}/forget`, act: forgetDevice, again: sessionsPage },
];

const sessionsOfPage = 25;

async function sessionsPage(visit: PortalVisit): Promise<PortalSessionsPage> {
  const after = queryValue(visit, 'after');
  const asked = { limit: sessionsOfPage, ...(after === undefined ? {} : { cursor: after }) };
  const [{ items, nextCursor }, devices, frame] = await Promise.all([
    perform(visit, listOwnSessions, asked),
    devicesOf(visit),
    frameOf(visit, 'sessions'),
  ]);
  return {
    name: 'portal/sessions',
    ...frame,
    endAction: addressOf(visit, `${path}/end`),
    endOthersAction: addressOf(visit, `${path}/end-others`),
    endAllAction: addressOf(visit, `${path}/end-all`),
    forgetAction: addressOf(visit, `${path}/forget`),
    sessions: items.toSorted((left, right) => Number(right.current) - Number(left.current)).map(showSession),
    olderHref:
      nextCursor === undefined ? undefined : `${addressOf(visit, path)}?after=${encodeURIComponent(nextCursor)}`,
    devices: devices.map((device) => showDevice(visit, device)),
  };
}

const devicesOf = async (visit: PortalVisit): Promise<readonly DeviceView[]> =>
  (await may(visit, listOwnDevices, {})) ? (await perform(visit, listOwnDevices, {})).items : [];

const showSession = (session: SessionView): PortalSessionsPage['sessions'][number] => ({
  id: session.sessionId,
  device: deviceWording(session.userAgent),
  sourceIp: session.sourceIp,
  startedAt: session.startedAt,
  lastUsedAt: session.lastUsedAt,
  current: session.current,
  apps: session.apps.map(({ displayName }) => displayName),
});

const showDevice = ({ hosted }: PortalVisit, device: DeviceView): PortalSessionsPage['devices'][number] => ({
  id: device.deviceId,
  device: deviceWording(device.userAgent),
  sourceIp: device.sourceIp,
  lastSeenAt: device.lastSeenAt,
  // What was saved counts only as long as the account lets devices stand in.
  mfaSavedUntil: hosted.settings.securityPreferences.enableSaveMFATicket
    ? (device.mfaSavedUntil ?? undefined)
    : undefined,
});

async function endSession(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const sessionId = form.get('session');
  await perform(visit, deleteOwnSession, { sessionId });
  return sessionId === visit.caller.sessionId ? { ended: undefined } : { leadTo: path, notice: 'session-ended' };
}

async function endOthers(visit: PortalVisit): Promise<LeadOn> {
  await perform(visit, deleteOwnSessions, { except: visit.caller.sessionId });
  return { leadTo: path, notice: 'sessions-ended' };
}

/** This session too; known devices are forgotten with them. */
async function endAll(visit: PortalVisit): Promise<LeadOn> {
  await perform(visit, deleteOwnSessions, {});
  return { ended: undefined };
}

async function forgetDevice(visit: PortalVisit, form: Form): Promise<LeadOn> {
  await perform(visit, deleteOwnDevice, { deviceId: form.get('device') });
  return { leadTo: path, notice: 'device-forgotten' };
}
