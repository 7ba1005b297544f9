import { hashToken } from '../../crypto/tokens.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { RequestState } from './request-state.ts';

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
  /** Alias or account id: artefacts of one issuer do not exist for another. */
  readonly issuerName: string;
}

/** The client id of the server's own portal, which has no row in the applications table. */
export const portalClientId = 'postern-portal';

/** Access keys are OAuth clients too; their ids have a prefix of their own. */
export const isAccessKeyId = (clientId: string): boolean => clientId.startsWith('PSTK');

/** Where an artefact stands. Bearer values are never keys themselves: only their SHA-256 is. */
export const artefactKey = ({ issuerName }: Pick<ArtefactDeps, 'issuerName'>, model: string, id: string): string =>
  `oidc:${issuerName}:${model}:${hashToken(id)}`;

/** Reads a record and notes it in the request's state as it was. */
export async function readRecord({ ephemeral }: ArtefactDeps, state: RequestState, key: string): Promise<StoredArtefact | undefined> {
  const raw = await ephemeral.get(key);
  if (raw === undefined) return undefined;
  state.records.set(key, raw);
  return JSON.parse(raw) as StoredArtefact;
}

/**
 * Whether everybody an artefact rests on (account, user, application or access key) still exists, is active, and has had nothing happen
 * that ends it. Asked of the database at every use.
 */
export async function isAlive({ liveState }: ArtefactDeps, state: RequestState, { epochs, payload }: StoredArtefact): Promise<boolean> {
  const [accountEpoch, userEpoch, clientEpoch] = epochs;
  const { accountId: userId, clientId } = payload;
  if (accountEpoch !== state.account.epoch) return false;
  const [userAlive, clientAlive] = await Promise.all([
    userId === undefined || userIsAlive(liveState, state, userId, userEpoch),
    clientId === undefined || clientIsAlive(liveState, state, clientId, { clientEpoch, userEpoch }),
  ]);
  return userAlive && clientAlive;
}

async function userIsAlive(liveState: LiveState, state: RequestState, userId: string, epoch: number | null): Promise<boolean> {
  const user = await liveState.read('user', userId);
  return user?.active === true && user.accountId === state.account.accountId && user.epoch === epoch;
}

async function clientIsAlive(
  liveState: LiveState,
  state: RequestState,
  clientId: string,
  { clientEpoch, userEpoch }: { clientEpoch: number | null; userEpoch: number | null },
): Promise<boolean> {
  if (clientId === portalClientId) return true;
  const isKey = isAccessKeyId(clientId);
  const client = await liveState.read(isKey ? 'accessKey' : 'application', clientId);
  if (client?.active !== true || client.accountId !== state.account.accountId || client.epoch !== clientEpoch) return false;
  state.clientEpochs.set(clientId, client.epoch);
  return !isKey || client.userEpoch === userEpoch;
}

/** The epochs to write into a new artefact: what the request rests on, never what happens to be true by now. */
export async function epochsFor(
  { liveState }: ArtefactDeps,
  state: RequestState,
  { accountId: userId, clientId }: ArtefactPayload,
): Promise<StoredArtefact['epochs']> {
  if (clientId !== undefined && isAccessKeyId(clientId)) {
    const key = await liveState.read('accessKey', clientId);
    if (key?.active !== true) throw new Error('an access key went away while it was being used');
    return [state.account.epoch, key.userEpoch, key.epoch];
  }
  if (userId !== undefined && state.userEpoch === undefined) throw new Error('an artefact for a user nobody has proved to be');
  return [state.account.epoch, userId === undefined ? null : (state.userEpoch ?? null), await clientEpoch(liveState, state, clientId)];
}

async function clientEpoch(liveState: LiveState, state: RequestState, clientId: string | undefined): Promise<number | null> {
  if (clientId === undefined || clientId === portalClientId) return null;
  const known = state.clientEpochs.get(clientId);
  if (known !== undefined) return known;
  return (await liveState.read('application', clientId))?.epoch ?? null;
}
