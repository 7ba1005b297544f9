import type { IncomingMessage } from 'node:http';
import type { LiveState, PrincipalKind } from '../../domain/live-state/live-state.ts';
import { sessionIdOf, sessionKey } from '../../domain/sessions/session-records.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { ArtefactHint, ArtefactHints } from './artefact-hints.ts';
import { artefactKey, clientKind, isBuiltInClient } from './artefact-store.ts';
import type { ReadAhead } from './request-state.ts';

interface ReadAheadDeps {
  readonly ephemeral: EphemeralStore;
  readonly liveState: LiveState;
  readonly hints: ArtefactHints;
}

/** RFC 7617: the id comes first and holds no colon. */
const basicScheme = /^basic ([A-Za-z0-9+/]{1,512}={0,2})$/i;
const bearerScheme = /^bearer ([A-Za-z0-9_-]{1,256})$/i;

/** The logon, or the authorization request it goes back to, that an address names. */
const interactionAddress = /^\/[^/]+\/(?:logon|oauth2\/authorize)\/([A-Za-z0-9_-]{1,64})(?:\?|$)/;
const clientParameter = /[?&]client_id=([A-Za-z0-9_-]{1,64})(?:&|$)/;
const sessionCookie = /(?:^|; )(?:__Secure-)?postern\.session=([A-Za-z0-9_-]{1,64})(?:;|$)/;

/**
 * Begins to read what a request says by its address and headers that it will need (client, access token, session, logon under way), beside the
 * read of its account. It decides nothing: a wrong guess costs a read.
 */
export function readAheadOfRequest(
  deps: ReadAheadDeps,
  issuerName: string,
  { url = '', headers }: IncomingMessage,
): ReadAhead {
  const ahead: ReadAhead = { principals: new Map(), records: new Map() };
  const { authorization = '', cookie = '' } = headers;
  const begin = (model: string, id: string | undefined) => {
    if (id !== undefined) readAheadOfKey(deps, ahead, { issuerName, key: artefactKey({ issuerName }, model, id) });
  };
  readClient(deps, ahead, clientParameter.exec(url)?.[1] ?? basicClientId(authorization));
  begin('AccessToken', bearerScheme.exec(authorization)?.[1]);
  begin('Interaction', interactionAddress.exec(url)?.[1]);
  begin('SessionCookie', sessionCookie.exec(cookie)?.[1]);
  return ahead;
}

/** Begins to read an artefact, and what it rests on as far as that is known. */
export function readAheadOfKey(
  deps: ReadAheadDeps,
  ahead: ReadAhead,
  { issuerName, key }: { issuerName: string; key: string },
): void {
  beginRead(deps.ephemeral, ahead, key);
  const hint = deps.hints.get(key);
  if (hint !== undefined) readAheadOfHint(deps, ahead, { issuerName, hint });
}

/** Begins to read what the engine checks, one after the other, once it has found a code or token. */
export function readAheadOfHint(
  deps: ReadAheadDeps,
  ahead: ReadAhead,
  { issuerName, hint }: { issuerName: string; hint: ArtefactHint },
): void {
  const { grantId, sessionUid, userId, clientId } = hint;
  if (grantId !== undefined) beginRead(deps.ephemeral, ahead, artefactKey({ issuerName }, 'Grant', grantId));
  if (sessionUid !== undefined) beginRead(deps.ephemeral, ahead, sessionKey(issuerName, sessionIdOf(sessionUid)));
  if (userId !== undefined) readPrincipal(deps, ahead, 'user', userId);
  readClient(deps, ahead, clientId);
}

function basicClientId(authorization: string): string | undefined {
  const encoded = basicScheme.exec(authorization)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1').split(':', 1)[0];
}

function readClient(deps: ReadAheadDeps, ahead: ReadAhead, clientId: string | undefined): void {
  if (clientId !== undefined && !isBuiltInClient(clientId)) readPrincipal(deps, ahead, clientKind(clientId), clientId);
}

function readPrincipal({ liveState }: ReadAheadDeps, { principals }: ReadAhead, kind: PrincipalKind, id: string): void {
  const key = `${kind}:${id}`;
  if (principals.has(key)) return;
  const reading = liveState.read(kind, id);
  reading.catch(toldWhereItIsNeeded);
  principals.set(key, reading);
}

/** Begins to read one key of the store. */
export function beginRead(ephemeral: EphemeralStore, { records }: ReadAhead, key: string): void {
  if (records.has(key)) return;
  const reading = ephemeral.get(key);
  reading.catch(toldWhereItIsNeeded);
  records.set(key, reading);
}

/** A failed read is the affair of whoever needs it; where nobody does, of nobody. */
const toldWhereItIsNeeded = (): void => undefined;
