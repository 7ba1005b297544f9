import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import {
  type ArtefactDeps,
  type ArtefactPayload,
  artefactKey,
  epochsFor,
  isAlive,
  noteUserEpoch,
  readRecord,
  type StoredArtefact,
} from './artefact-store.ts';
import { hintOf } from './artefact-hints.ts';
import { readJwtPayload } from './jwt-payload.ts';
import { readAheadOfHint, readAheadOfKey } from './read-ahead.ts';
import { beginRotation, joinRotation, presentedToken, type RefreshGraceDeps } from './refresh-grace.ts';
import { createSessionAdapter, prolongSession, type SessionDeps } from './session-adapter.ts';
import { beginWrite, type RequestState, requestState } from './request-state.ts';
import { stepAnswered } from './step-answered.ts';

export interface AdapterDeps extends SessionDeps, RefreshGraceDeps {}

/** Fields that hold the bearer value itself, or another one; put back from what the caller presents. */
function withoutBearerValues(model: string, { jti: _jti, ...payload }: AdapterPayload): ArtefactPayload {
  if (model !== 'Interaction') return payload as ArtefactPayload;
  const { returnTo: _returnTo, session, params, prompt, ...rest } = payload;
  const { cookie: _cookie, ...safeSession } = (session ?? {}) as Record<string, unknown>;
  return {
    ...rest,
    params: withoutHint(params),
    ...(prompt === undefined ? {} : { prompt: { ...prompt, details: withoutHint(prompt.details) } }),
    ...(session === undefined ? {} : { session: safeSession }),
  } as ArtefactPayload;
}

/**
 * A hint is a whole ID token, verified when the request arrives. Of it only the subject is kept, among the parameters, of which the engine
 * takes those it knows.
 */
function withoutHint(parameters: object | undefined): Record<string, unknown> {
  const { id_token_hint: hint, ...others } = (parameters ?? {}) as Record<string, unknown>;
  const subject = typeof hint === 'string' ? readJwtPayload(hint)?.sub : undefined;
  return typeof subject === 'string' ? { ...others, hinted_subject: subject } : others;
}

/**
 * The engine's storage for every model but sessions and clients, written once over `EphemeralStore`.
 * Nothing is found whose account, user or client was disabled, removed or re-credentialed since it was made.
 */
export function createAdapter(deps: AdapterDeps, model: string, issuer: string): Adapter {
  if (model === 'Session') return createSessionAdapter(deps);
  const keyOf = (id: string) => artefactKey(deps, model, id);

  return {
    upsert: async (id, payload, ttlSeconds) => {
      await upsert(deps, { model, key: keyOf(id), ttlSeconds: requireTtl(model, ttlSeconds) }, payload);
      return undefined;
    },

    find: async (id) => {
      const state = requestState();
      const read = isAskedForFirst(model) ? readArtefact : readRecord;
      const record = await read(deps, state, keyOf(id));
      if (record === undefined) return undefined;
      if (!(await isAlive(deps, state, record))) return undefined;
      if (model === 'Interaction') noteLogon(state, record.payload);
      else noteUserEpoch(state, record);
      const returnTo = model === 'Interaction' ? { returnTo: `${issuer}/oauth2/authorize/${id}` } : {};
      const payload = model === 'RefreshToken' ? await withinGrace(deps, state, id, record.payload) : record.payload;
      return { ...payload, ...returnTo, jti: id } as AdapterPayload;
    },

    consume: async (id) => {
      const state = requestState();
      const key = keyOf(id);
      const raw = state.records.get(key);
      const record = raw === undefined ? undefined : (JSON.parse(raw) as StoredArtefact);
      if (model === 'RefreshToken' && !(await isFirstUse(deps, state, id, record?.payload))) return;
      await consumeOnce(deps, { key, raw, record });
      const { sessionUid, expiresWithSession } = record?.payload ?? {};
      if (model === 'RefreshToken' && expiresWithSession === true && typeof sessionUid === 'string')
        beginWrite(state, prolongSession(deps, state, sessionUid));
    },

    destroy: async (id) => {
      await destroy(deps, model, keyOf(id));
      return undefined;
    },

    // Every code and token is checked against its grant at each use (the engine's token, userinfo and introspection endpoints, our API), and
    // by `revokeGrantPolicy` the engine removes the grant itself wherever it calls this: there is nothing left to look for.
    revokeByGrantId: () => Promise.resolve(undefined),

    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
  };
}

interface Consumable {
  readonly key: string;
  /** As this request has read it. */
  readonly raw: string | undefined;
  readonly record: StoredArtefact | undefined;
}

/** RFC 6749 section 4.1.2 and RFC 9700 section 4.14: one use; a second is theft, and ends everything that came of the grant. */
async function consumeOnce(deps: ArtefactDeps, { key, raw, record }: Consumable): Promise<void> {
  const consumed = { ...record, payload: { ...record?.payload, consumed: Math.floor(Date.now() / 1000) } };
  const won = raw !== undefined && (await deps.ephemeral.compareAndSet(key, raw, JSON.stringify(consumed)));
  if (won) return;
  const grantId = record?.payload['grantId'];
  if (typeof grantId === 'string') await deps.ephemeral.delete(artefactKey(deps, 'Grant', grantId));
  throw new errors.InvalidGrant('already used');
}

/** A refresh token as the engine is to see it: one used a moment ago is not used where this request gets the answer of that use. */
async function withinGrace(
  deps: AdapterDeps,
  state: RequestState,
  rawToken: string,
  payload: ArtefactPayload,
): Promise<ArtefactPayload> {
  const presented = payload['consumed'] === undefined ? undefined : presentedToken(rawToken, payload.clientId);
  if (presented === undefined || !(await joinRotation(deps, state, presented))) return payload;
  const { consumed: _consumed, ...unused } = payload;
  return unused;
}

/** Whether this request is to use a refresh token up, or gets the answer of another that does. */
async function isFirstUse(
  deps: AdapterDeps,
  state: RequestState,
  rawToken: string,
  payload: ArtefactPayload | undefined,
): Promise<boolean> {
  if (state.refresh !== undefined) return false;
  const presented = presentedToken(rawToken, payload?.clientId);
  return presented === undefined || (await beginRotation(deps, state, presented));
}

interface Place {
  readonly model: string;
  readonly key: string;
  readonly ttlSeconds: number;
}

async function upsert(deps: ArtefactDeps, { model, key, ttlSeconds }: Place, payload: AdapterPayload): Promise<void> {
  const state = requestState();
  // What this request makes nobody gets to see: it is answered with what another made.
  if (state.refresh?.part === 'again' && isOnceWritten(model)) return;
  const stored: StoredArtefact = {
    epochs: await epochsFor(deps, state, payload as ArtefactPayload),
    payload: withoutBearerValues(model, payload),
  };
  if (isAskedForFirst(model)) deps.hints.set(key, hintOf(payload as ArtefactPayload));
  const next = JSON.stringify(stored);
  // What is new nobody else can know before the request is answered.
  if (isOnceWritten(model) || (model === 'Grant' && !state.records.has(key)))
    beginWrite(state, deps.ephemeral.set(key, next, ttlSeconds));
  else await save(deps, state, { key, next, ttlSeconds });
}

/** What takes something away is waited for; but a logon that is over is not looked at again. */
async function destroy({ ephemeral }: ArtefactDeps, model: string, key: string): Promise<void> {
  const state = requestState();
  state.ahead.records.delete(key);
  const deleting = ephemeral.delete(key);
  if (model === 'Interaction') beginWrite(state, deleting);
  else await deleting;
}

/** Every model has a life of its own choosing (see engine-settings); one without would stay for ever. */
function requireTtl(model: string, ttlSeconds: number | undefined): number {
  if (ttlSeconds === undefined || !(ttlSeconds > 0)) throw new Error(`no time to live for ${model}`);
  return Math.ceil(ttlSeconds);
}

/** Written once, under an id made in this request, and not read again in it. */
const isOnceWritten = (model: string): boolean =>
  ['AccessToken', 'AuthorizationCode', 'ClientCredentials', 'RefreshToken'].includes(model);

/** What a request names; all else is asked for on account of it. */
const isAskedForFirst = (model: string): boolean => isOnceWritten(model) || model === 'Interaction';

/** Reads an artefact, and begins to read what it rests on: beside it where that is known, else once it is there. */
async function readArtefact(deps: ArtefactDeps, state: RequestState, key: string): Promise<StoredArtefact | undefined> {
  const { issuerName } = deps;
  const isKnown = deps.hints.has(key);
  readAheadOfKey(deps, state.ahead, { issuerName, key });
  const record = await readRecord(deps, state, key);
  if (record === undefined || isKnown) return record;
  const hint = hintOf(record.payload);
  deps.hints.set(key, hint);
  readAheadOfHint(deps, state.ahead, { issuerName, hint });
  return record;
}

interface NewRecord {
  readonly key: string;
  readonly next: string;
  readonly ttlSeconds: number;
}

/**
 * Stores a record. One that this request has read and somebody has removed meanwhile (a sign-out, a revocation, the end of a logon) is not
 * brought back: `InvalidGrant`.
 */
async function save(
  { ephemeral }: ArtefactDeps,
  { records, ahead }: RequestState,
  { key, next, ttlSeconds }: NewRecord,
): Promise<void> {
  ahead.records.delete(key);
  let expected = records.get(key);
  if (expected === undefined) return await ephemeral.set(key, next, ttlSeconds);
  while (expected !== undefined) {
    if (await ephemeral.compareAndSet(key, expected, next, ttlSeconds)) return void records.set(key, next);
    expected = await ephemeral.get(key);
    if (expected !== undefined && isAnswered(expected)) throw stepAnswered();
  }
  throw new errors.InvalidGrant('what this rested on was ended meanwhile');
}

/** A logon that the engine has got an answer to: of racing answers the first stands. */
const isAnswered = (raw: string): boolean => {
  const { payload } = JSON.parse(raw) as StoredArtefact;
  return payload['kind'] === 'Interaction' && payload['result'] !== undefined;
};

/** The logon just finished: who it was, as of when, and whom the app had in mind. */
function noteLogon(state: RequestState, payload: ArtefactPayload): void {
  const login = (payload['result'] as { login?: { accountId: string; userEpoch?: number } } | undefined)?.login;
  const hinted = (payload['params'] as { hinted_subject?: unknown } | undefined)?.hinted_subject;
  if (typeof hinted === 'string') state.hintedSubject = hinted;
  if (login?.userEpoch === undefined) return;
  state.userEpochs.set(login.accountId, login.userEpoch);
  state.completesLogon = true;
}
