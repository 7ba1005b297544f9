import { z } from 'zod';
import {
  listLogoutDeliveries,
  type LogoutDeliveryView,
} from '../../domain/logout-deliveries/list-logout-deliveries.ts';
import { instant, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const deliveryBody = z
  .object({
    id: z.string().meta({ examples: ['4711'] }),
    alias: z.string().meta({ description: 'The name of the issuer that the token speaks for.', examples: ['acme'] }),
    userId: z.string().meta({ examples: ['281474976710656123'] }),
    status: z
      .enum(['pending', 'delivered', 'failed'])
      .meta({ description: '`failed`: not tried any more, 24 hours after the session ended.' }),
    attempts: z.int().meta({ examples: [1] }),
    nextAttemptAt: instant.nullable(),
    lastError: z
      .string()
      .nullable()
      .meta({ description: 'Why the last attempt failed, as `http 503`, `timeout` or `tls`.', examples: ['http 503'] }),
    createdAt: instant,
    settledAt: instant.nullable(),
  })
  .meta({ id: 'LogoutDelivery' });

export const logoutDeliveryRoutes = routeGroup(
  'Logout deliveries',
  'Logout tokens that applications are sent when sessions end (OpenID Connect Back-Channel Logout 1.0).',
  [
    route('GET /applications/:clientId/logout-deliveries', listLogoutDeliveries, {
      summary: 'List logout tokens sent to an application',
      description: 'Newest first. What the application did not take is tried again for 24 hours. Kept for 30 days.',
      answer: pageOf(deliveryBody),
      present: ({ items, nextCursor }) => ({ items: items.map(presentDelivery), nextCursor }),
      refuses: ['EntityNotExist.Application'],
    }),
  ],
);

function presentDelivery(delivery: LogoutDeliveryView): z.infer<typeof deliveryBody> {
  return {
    id: delivery.id,
    alias: delivery.alias,
    userId: delivery.userId,
    status: delivery.status,
    attempts: delivery.attempts,
    nextAttemptAt: delivery.nextAttemptAt,
    lastError: delivery.lastError,
    createdAt: delivery.createdAt,
    settledAt: delivery.settledAt,
  };
}
