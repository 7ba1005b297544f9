import { z } from 'zod';
import type { Caller } from '../caller.ts';
import { deleteKnownDevices } from '../devices/known-devices-store.ts';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
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

const userInput = z.strictObject({ userName: userNameField });
const pageInput = userInput.extend(sessionPageFields);
const sessionInput = userInput.extend({ sessionId: sessionIdField });

type UserInput = z.infer<typeof userInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);

/** Where a user is signed in with a browser. */
export const listSessions: Operation<z.infer<typeof pageInput>, undefined, SessionPage> = {
  name: 'ListSessions',
  action: 'ram:ListSessions',
  effect: 'read',
  input: pageInput,
  resource,
  perform: (context, { userName, ...page }) => listSessionsOf(context, { userName }, page),
};

/** Ends one session on every process before it answers (ASVS 5.0, 7.4.5). */
export const deleteSession: Operation<z.infer<typeof sessionInput>, DoomedSessions, DoomedSessions> = {
  name: 'DeleteSession',
  action: 'ram:DeleteSession',
  effect: 'change',
  input: sessionInput,
  resource,
  auditDetails: ({ sessionId }) => ({ sessionId }),
  prepare: (context, { userName, sessionId }) => findSessionOf(context, { userName }, sessionId),
  perform: (_context, _input, doomed) => Promise.resolve(doomed),
  afterwards: (context, _input, doomed) => endSessions(context, doomed),
};

/** Whatever ends all sessions of a user makes all devices strangers: none of them stands in for a second factor afterwards. */
export const deleteSessions: Operation<UserInput, DoomedSessions, DoomedSessions> = {
  name: 'DeleteSessions',
  action: 'ram:DeleteSession',
  effect: 'change',
  input: userInput,
  resource,
  auditDetails: (_input, { sessions }) => ({ all: true, sessions: sessions.length }),
  prepare: (context, { userName }) => findSessionsOf(context, { userName }),
  perform: async ({ db }, _input, doomed) => {
    await deleteKnownDevices(db, doomed.owner.userId);
    return doomed;
  },
  afterwards: (context, _input, doomed) => endSessions(context, doomed),
};
