import { z } from 'zod';
import { type ActivityView, listOwnActivity } from '../../domain/audit/list-own-activity.ts';
import { instant, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const activityBody = z
  .object({
    eventId: z.string().meta({ examples: ['48213'] }),
    at: instant,
    isOwn: z.boolean().meta({ description: 'Whether the caller did it; else it was done to them.' }),
    userName: z
      .string()
      .nullable()
      .meta({ description: 'Who did it, as they are called now.', examples: ['alice'] }),
    via: z.string().meta({ examples: ['logon'] }),
    sourceIp: z
      .string()
      .nullable()
      .meta({ description: 'Only of what the caller did.', examples: ['192.0.2.17'] }),
    action: z.string().meta({ examples: ['ram:ChangePassword'] }),
    resource: z.string().meta({ examples: ['acs:ram:*:5123456789012345:user/alice'] }),
    outcome: z.enum(['success', 'refused', 'failed']),
    details: z.record(z.string(), z.unknown()).meta({ description: 'Names of changed fields, ids and reasons.' }),
  })
  .meta({ id: 'Activity' });

export const ownActivityRoutes = routeGroup('Own activity', "The caller's part of the audit log.", [
  route('GET /me/activity', listOwnActivity, {
    summary: 'List what the caller did, and what was done to them',
    description: 'Newest first.',
    answer: pageOf(activityBody),
    present: ({ items, nextCursor }) => ({ items: items.map(presentActivity), nextCursor }),
  }),
]);

function presentActivity(activity: ActivityView): z.infer<typeof activityBody> {
  return {
    eventId: activity.eventId,
    at: activity.at,
    isOwn: activity.isOwn,
    userName: activity.userName,
    via: activity.via,
    sourceIp: activity.sourceIp,
    action: activity.action,
    resource: activity.resource,
    outcome: activity.outcome,
    details: { ...activity.details },
  };
}
