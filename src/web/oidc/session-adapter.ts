import Provider, { type Adapter, type AdapterPayload, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { noteSessionLogon } from '../../domain/sessions/session-index.ts';
import { sessionIdOf, sessionKey } from '../../domain/sessions/session-records.ts';
import { requestInfo } from '../http/request-info.ts';
import {
  type ArtefactDeps,
  type ArtefactPayload,
  artefactKey,
  epochsFor,
  isAlive,
  noteUserEpoch,
  readRecord,
  readText,
  type StoredArtefact,
} from './artefact-store.ts';
import { hintOf } from './artefact-hints.ts';
import { beginWrite, type RequestState, requestState } from './request-state.ts';

/**
 * A session under its `uid`; each cookie value that stands for it is a pointer (its hash -> uid and time of logon), so a rotated one moves
 * nothing. A pointer holds for the logon it was given out for alone: a request in flight may write the pointer of a cookie that was known
 * before a logon once more, and whoever planted that cookie must gain nothing by it.
 */
const recordKey = ({ issuerName }: ArtefactDeps, uid: string): string => sessionKey(issuerName, sessionIdOf(uid));
const pointerKey = (deps: ArtefactDeps, cookieValue: string): string => artefactKey(deps, 'SessionCookie', cookieValue);

interface SessionPayload extends ArtefactPayload {
  readonly uid: string;
  readonly loginTs?: number;
  readonly authorizations?: Record<string, unknown>;
}

const userOf = ({ accountId }: SessionPayload) => (accountId === undefined ? {} : { accountId });

interface Pointer {
  readonly uid: string;
  /** Of the logon the cookie was given out for; undefined before one. */
  readonly loginTs: number | undefined;
}

const writePointer = ({ uid, loginTs }: Pointer): string => (loginTs === undefined ? uid : `${uid} ${loginTs}`);

function readPointer(text: string): Pointer {
  const [uid = '', loginTs] = text.split(' ');
  return { uid, loginTs: loginTs === undefined ? undefined : Number(loginTs) };
}

const casAttempts = 8;

/** The engine always names a life; this is for its types, which say it may not. */
const fallbackTtlSeconds = 60;

/**
 * Storage of browser sessions. A session that was removed while a request had it in hand is not brought back by that request,
 * and requests that add apps to one session at once all keep theirs, for sign-out must reach every app.
 */
export function createSessionAdapter(deps: ArtefactDeps): Adapter {
  const find = async (uid: string): Promise<SessionPayload | undefined> => {
    const state = requestState();
    const record = await readRecord(deps, state, recordKey(deps, uid));
    if (record === undefined || !(await isAlive(deps, state, record))) return undefined;
    noteUserEpoch(state, record);
    return record.payload as SessionPayload;
  };

  return {
    upsert: async (id, payload, ttlSeconds) => {
      const state = requestState();
      const session = payload as unknown as SessionPayload;
      const ttl = ttlSeconds ?? fallbackTtlSeconds;
      for (const key of [pointerKey(deps, id), recordKey(deps, session.uid)]) state.ahead.records.delete(key);
      const loggedOnHere = session.loginTs !== loadedLoginTs(state, recordKey(deps, session.uid));
      const [saved] = await Promise.all([
        saveRecord(deps, state, session, ttl),
        loggedOnHere ? noteLogon(deps, state, session) : undefined,
      ]);
      const loginTs = loggedOnHere ? saved : session.loginTs;
      const text = writePointer({ uid: session.uid, loginTs });
      const isStored = hasFixedEnd(session) && state.records.get(pointerKey(deps, id)) === text;
      if (!isStored) beginWrite(state, deps.ephemeral.set(pointerKey(deps, id), text, ttl));
      return undefined;
    },
    find: async (id) => {
      const key = pointerKey(deps, id);
      const text = await readText(deps, requestState(), key);
      if (text === undefined) return undefined;
      const { uid, loginTs } = readPointer(text);
      const session = await find(uid);
      if (session === undefined || session.loginTs !== loginTs) return undefined;
      deps.hints.set(key, hintOf({ sessionUid: uid, expiresWithSession: true, ...userOf(session) }));
      return { ...session, jti: id } as AdapterPayload;
    },
    findByUid: async (uid) => {
      const session = await find(uid);
      return session === undefined ? undefined : ({ ...session, jti: `uid:${uid}` } as AdapterPayload);
    },
    destroy: async (id) => {
      const key = pointerKey(deps, id);
      requestState().ahead.records.delete(key);
      const taken = await deps.ephemeral.take(key);
      // Another request may have rotated the cookie while this one signs out: the session ends all the same.
      const text = taken ?? requestState().records.get(key);
      if (text !== undefined) await deleteRecord(deps, readPointer(text));
      return undefined;
    },
    consume: () => Promise.reject(new Error('sessions are not consumed')),
    revokeByGrantId: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
  };
}

/** Forgets one cookie value of a session without ending the session: what a rotated session id leaves behind. */
export async function retireSessionCookie(deps: ArtefactDeps, cookieValue: string): Promise<void> {
  await deps.ephemeral.delete(pointerKey(deps, cookieValue));
}

const loginTsOf = (raw: string | undefined): number | undefined =>
  raw === undefined ? undefined : (JSON.parse(raw) as { payload: SessionPayload }).payload.loginTs;

const loadedLoginTs = (state: RequestState, key: string): number | undefined => loginTsOf(state.records.get(key));

/** Ends a session, unless somebody has logged on in it since the cookie was given out. */
async function deleteRecord(deps: ArtefactDeps, { uid, loginTs }: Pointer): Promise<void> {
  const key = recordKey(deps, uid);
  if (loginTsOf(await deps.ephemeral.get(key)) === loginTs) await deps.ephemeral.delete(key);
}

/** Notes where a logon came from, for the lists of its user's sessions. */
async function noteLogon(
  { ephemeral, issuerName }: ArtefactDeps,
  { account: { accountId } }: RequestState,
  { uid, accountId: userId, loginTs: startedAt }: SessionPayload,
): Promise<void> {
  const { req } = Provider.ctx as KoaContextWithOIDC;
  if (userId === undefined || startedAt === undefined) return;
  const { sourceIp } = requestInfo(req);
  const from = { startedAt, sourceIp, userAgent: req.headers['user-agent'] };
  await noteSessionLogon(ephemeral, { accountId, userId }, { issuerName, sessionId: sessionIdOf(uid), ...from });
}

/** A session somebody has logged on in ends at a time fixed then: as it was read it need not be written again. */
const hasFixedEnd = ({ loginTs }: SessionPayload): boolean => loginTs !== undefined;

/** Answers the time of logon of what was saved: another request's, where that was later. */
async function saveRecord(
  deps: ArtefactDeps,
  state: RequestState,
  session: SessionPayload,
  ttlSeconds: number,
): Promise<number | undefined> {
  const key = recordKey(deps, session.uid);
  const { jti: _jti, ...payload } = session;
  const epochs = await epochsFor(deps, state, payload);
  let expected = state.records.get(key);
  let next = JSON.stringify({ epochs, payload } satisfies StoredArtefact);

  if (hasFixedEnd(session) && next === expected) return session.loginTs;
  for (let attempt = 0; attempt < casAttempts; attempt += 1) {
    const saved =
      expected === undefined
        ? await deps.ephemeral.create(key, next, ttlSeconds)
        : await deps.ephemeral.compareAndSet(key, expected, next, ttlSeconds);
    if (saved) {
      state.records.set(key, next);
      return loginTsOf(next);
    }
    expected = await deps.ephemeral.get(key);
    if (expected === undefined) break;
    next = merge(expected, { epochs, payload });
  }
  throw new errors.SessionNotFound('the session has ended');
}

/** Two requests changed one session: both keep the apps they added; who logged on later says who it is. */
function merge(
  currentRaw: string,
  mine: { epochs: StoredArtefact['epochs']; payload: Omit<SessionPayload, 'jti'> },
): string {
  const current = JSON.parse(currentRaw) as { epochs: StoredArtefact['epochs']; payload: SessionPayload };
  const [theirs, ours] = [current.payload.accountId, mine.payload['accountId']];
  if (theirs !== undefined && ours !== undefined && theirs !== ours)
    throw new errors.SessionNotFound('the session belongs to somebody else now');
  const newer =
    (current.payload.loginTs ?? 0) > ((mine.payload['loginTs'] as number | undefined) ?? 0) ? current : mine;
  const authorizations = {
    ...current.payload.authorizations,
    ...(mine.payload['authorizations'] as Record<string, unknown> | undefined),
  };
  return JSON.stringify({ epochs: newer.epochs, payload: { ...newer.payload, authorizations } });
}
