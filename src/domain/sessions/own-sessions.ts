import { z } from 'zod';
import type { Caller } from '../caller.ts';
import { deleteKnownDevices } from '../devices/known-devices-store.ts';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import {
  type DoomedSessions,
  endSessions,
  findSessionOf,
  findSessionsOf,
  listSessionsOf,
  type SessionPage,
  sessionIdField,
  sessionPageFields,
} from './session-changes.ts';

const pageInput = z.strictObject(sessionPageFields);
const sessionInput = z.strictObject({ sessionId: sessionIdField });
/** The session to be spared, where the caller has one; an id that is none of theirs spares nothing. */
const endingInput = z.strictObject({ except: sessionIdField.optional() });

type EndingInput = z.infer<typeof endingInput>;

/** Everybody may see and end their own (ASVS 5.0, 7.5.2), unless a policy forbids it. */
const own = {
  selfService: true,
  resource: (_input: unknown, caller: Caller): string => userResource(caller.userName, caller),
} as const;

export const listOwnSessions: Operation<z.infer<typeof pageInput>, undefined, SessionPage> = {
  name: 'ListOwnSessions',
  action: 'ram:ListSessions',
  effect: 'read',
  input: pageInput,
  ...own,
  perform: (context, page) => listSessionsOf(context, { userId: context.caller.userId }, page),
};

export const deleteOwnSession: Operation<z.infer<typeof sessionInput>, DoomedSessions, DoomedSessions> = {
  name: 'DeleteOwnSession',
  action: 'ram:DeleteSession',
  effect: 'change',
  input: sessionInput,
  ...own,
  auditDetails: ({ sessionId }) => ({ sessionId }),
  prepare: (context, { sessionId }) => findSessionOf(context, { userId: context.caller.userId }, sessionId),
  perform: (_context, _input, doomed) => Promise.resolve(doomed),
  afterwards: (context, _input, doomed) => endSessions(context, doomed),
};

/** All of them, or all others: which one is the caller's own is for the caller to say, for an access key has none. */
export const deleteOwnSessions: Operation<EndingInput, DoomedSessions, DoomedSessions> = {
  name: 'DeleteOwnSessions',
  action: 'ram:DeleteSession',
  effect: 'change',
  input: endingInput,
  ...own,
  auditDetails: ({ except }, { sessions }) => ({ all: except === undefined, except, sessions: sessions.length }),
  prepare: async (context, { except }) => {
    const { owner, sessions } = await findSessionsOf(context, { userId: context.caller.userId });
    return { owner, sessions: sessions.filter(({ logon }) => logon.sessionId !== except) };
  },
  perform: async ({ db, caller }, { except }, doomed) => {
    // A session that stays keeps the device that it is asked from.
    const kept = except === undefined ? [] : caller.deviceTokenHashes;
    await deleteKnownDevices(db, doomed.owner.userId, kept);
    return doomed;
  },
  afterwards: (context, _input, doomed) => endSessions(context, doomed),
};
