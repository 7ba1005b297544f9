import { LRUCache } from 'lru-cache';

/** What an artefact rests on, by ids that open nothing. */
export interface ArtefactHint {
  readonly grantId: string | undefined;
  readonly sessionUid: string | undefined;
  readonly userId: string | undefined;
  readonly clientId: string | undefined;
}

/**
 * What the artefacts that this process made or read not long ago rest on, by their store keys. With it all that a request needs is asked for in
 * one go, before the artefact itself was read. Guesses for the read-ahead and no more: nothing is decided by them.
 */
export type ArtefactHints = LRUCache<string, ArtefactHint>;

/** A few hundred bytes each. */
const keptHints = 20_000;

export const createArtefactHints = (): ArtefactHints => new LRUCache({ max: keptHints });

/** Reads off a payload what the engine's checks and our own will ask for. */
export function hintOf(payload: Readonly<Record<string, unknown>>): ArtefactHint {
  const { grantId, sessionUid, expiresWithSession, accountId, clientId, params, result } = payload;
  return {
    grantId: textOrNothing(grantId),
    sessionUid: expiresWithSession === true ? textOrNothing(sessionUid) : undefined,
    // Of a logon under way: whom and for which app its authorization request will be resumed.
    userId:
      textOrNothing(accountId) ??
      textOrNothing((result as { login?: { accountId?: unknown } } | undefined)?.login?.accountId),
    clientId: textOrNothing(clientId) ?? textOrNothing((params as { client_id?: unknown } | undefined)?.client_id),
  };
}

const textOrNothing = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
