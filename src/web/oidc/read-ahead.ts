import type { IncomingMessage } from 'node:http';
import type { LiveState, PrincipalKind } from '../../domain/live-state/live-state.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { type ArtefactPayload, artefactKey, clientKind, isBuiltInClient } from './artefact-store.ts';
import type { ReadAhead } from './request-state.ts';

interface ReadAheadDeps {
  readonly ephemeral: EphemeralStore;
  readonly liveState: LiveState;
}

/** RFC 7617: the id comes first and holds no colon. */
const basicScheme = /^basic ([A-Za-z0-9+/]{1,512}={0,2})$/i;
const bearerScheme = /^bearer ([A-Za-z0-9_-]{1,256})$/i;

/** The logon, or the authorization request it goes back to, that an address names. */
const interactionAddress = /^\/[^/]+\/(?:logon|oauth2\/authorize)\/([A-Za-z0-9_-]{1,64})(?:\?|$)/;
const clientParameter = /[?&]client_id=([A-Za-z0-9_-]{1,64})(?:&|$)/;

/**
 * Begins to read what a request says by its address and `Authorization` header that it will need (client, access token, logon under way), beside
 * the read of its account. It decides nothing: a wrong guess costs a read.
 */
export function readAheadOfRequest(
  deps: ReadAheadDeps,
  issuerName: string,
  { url = '', headers }: IncomingMessage,
): ReadAhead {
  const ahead: ReadAhead = { principals: new Map(), records: new Map() };
  const clientId = clientParameter.exec(url)?.[1] ?? basicClientId(headers.authorization ?? '');
  const rawToken = bearerScheme.exec(headers.authorization ?? '')?.[1];
  const uid = interactionAddress.exec(url)?.[1];
  if (clientId !== undefined && !isBuiltInClient(clientId)) readPrincipal(deps, ahead, clientKind(clientId), clientId);
  if (rawToken !== undefined) readRecord(deps, ahead, artefactKey({ issuerName }, 'AccessToken', rawToken));
  if (uid !== undefined) readRecord(deps, ahead, artefactKey({ issuerName }, 'Interaction', uid));
  return ahead;
}

/** Begins to read what the engine checks, one after the other, once it has found a code or token. */
export function readAheadOfArtefact(
  deps: ReadAheadDeps & { issuerName: string },
  ahead: ReadAhead,
  payload: ArtefactPayload,
): void {
  const { grantId, sessionUid, expiresWithSession } = payload;
  if (typeof grantId === 'string') readRecord(deps, ahead, artefactKey(deps, 'Grant', grantId));
  if (typeof sessionUid === 'string' && expiresWithSession === true)
    readRecord(deps, ahead, artefactKey(deps, 'Session', sessionUid));
}

function basicClientId(authorization: string): string | undefined {
  const encoded = basicScheme.exec(authorization)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1').split(':', 1)[0];
}

function readPrincipal({ liveState }: ReadAheadDeps, { principals }: ReadAhead, kind: PrincipalKind, id: string): void {
  const reading = liveState.read(kind, id);
  reading.catch(toldWhereItIsNeeded);
  principals.set(`${kind}:${id}`, reading);
}

function readRecord({ ephemeral }: ReadAheadDeps, { records }: ReadAhead, key: string): void {
  if (records.has(key)) return;
  const reading = ephemeral.get(key);
  reading.catch(toldWhereItIsNeeded);
  records.set(key, reading);
}

/** A failed read is the affair of whoever needs it; where nobody does, of nobody. */
const toldWhereItIsNeeded = (): void => undefined;
