import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { type ArtefactDeps, type ArtefactPayload, artefactKey, epochsFor, isAlive, readRecord, type StoredArtefact } from './artefact-store.ts';
import { type RequestState, requestState } from './request-state.ts';

/** A session under its `uid`; each cookie value that stands for it is a pointer (its hash -> uid), so a rotated one moves nothing. */
const recordKey = (deps: ArtefactDeps, uid: string): string => artefactKey(deps, 'Session', uid);
const pointerKey = (deps: ArtefactDeps, cookieValue: string): string => artefactKey(deps, 'SessionCookie', cookieValue);

interface SessionPayload extends ArtefactPayload {
  readonly uid: string;
  readonly loginTs?: number;
  readonly authorizations?: Record<string, unknown>;
}

const casAttempts = 8;

/** The engine always names a life; this is for its types, which say it may not. */
const fallbackTtlSeconds = 60;

/**
 * Storage of browser sessions. A session that was removed while a request had it in hand is not brought back by that request,
 * and requests that add apps to one session at once all keep theirs, for sign-out must reach every app.
 */
export function createSessionAdapter(deps: ArtefactDeps): Adapter {
  const find = async (uid: string, jti: string): Promise<AdapterPayload | undefined> => {
    const state = requestState();
    const record = await readRecord(deps, state, recordKey(deps, uid));
    if (record === undefined || !(await isAlive(deps, state, record))) return undefined;
    if (record.payload.accountId !== undefined) state.userEpoch ??= record.epochs[1] ?? undefined;
    return { ...record.payload, jti } as AdapterPayload;
  };

  return {
    upsert: async (id, payload, ttlSeconds) => {
      const state = requestState();
      const session = payload as unknown as SessionPayload;
      const ttl = ttlSeconds ?? fallbackTtlSeconds;
      await saveRecord(deps, state, session, ttl);
      await deps.ephemeral.set(pointerKey(deps, id), session.uid, ttl);
      return undefined;
    },
    find: async (id) => {
      const uid = await deps.ephemeral.get(pointerKey(deps, id));
      return uid === undefined ? undefined : await find(uid, id);
    },
    findByUid: (uid) => find(uid, `uid:${uid}`),
    destroy: async (id) => {
      const uid = await deps.ephemeral.take(pointerKey(deps, id));
      if (uid !== undefined) await deps.ephemeral.delete(recordKey(deps, uid));
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

async function saveRecord(deps: ArtefactDeps, state: RequestState, session: SessionPayload, ttlSeconds: number): Promise<void> {
  const key = recordKey(deps, session.uid);
  const { jti: _jti, ...payload } = session;
  const epochs = await epochsFor(deps, state, payload);
  let expected = state.records.get(key);
  let next = JSON.stringify({ epochs, payload } satisfies StoredArtefact);

  for (let attempt = 0; attempt < casAttempts; attempt += 1) {
    const saved =
      expected === undefined
        ? await deps.ephemeral.create(key, next, ttlSeconds)
        : await deps.ephemeral.compareAndSet(key, expected, next, ttlSeconds);
    if (saved) {
      state.records.set(key, next);
      return;
    }
    expected = await deps.ephemeral.get(key);
    if (expected === undefined) break;
    next = merge(expected, { epochs, payload });
  }
  throw new errors.SessionNotFound('the session has ended');
}

/** Two requests changed one session: both keep the apps they added; who logged on later says who it is. */
function merge(currentRaw: string, mine: { epochs: StoredArtefact['epochs']; payload: Omit<SessionPayload, 'jti'> }): string {
  const current = JSON.parse(currentRaw) as { epochs: StoredArtefact['epochs']; payload: SessionPayload };
  const [theirs, ours] = [current.payload.accountId, mine.payload['accountId']];
  if (theirs !== undefined && ours !== undefined && theirs !== ours) throw new errors.SessionNotFound('the session belongs to somebody else now');
  const newer = (current.payload.loginTs ?? 0) > ((mine.payload['loginTs'] as number | undefined) ?? 0) ? current : mine;
  const authorizations = { ...current.payload.authorizations, ...(mine.payload['authorizations'] as Record<string, unknown> | undefined) };
  return JSON.stringify({ epochs: newer.epochs, payload: { ...newer.payload, authorizations } });
}
