import { AsyncLocalStorage } from 'node:async_hooks';
import type { LivePrincipal, LiveState, PrincipalKind } from '../../domain/live-state/live-state.ts';

/** Reads under way, for whoever will need them. They begin after the request did, so what they find is as good as if asked for later. */
export interface ReadAhead {
  /** By `kind:id`. */
  readonly principals: Map<string, Promise<LivePrincipal | undefined>>;
  /** By store key. */
  readonly records: Map<string, Promise<string | undefined>>;
}

/** What the token endpoint answered to the first who used a refresh token. */
export interface KeptAnswer {
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly madeAt: number;
  /** What the request asked for beside the token. */
  readonly question: string;
}

/** A request with a refresh token whose application has a grace (see refresh-grace.ts): it rotates the token, or gets the answer of whoever did. */
type RefreshPart =
  | { readonly part: 'first'; readonly rawToken: string; readonly graceSeconds: number }
  | { readonly part: 'again'; readonly answer: KeptAnswer };

/**
 * What one request has learnt, shared between the engine's hooks, which have no other common place: epochs found on the artefacts that the
 * request rests on are written into those it makes.
 */
export interface RequestState {
  readonly account: LivePrincipal;
  /** By user id, as they were when each user proved who they are, not as they are now: a request may deal with two (a change of user). */
  readonly userEpochs: Map<string, number>;
  /** The subject that the request's `id_token_hint` named, once it is resumed. */
  hintedSubject: string | undefined;
  /** Whether this request completes a logon. */
  completesLogon: boolean;
  refresh: RefreshPart | undefined;
  /** Principals asked for in this request: one look at each, taken after the request began, decides for all of it. */
  readonly principals: Map<string, Promise<LivePrincipal | undefined>>;
  /** By store key: records read in this request exactly as stored, for compare-and-set. */
  readonly records: Map<string, string>;
  /** Reads begun in advance. Each is good for one use: what is looked at twice is read twice. */
  readonly ahead: ReadAhead;
  /** Writes under way. They are through before the request is answered (`settleWrites`), so several share a round trip. */
  readonly writes: Promise<unknown>[];
}

const nothingAhead = (): ReadAhead => ({ principals: new Map(), records: new Map() });

const states = new AsyncLocalStorage<RequestState>();

/** Runs a request to an issuer whose account was found live. */
export function withRequestState<T>(account: LivePrincipal, work: () => T, ahead: ReadAhead = nothingAhead()): T {
  const fresh: RequestState = {
    account,
    userEpochs: new Map(),
    hintedSubject: undefined,
    completesLogon: false,
    refresh: undefined,
    principals: ahead.principals,
    records: new Map(),
    ahead,
    writes: [],
  };
  return states.run(fresh, work);
}

/** The state of the request under way. Throws outside `withRequestState`: the engine must not be used past the check of the account. */
export function requestState(): RequestState {
  const state = states.getStore();
  if (state === undefined) throw new Error('the engine was entered without a live account');
  return state;
}

/** A principal of the request's own account as it is now; undefined where it is gone, inactive, or another account's. */
export async function findActive(
  { principals, account }: RequestState,
  liveState: LiveState,
  kind: PrincipalKind,
  id: string,
): Promise<LivePrincipal | undefined> {
  const key = `${kind}:${id}`;
  let reading = principals.get(key);
  if (reading === undefined) {
    reading = liveState.read(kind, id);
    principals.set(key, reading);
  }
  const principal = await reading;
  return principal?.active === true && principal.accountId === account.accountId ? principal : undefined;
}

/** Takes on a write that nothing in the request waits for but its answer. */
export function beginWrite({ writes }: RequestState, writing: Promise<unknown>): void {
  // Its failure is told by `settleWrites`.
  writing.catch(() => undefined);
  writes.push(writing);
}

/** Resolves when everything that the request wrote is stored; rejects where something is not, and then nothing may be answered from it. */
export async function settleWrites({ writes }: RequestState): Promise<void> {
  await Promise.all(writes);
}
