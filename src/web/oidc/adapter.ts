import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import {
  type ArtefactDeps,
  type ArtefactPayload,
  artefactKey,
  epochsFor,
  isAlive,
  readRecord,
  type StoredArtefact,
} from './artefact-store.ts';
import { createSessionAdapter } from './session-adapter.ts';
import { type RequestState, requestState } from './request-state.ts';

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

/** A hint is a whole ID token; it is looked at when the request arrives, and not again. */
function withoutHint(parameters: object | undefined): Record<string, unknown> {
  const { id_token_hint: _hint, ...others } = (parameters ?? {}) as Record<string, unknown>;
  return others;
}

/**
 * The engine's storage for every model but sessions and clients, written once over `EphemeralStore`.
 * Nothing is found whose account, user or client was disabled, removed or re-credentialed since it was made.
 */
export function createAdapter(deps: ArtefactDeps, model: string, issuer: string): Adapter {
  if (model === 'Session') return createSessionAdapter(deps);
  const keyOf = (id: string) => artefactKey(deps, model, id);

  return {
    upsert: async (id, payload, ttlSeconds) => {
      const state = requestState();
      const stored: StoredArtefact = {
        epochs: await epochsFor(deps, state, payload as ArtefactPayload),
        payload: withoutBearerValues(model, payload),
      };
      await deps.ephemeral.set(keyOf(id), JSON.stringify(stored), requireTtl(model, ttlSeconds));
      return undefined;
    },

    find: async (id) => {
      const state = requestState();
      const record = await readRecord(deps, state, keyOf(id));
      if (record === undefined || !(await isAlive(deps, state, record))) return undefined;
      noteUser(model, state, record);
      const returnTo = model === 'Interaction' ? { returnTo: `${issuer}/oauth2/authorize/${id}` } : {};
      return { ...record.payload, ...returnTo, jti: id } as AdapterPayload;
    },

    // RFC 6749 section 4.1.2 and RFC 9700 section 4.14: one use; a second is theft, and ends everything that came of the grant.
    consume: async (id) => {
      const state = requestState();
      const key = keyOf(id);
      const raw = state.records.get(key);
      const record = raw === undefined ? undefined : (JSON.parse(raw) as StoredArtefact);
      const consumed = { ...record, payload: { ...record?.payload, consumed: Math.floor(Date.now() / 1000) } };
      const won = raw !== undefined && (await deps.ephemeral.compareAndSet(key, raw, JSON.stringify(consumed)));
      if (won) return;
      const grantId = record?.payload['grantId'];
      if (typeof grantId === 'string') await deps.ephemeral.delete(artefactKey(deps, 'Grant', grantId));
      throw new errors.InvalidGrant('already used');
    },

    destroy: async (id) => {
      await deps.ephemeral.delete(keyOf(id));
      return undefined;
    },

    // Every code and token is checked against its grant at each use (the engine's token, userinfo and introspection endpoints, our API), and
    // the engine removes the grant itself wherever it calls this: there is nothing left to look for.
    revokeByGrantId: () => Promise.resolve(undefined),

    findByUid: () => Promise.resolve(undefined),
    findByUserCode: () => Promise.resolve(undefined),
  };
}

/** Every model has a life of its own choosing (see engine-settings); one without would stay for ever. */
function requireTtl(model: string, ttlSeconds: number | undefined): number {
  if (ttlSeconds === undefined || !(ttlSeconds > 0)) throw new Error(`no time to live for ${model}`);
  return Math.ceil(ttlSeconds);
}

/** Whoever the request rests on passes their epoch on: the code or token redeemed, or the logon just finished. */
function noteUser(model: string, state: RequestState, { epochs, payload }: StoredArtefact): void {
  if (model === 'Interaction') {
    const login = (payload['result'] as { login?: { userEpoch?: number } } | undefined)?.login;
    if (login?.userEpoch !== undefined) state.userEpoch = login.userEpoch;
  } else if (payload.accountId !== undefined && model !== 'Grant') state.userEpoch ??= epochs[1] ?? undefined;
}
