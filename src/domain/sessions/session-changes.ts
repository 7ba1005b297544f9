import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { inGroups } from '../in-groups.ts';
import { openCursor, sealCursor } from '../list-cursor.ts';
import type { OperationContext } from '../operation.ts';
import type { UserSelector } from '../users/user-fields.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { endSession } from './end-session.ts';
import { listSessionLogons, type SessionLogon } from './session-index.ts';
import { type SessionView, viewSessions } from './session-view.ts';
import { findSessionOwner, type SessionOwner } from './sessions-store.ts';
import { findAllSessions, findLiveSessions, findSessionById, type LiveSession } from './user-sessions.ts';

export const sessionIdField = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, { error: 'A session id has 43 letters, digits, _ and -.' });

export const sessionPageFields = {
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
};

interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SessionPage {
  readonly items: readonly SessionView[];
  readonly nextCursor?: string | undefined;
}

const positionOf = ({ startedAt, sessionId }: SessionLogon): string => `${startedAt} ${sessionId}`;

/** Whether a logon stands after a position in a list, newest first. */
function isAfter({ startedAt, sessionId }: SessionLogon, position: string): boolean {
  const [at, id = ''] = position.split(' ');
  return startedAt < Number(at) || (startedAt === Number(at) && sessionId.localeCompare(id, 'en') < 0);
}

/** Where a user is signed in, newest first. */
export async function listSessionsOf(
  { db, ephemeral, keyRing, caller }: OperationContext,
  selector: UserSelector,
  { limit, cursor }: PageRequest,
): Promise<SessionPage> {
  const owner = await requireOwner(db, caller.accountId, selector);
  const place = { accountId: owner.accountId, list: ['sessions', owner.userId] };
  const position = cursor === undefined ? undefined : openCursor(keyRing, cursor, place);
  const all = await listSessionLogons(ephemeral, owner);
  const logons = position === undefined ? all : all.filter((logon) => isAfter(logon, position));
  const found = await findLiveSessions(ephemeral, owner, { logons, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const items = await viewSessions(db, caller, page);
  return found.length > limit && last !== undefined
    ? { items, nextCursor: sealCursor(keyRing, positionOf(last.logon), place) }
    : { items };
}

/** Sessions to be ended, and whose they are. */
export interface DoomedSessions {
  readonly owner: SessionOwner;
  readonly sessions: readonly LiveSession[];
}

/** Throws `EntityNotExist.User.Session` where the user has no such session. */
export async function findSessionOf(
  { db, ephemeral, caller }: OperationContext,
  selector: UserSelector,
  sessionId: string,
): Promise<DoomedSessions> {
  const owner = await requireOwner(db, caller.accountId, selector);
  const session = await findSessionById(ephemeral, owner, sessionId);
  if (session === undefined)
    throw new AppError('EntityNotExist.User.Session', 'This session does not exist, or has ended.');
  return { owner, sessions: [session] };
}

export async function findSessionsOf(
  { db, ephemeral, caller }: OperationContext,
  selector: UserSelector,
): Promise<DoomedSessions> {
  const owner = await requireOwner(db, caller.accountId, selector);
  return { owner, sessions: await findAllSessions(ephemeral, owner) };
}

/** Ends them on every process before it answers, and has their apps told. Offline access stays: ending that is what freezing a user is for. */
export async function endSessions(context: OperationContext, { owner, sessions }: DoomedSessions): Promise<void> {
  await inGroups(sessions, ({ logon }) =>
    endSession(context, owner, logon, { isMeant: () => true, offlineToo: false }),
  );
  context.tellApps?.();
}

async function requireOwner(
  db: OperationContext['db'],
  accountId: string,
  selector: UserSelector,
): Promise<SessionOwner> {
  const owner = await findSessionOwner(db, accountId, selector);
  if (owner === undefined) throw noSuchUser();
  return owner;
}
