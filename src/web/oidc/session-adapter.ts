import Provider, { type Adapter, type AdapterPayload, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { noteSessionLogon } from '../../domain/sessions/session-index.ts';
import { type SessionUse, sessionIdOf, sessionKey } from '../../domain/sessions/session-records.ts';
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
import { readLevel, satisfies } from './levels.ts';
import { beginWrite, type RequestState, requestState } from './request-state.ts';
import { isProlongingDue, nowInSeconds, recordSeconds, type SessionLife } from './session-life.ts';

export interface SessionDeps extends ArtefactDeps {
  readonly sessionLife: SessionLife;
}

/**
 * A session under its `uid`; each cookie value that stands for it is a pointer (its hash -> uid, time and level of logon), so a rotated one moves
 * nothing. A pointer holds for the logon it was given out for alone, and for the level it had reached: a request in flight may write the pointer of a
 * cookie that was known before a logon or a step-up once more, and whoever planted that cookie must gain nothing by it.
 */
const recordKey = ({ issuerName }: ArtefactDeps, uid: string): string => sessionKey(issuerName, sessionIdOf(uid));
const pointerKey = (deps: ArtefactDeps, cookieValue: string): string => artefactKey(deps, 'SessionCookie', cookieValue);

interface SessionPayload extends ArtefactPayload {
  readonly uid: string;
  readonly loginTs?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly exp?: number;
  readonly authorizations?: Record<string, unknown>;
}

interface StoredSession extends StoredArtefact {
  readonly payload: SessionPayload;
  /** Absent before a logon. */
  readonly use?: SessionUse;
}

const userOf = ({ accountId }: SessionPayload) => (accountId === undefined ? {} : { accountId });

/** What a cookie was given out for. Time and level are undefined before a logon; of a cookie from an earlier release the level is. */
interface Pointer {
  readonly uid: string;
  readonly loginTs: number | undefined;
  readonly acr: string | undefined;
}

const writePointer = ({ uid, loginTs, acr }: Pointer): string =>
  [uid, loginTs, acr].filter((part) => part !== undefined).join(' ');

function readPointer(text: string): Pointer {
  const [uid = '', loginTs, acr] = text.split(' ');
  return { uid, loginTs: loginTs === undefined ? undefined : Number(loginTs), acr };
}

const pointsAt = (pointer: Pointer, session: SessionPayload): boolean =>
  session.loginTs === pointer.loginTs && (pointer.acr === undefined || session.acr === pointer.acr);

const casAttempts = 8;

/** The engine always names a life; this is for its types, which say it may not. */
const fallbackTtlSeconds = 60;

/**
 * Storage of browser sessions. A session that was removed while a request had it in hand is not brought back by that request,
 * and requests that add apps to one session at once all keep theirs, for sign-out must reach every app.
 */
export function createSessionAdapter(deps: SessionDeps): Adapter {
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
      const given = payload as unknown as SessionPayload;
      const ttl = ttlSeconds ?? fallbackTtlSeconds;
      for (const key of [pointerKey(deps, id), recordKey(deps, given.uid)]) state.ahead.records.delete(key);
      const loaded = readStored(state.records.get(recordKey(deps, given.uid)));
      const session = atHighest(given, loaded?.payload);
      const loggedOnHere = session.loginTs !== loaded?.payload.loginTs;
      const steppedUpHere = !loggedOnHere && session.acr !== loaded?.payload.acr;
      const [saved] = await Promise.all([
        saveRecord(deps, state, session, { secondsLeft: ttl, lastUse: loaded?.use }),
        loggedOnHere ? noteLogon(deps, state, session) : undefined,
      ]);
      const { loginTs, acr } = loggedOnHere || steppedUpHere ? saved : session;
      const text = writePointer({ uid: session.uid, loginTs, acr });
      // The cookie's value lasts as long as the session may; one that is used again and again is not written again.
      const hasSameEnd = isLoggedOn(session) && session.exp === loaded?.payload.exp;
      const isStored = hasSameEnd && state.records.get(pointerKey(deps, id)) === text;
      if (!isStored) beginWrite(state, deps.ephemeral.set(pointerKey(deps, id), text, ttl));
      return undefined;
    },
    find: async (id) => {
      const key = pointerKey(deps, id);
      const text = await readText(deps, requestState(), key);
      if (text === undefined) return undefined;
      const pointer = readPointer(text);
      const { uid } = pointer;
      const session = await find(uid);
      if (session === undefined || !pointsAt(pointer, session)) return undefined;
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

const readStored = (raw: string | undefined): StoredSession | undefined =>
  raw === undefined ? undefined : (JSON.parse(raw) as StoredSession);

const loginTsOf = (raw: string | undefined): number | undefined => readStored(raw)?.payload.loginTs;

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

/** A session somebody has logged on in ends at a time fixed then, and earlier where nobody uses it. */
const isLoggedOn = ({ loginTs }: SessionPayload): boolean => loginTs !== undefined;

/**
 * Counts as a use of a session that this request has read (a refresh of a token that ends with it). One that was ended meanwhile stays so;
 * one that was changed meanwhile was prolonged by whoever changed it.
 */
export async function prolongSession(deps: SessionDeps, state: RequestState, uid: string): Promise<void> {
  const key = recordKey(deps, uid);
  const raw = state.records.get(key);
  const stored = readStored(raw);
  if (raw === undefined || stored?.payload.loginTs === undefined) return;
  const now = nowInSeconds();
  const { absoluteSeconds, idleSeconds } = deps.sessionLife;
  if (!isProlongingDue(stored.use, deps.sessionLife, now)) return;
  const next = JSON.stringify({ ...stored, use: { at: now, idleSeconds } } satisfies StoredSession);
  const left = stored.payload.loginTs + absoluteSeconds - now;
  await deps.ephemeral.compareAndSet(key, raw, next, recordSeconds(left, deps.sessionLife));
}

/** Answers what was saved: the logon of another request, where that was later. */
async function saveRecord(
  deps: SessionDeps,
  state: RequestState,
  session: SessionPayload,
  { secondsLeft, lastUse }: { readonly secondsLeft: number; readonly lastUse: SessionUse | undefined },
): Promise<SessionPayload> {
  const key = recordKey(deps, session.uid);
  // The engine puts `kind` in another place when it saves a session that it has read: last, so that what is the same reads the same.
  const { jti: _jti, kind, ...fields } = session;
  const payload: SessionPayload = { ...fields, kind };
  const epochs = await epochsFor(deps, state, payload);
  let expected = state.records.get(key);
  const { sessionLife } = deps;
  const now = nowInSeconds();
  const isLongEnough = isLoggedOn(session) && !isProlongingDue(lastUse, sessionLife, now);
  if (isLongEnough && JSON.stringify({ epochs, payload, use: lastUse }) === expected) return session;

  const use = { at: now, idleSeconds: sessionLife.idleSeconds };
  const mine: StoredSession = isLoggedOn(session) ? { epochs, payload, use } : { epochs, payload };
  const ttlSeconds = isLoggedOn(session) ? recordSeconds(secondsLeft, sessionLife) : secondsLeft;
  let next = mine;
  for (let attempt = 0; attempt < casAttempts; attempt += 1) {
    const saved =
      expected === undefined
        ? await deps.ephemeral.create(key, JSON.stringify(next), ttlSeconds)
        : await deps.ephemeral.compareAndSet(key, expected, JSON.stringify(next), ttlSeconds);
    if (saved) {
      state.records.set(key, JSON.stringify(next));
      return next.payload;
    }
    expected = await deps.ephemeral.get(key);
    if (expected === undefined) break;
    next = merge(expected, mine);
  }
  throw new errors.SessionNotFound('the session has ended');
}

/** Of one logon the highest level that was reached stands, whichever request comes last. */
function atHighest(session: SessionPayload, other: SessionPayload | undefined): SessionPayload {
  const isSameLogon = other?.loginTs === session.loginTs && other?.accountId === session.accountId;
  if (other === undefined || !isSameLogon || satisfies(readLevel(session.acr), readLevel(other.acr))) return session;
  const { acr, amr } = other;
  return { ...session, ...(acr === undefined ? {} : { acr }), ...(amr === undefined ? {} : { amr }) };
}

/** Two requests changed one session: both keep the apps they added; who logged on later says who it is, of one logon who climbed higher. */
function merge(currentRaw: string, mine: StoredSession): StoredSession {
  const current = JSON.parse(currentRaw) as StoredSession;
  const [theirs, ours] = [current.payload.accountId, mine.payload.accountId];
  if (theirs !== undefined && ours !== undefined && theirs !== ours)
    throw new errors.SessionNotFound('the session belongs to somebody else now');
  const isOvertaken = (current.payload.loginTs ?? 0) > (mine.payload.loginTs ?? 0);
  const newer = isOvertaken ? current : { ...mine, payload: atHighest(mine.payload, current.payload) };
  const authorizations = { ...current.payload.authorizations, ...mine.payload.authorizations };
  // A request that began before the logon gives the record a short life: without a note of use, the next one prolongs it.
  const merged: StoredSession = { epochs: newer.epochs, payload: { ...newer.payload, authorizations } };
  return mine.use === undefined ? merged : { ...merged, use: mine.use };
}
