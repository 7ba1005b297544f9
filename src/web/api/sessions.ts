import { z } from 'zod';
import { deleteOwnSession, deleteOwnSessions, listOwnSessions } from '../../domain/sessions/own-sessions.ts';
import { deleteSession, deleteSessions, listSessions } from '../../domain/sessions/session-operations.ts';
import type { SessionPage } from '../../domain/sessions/session-changes.ts';
import type { SessionView } from '../../domain/sessions/session-view.ts';
import { instant, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const sessionBody = z
  .object({
    id: z.string().meta({ examples: ['b7Jk2vX0mQ9sT4yLcE1aRz8dUf6hWnGpO3iSxVtBqY4'] }),
    alias: z.string().meta({ description: 'The name in the address where the user signed in.', examples: ['acme'] }),
    startedAt: instant,
    endsAt: instant.nullable(),
    lastUsedAt: instant.meta({ description: 'To within a tenth of the time that a session may stay unused.' }),
    idleEndsAt: instant.nullable().meta({ description: 'When it ends unless it is used again.' }),
    current: z.boolean().meta({ description: 'Whether the access token of this call was issued from it.' }),
    sourceIp: z.string().meta({ examples: ['192.0.2.17'] }),
    userAgent: z.string().nullable().meta({ description: 'As the browser calls itself, up to 256 characters.' }),
    apps: z
      .array(z.object({ clientId: z.string(), displayName: z.string().meta({ examples: ['Time sheets'] }) }))
      .meta({ description: 'Applications that the user went on to in this session.' }),
  })
  .meta({ id: 'Session' });

const path = '/users/:userName/sessions';
const ownPath = '/me/sessions';
const absent = ['EntityNotExist.User', 'EntityNotExist.User.Session'] as const;

const ending =
  'Holds on every process before it is answered. The apps of the session are told (OpenID Connect Back-Channel Logout 1.0); ' +
  'what an app was granted for offline access stays.';

export const sessionRoutes = routeGroup('Sessions', 'Where users are signed in with a browser.', [
  route(`GET ${path}`, listSessions, {
    summary: 'List the sessions of a user',
    answer: pageOf(sessionBody),
    present: presentPage,
    refuses: ['EntityNotExist.User'],
  }),
  route(`DELETE ${path}`, deleteSessions, {
    summary: 'End all sessions of a user',
    description: ending,
    refuses: ['EntityNotExist.User'],
  }),
  route(`DELETE ${path}/:sessionId`, deleteSession, {
    summary: 'End a session of a user',
    description: ending,
    refuses: absent,
  }),
]);

export const ownSessionRoutes = routeGroup('Own sessions', 'Where the caller is signed in with a browser.', [
  route(`GET ${ownPath}`, listOwnSessions, {
    summary: "List the caller's sessions",
    answer: pageOf(sessionBody),
    present: presentPage,
  }),
  route(`DELETE ${ownPath}`, deleteOwnSessions, {
    summary: "End all of the caller's sessions",
    description: `\`except\` is the id of one that goes on. ${ending}`,
  }),
  route(`DELETE ${ownPath}/:sessionId`, deleteOwnSession, {
    summary: "End one of the caller's sessions",
    description: ending,
    refuses: ['EntityNotExist.User.Session'],
  }),
]);

function presentPage({ items, nextCursor }: SessionPage) {
  return { items: items.map(presentSession), nextCursor };
}

function presentSession(session: SessionView): z.infer<typeof sessionBody> {
  return {
    id: session.sessionId,
    alias: session.alias,
    startedAt: session.startedAt,
    endsAt: session.endsAt,
    lastUsedAt: session.lastUsedAt,
    idleEndsAt: session.idleEndsAt,
    current: session.current,
    sourceIp: session.sourceIp,
    userAgent: session.userAgent,
    apps: session.apps.map(({ clientId, displayName }) => ({ clientId, displayName })),
  };
}
