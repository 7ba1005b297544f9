import { z } from 'zod';
import { openCursor, sealCursor } from '../list-cursor.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { findUser } from '../users/users-store.ts';
import { listAuditEvents as listAuditEventRows } from './audit-events-store.ts';
import { type AuditFilter, auditFilterFields, readTextMatch } from './audit-filter.ts';

const listInput = z.strictObject({
  ...auditFilterFields,
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
});

/** An event as it is told. `userName` is what the user is called now; null where nobody was known, or the user is no more. */
export interface AuditEventView {
  readonly eventId: string;
  readonly at: Date;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly via: string;
  readonly sourceIp: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly resource: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditEventPage {
  readonly items: readonly AuditEventView[];
  readonly nextCursor?: string | undefined;
}

/** The account's audit log, newest first. */
export const listAuditEvents: Operation<z.infer<typeof listInput>, undefined, AuditEventPage> = {
  name: 'ListAuditEvents',
  action: 'ram:ListAuditEvents',
  effect: 'read',
  input: listInput,
  resource: (_input, { accountId }) => `acs:ram:*:${accountId}:audit/*`,
  perform: async (context, { limit, cursor, ...filter }) => {
    const { db, keyRing, caller } = context;
    const { user, action, resource, from, to, outcome } = filter;
    const place = { accountId: caller.accountId, list: ['audit', user, action, resource, from, to, outcome] };
    const rows = await listAuditEventRows(db, caller.accountId, {
      actorUserId: await actorOf(context, filter),
      action: readTextMatch(action),
      resource: readTextMatch(resource),
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      outcome,
      beforeId: cursor === undefined ? undefined : Number(openCursor(keyRing, cursor, place)),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map(viewEvent);
    const last = items.at(-1);
    return rows.length > limit && last !== undefined
      ? { items, nextCursor: sealCursor(keyRing, last.eventId, place) }
      : { items };
  },
};

type Row = Awaited<ReturnType<typeof listAuditEventRows>>[number];

const viewEvent = ({ event, actorUserName }: Row): AuditEventView => ({
  eventId: String(event.auditEventId),
  at: event.at,
  userId: event.actorUserId,
  userName: actorUserName,
  via: event.actorVia,
  sourceIp: event.sourceIp,
  requestId: event.requestId,
  action: event.action,
  resource: event.resource,
  outcome: event.outcome,
  details: event.details,
});

/** Ids are taken at their word, for they are never given away again; a name must be somebody's now. */
async function actorOf({ db, caller }: OperationContext, { user }: AuditFilter): Promise<string | undefined> {
  if (user === undefined || /^[1-9][0-9]{17}$/.test(user)) return user;
  const found = await findUser(db, caller.accountId, { userName: user });
  if (found === undefined) throw noSuchUser();
  return found.userId;
}
