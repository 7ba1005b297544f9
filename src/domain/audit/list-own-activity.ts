import { z } from 'zod';
import { pageFields, type Page, readPage } from '../list-page.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { listOwnEvents } from './own-events-store.ts';

const listInput = z.strictObject(pageFields);

/** Something that a user did, or that was done to them. */
export interface ActivityView {
  readonly eventId: string;
  readonly at: Date;
  /** Whether it was the user; else somebody else did it to them. */
  readonly isOwn: boolean;
  /** Who did it, as they are called now; null where that is nobody any more, or nobody was known. */
  readonly userName: string | null;
  readonly via: string;
  /** Only of what the user did: from where an administrator acts is not theirs to know. */
  readonly sourceIp: string | null;
  readonly action: string;
  readonly resource: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  readonly details: Readonly<Record<string, unknown>>;
}

/** The caller's part of the audit log, newest first; needs no policy. */
export const listOwnActivity: Operation<z.infer<typeof listInput>, undefined, Page<ActivityView>> = {
  name: 'ListOwnActivity',
  action: 'ram:ListOwnActivity',
  effect: 'read',
  selfService: true,
  input: listInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  perform: async ({ db, keyRing, caller }, { limit, cursor }) => {
    const { accountId, userId } = caller;
    const owner = { accountId, userId, resource: userResource(caller.userName, caller) };
    return await readPage<ActivityView>(keyRing, {
      ...{ limit, cursor },
      place: { accountId, list: ['activity', userId] },
      read: async (afterKey, most) => {
        const beforeId = afterKey === undefined ? undefined : Number(afterKey);
        const rows = await listOwnEvents(db, owner, { beforeId, limit: most });
        return rows.map((row) => viewActivity(row, userId));
      },
      keyOf: ({ eventId }) => eventId,
    });
  },
};

type Row = Awaited<ReturnType<typeof listOwnEvents>>[number];

function viewActivity({ event, actorUserName }: Row, userId: string): ActivityView {
  const isOwn = event.actorUserId === userId;
  return {
    eventId: String(event.auditEventId),
    at: event.at,
    isOwn,
    userName: actorUserName,
    via: event.actorVia,
    sourceIp: isOwn ? event.sourceIp : null,
    action: event.action,
    resource: event.resource,
    outcome: event.outcome,
    details: event.details,
  };
}
