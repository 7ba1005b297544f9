import { errors } from 'oidc-provider';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import { issuedKey } from '../../domain/sessions/session-records.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { ArtefactHints } from './artefact-hints.ts';
import { findActive, type RequestState } from './request-state.ts';

/** The part of an engine's payload that our rules look at. */
export interface ArtefactPayload {
  readonly accountId?: string;
  readonly clientId?: string;
  readonly [name: string]: unknown;
}

/** As stored: the payload, and the epochs of account, user and client at its making (null where it has none). */
export interface StoredArtefact {
  readonly epochs: readonly [account: number, user: number | null, client: number | null];
  readonly payload: ArtefactPayload;
}

export interface ArtefactDeps {
  readonly ephemeral: EphemeralStore;
  readonly liveState: LiveState;
  readonly hints: ArtefactHints;
  /** Alias or account id: artefacts of one issuer do not exist for another. */
  readonly issuerName: string;
}

/** The client id of the server's own portal, which has no row in the applications table. */
export const portalClientId = 'postern-portal';

/** The client id by which the command line signs people in; it has no row either. */
export const commandLineClientId = 'postern-cli';

/** Clients that are the server's own: there at every issuer, never changed, so nothing about them needs to be looked up. */
export const isBuiltInClient = (clientId: string): boolean =>
  clientId === portalClientId || clientId === commandLineClientId;

/** Access keys are OAuth clients too; their ids have a prefix of their own. */
export const isAccessKeyId = (clientId: string): boolean => clientId.startsWith('PSTK');

/** Where an artefact stands. Bearer values are never keys themselves: only their SHA-256 is. */
export const artefactKey = ({ issuerName }: Pick<ArtefactDeps, 'issuerName'>, model: string, id: string): string =>
  issuedKey(issuerName, model, id);

/** Reads a record and notes it in the request's state as it was. */
export async function readRecord(
  deps: ArtefactDeps,
  state: RequestState,
  key: string,
): Promise<StoredArtefact | undefined> {
  const raw = await readText(deps, state, key);
  return raw === undefined ? undefined : (JSON.parse(raw) as StoredArtefact);
}

/** The same for what is no record of ours; a read begun in advance is used up by it. */
export async function readText(
  { ephemeral }: Pick<ArtefactDeps, 'ephemeral'>,
  { ahead, records }: RequestState,
  key: string,
): Promise<string | undefined> {
  const reading = ahead.records.get(key);
  ahead.records.delete(key);
  const text = await (reading ?? ephemeral.get(key));
  if (text !== undefined) records.set(key, text);
  return text;
}

/**
 * Whether everybody an artefact rests on (account, user, application or access key) still exists, is active, and has had nothing happen
 * that ends it. Asked of the database in every request.
 */
export async function isAlive(
  { liveState }: ArtefactDeps,
  state: RequestState,
  { epochs, payload }: StoredArtefact,
): Promise<boolean> {
  const [accountEpoch, userEpoch, clientEpoch] = epochs;
  // The engine calls a user an account.
  const { accountId: userId, clientId } = payload;
  if (accountEpoch !== state.account.epoch) return false;
  const [user, client] = await Promise.all([
    userId === undefined ? undefined : findActive(state, liveState, 'user', userId),
    clientId === undefined || isBuiltInClient(clientId)
      ? undefined
      : findActive(state, liveState, clientKind(clientId), clientId),
  ]);
  if (userId !== undefined && user?.epoch !== userEpoch) return false;
  if (clientId === undefined || isBuiltInClient(clientId)) return true;
  return client?.epoch === clientEpoch && (!isAccessKeyId(clientId) || client.userEpoch === userEpoch);
}

export const clientKind = (clientId: string): 'accessKey' | 'application' =>
  isAccessKeyId(clientId) ? 'accessKey' : 'application';

/**
 * The epochs to write into a new artefact: what the request rests on, never what happens to be true by now. Throws `InvalidClient` for a
 * client that went away in between.
 */
export async function epochsFor(
  { liveState }: ArtefactDeps,
  state: RequestState,
  { accountId: userId, clientId }: ArtefactPayload,
): Promise<StoredArtefact['epochs']> {
  const userEpoch = userId === undefined ? null : state.userEpochs.get(userId);
  if (userEpoch === undefined) throw new Error('an artefact for a user nobody has proved to be');
  if (clientId === undefined || isBuiltInClient(clientId)) return [state.account.epoch, userEpoch, null];
  const client = await findActive(state, liveState, clientKind(clientId), clientId);
  if (client === undefined) throw new errors.InvalidClient('the client is not active any more');
  return [state.account.epoch, isAccessKeyId(clientId) ? client.userEpoch : userEpoch, client.epoch];
}

/** Notes the epoch at which the user of an artefact proved who they are, for what this request makes of it. */
export function noteUserEpoch(state: RequestState, { epochs, payload }: StoredArtefact): void {
  const [, userEpoch] = epochs;
  if (payload.accountId !== undefined && userEpoch !== null) state.userEpochs.set(payload.accountId, userEpoch);
}
