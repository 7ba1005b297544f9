import { z } from 'zod';
import { type AuditEventView, listAuditEvents } from '../../domain/audit/list-audit-events.ts';
import { instant, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';
import { jsonLines } from './whole-form.ts';

const eventBody = z
  .object({
    eventId: z.string().meta({ examples: ['48213'] }),
    at: instant,
    userId: z
      .string()
      .nullable()
      .meta({ description: 'Who did it; null where nobody was known, or the server acted.' }),
    userName: z
      .string()
      .nullable()
      .meta({ description: 'What that user is called now.', examples: ['alice'] }),
    via: z.string().meta({ description: 'How they came.', examples: ['accessKey:PSTKx7Zq2mR4tYv9Kc1LpW3n'] }),
    sourceIp: z
      .string()
      .nullable()
      .meta({ examples: ['192.0.2.17'] }),
    requestId: z.string().nullable(),
    action: z.string().meta({ examples: ['ram:CreateUser'] }),
    resource: z.string().meta({ examples: ['acs:ram:*:5123456789012345:user/alice'] }),
    outcome: z.enum(['success', 'refused', 'failed']),
    details: z.record(z.string(), z.unknown()).meta({ description: 'Names of changed fields, ids and reasons.' }),
  })
  .meta({ id: 'AuditEvent' });

export const auditEventRoutes = routeGroup(
  'Audit events',
  'What was done in the account, by whom, and what was refused: every change and every logon.',
  [
    route('GET /audit-events', listAuditEvents, {
      summary: 'List audit events',
      description:
        'Newest first. `action` and `resource` take a name, or its beginning with `*` at the end; `user` takes a name or an id; `from` belongs to ' +
        'the range, `to` does not.',
      answer: pageOf(eventBody),
      present: ({ items, nextCursor }) => ({ items: items.map(presentEvent), nextCursor }),
      wholeAs: jsonLines,
      refuses: ['EntityNotExist.User'],
      example: { query: { action: 'ram:*', outcome: 'refused' } },
    }),
  ],
);

function presentEvent(event: AuditEventView): z.infer<typeof eventBody> {
  return {
    eventId: event.eventId,
    at: event.at,
    userId: event.userId,
    userName: event.userName,
    via: event.via,
    sourceIp: event.sourceIp,
    requestId: event.requestId,
    action: event.action,
    resource: event.resource,
    outcome: event.outcome,
    details: { ...event.details },
  };
}
