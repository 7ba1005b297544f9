import { AsyncLocalStorage } from 'node:async_hooks';
import type { LivePrincipal } from '../../domain/live-state/live-state.ts';

/**
 * What one request has learnt, shared between the engine's hooks, which have no other common place: epochs found on the artefact that the
 * request rests on are written into those it makes.
 */
export interface RequestState {
  readonly account: LivePrincipal;
  /** Of the user whom this request acts for: as it was when they proved who they are, not as it is now. */
  userEpoch: number | undefined;
  /** By client id, as read in this request. */
  readonly clientEpochs: Map<string, number>;
  /** By store key: records read in this request exactly as stored, for compare-and-set. */
  readonly records: Map<string, string>;
}

const states = new AsyncLocalStorage<RequestState>();

/** Runs a request to an issuer whose account was found live. */
export function withRequestState<T>(account: LivePrincipal, work: () => T): T {
  return states.run({ account, userEpoch: undefined, clientEpochs: new Map(), records: new Map() }, work);
}

/** The state of the request under way. Throws outside `withRequestState`: the engine must not be used past the check of the account. */
export function requestState(): RequestState {
  const state = states.getStore();
  if (state === undefined) throw new Error('the engine was entered without a live account');
  return state;
}
