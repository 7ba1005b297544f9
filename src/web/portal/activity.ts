import { type ActivityView, listOwnActivity } from '../../domain/audit/list-own-activity.ts';
import { findApplicationNames } from '../../domain/sessions/sessions-store.ts';
import { userResource } from '../../domain/users/user-resource.ts';
import type { PortalActivityPage } from '../views/pages/portal-pages.ts';
import { type ActivityScene, activityWording, clientIdIn } from './activity-words.ts';
import { frameOf } from './frame.ts';
import { addressOf, perform, type PortalRoute, type PortalVisit, queryValue } from './visit.ts';

export const activityPages: readonly PortalRoute[] = [{ section: 'activity', path: '/activity', show: activityPage }];

const eventsOfPage = 25;

async function activityPage(visit: PortalVisit): Promise<PortalActivityPage> {
  const after = queryValue(visit, 'after');
  const asked = { limit: eventsOfPage, ...(after === undefined ? {} : { cursor: after }) };
  const [{ items, nextCursor }, frame] = await Promise.all([
    perform(visit, listOwnActivity, asked),
    frameOf(visit, 'activity'),
  ]);
  const scene = await sceneOf(visit, items);
  const place = addressOf(visit, '/activity');
  return {
    name: 'portal/activity',
    ...frame,
    events: items.map((event) => showEvent(event, scene)),
    olderHref: nextCursor === undefined ? undefined : `${place}?after=${encodeURIComponent(nextCursor)}`,
    newestHref: after === undefined ? undefined : place,
  };
}

async function sceneOf({ deps, caller }: PortalVisit, events: readonly ActivityView[]): Promise<ActivityScene> {
  const clientIds = events.flatMap(({ details }) => clientIdIn(details) ?? []);
  return {
    resource: userResource(caller.userName, caller),
    appNames: await findApplicationNames(deps.db, caller.accountId, [...new Set(clientIds)]),
  };
}

const showEvent = (event: ActivityView, scene: ActivityScene): PortalActivityPage['events'][number] => ({
  text: activityWording(event, scene),
  at: event.at,
  sourceIp: event.sourceIp ?? undefined,
  by: event.isOwn ? undefined : (event.userName ?? undefined),
  refused: event.outcome !== 'success',
});
