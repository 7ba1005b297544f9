import type { AccessKeyUses } from '../../domain/access-keys/access-key-uses.ts';
import { managementResource } from '../../domain/accounts/deployment.ts';
import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import { sessionIdOf } from '../../domain/sessions/session-records.ts';
import type { Database } from '../../storage/db/database.ts';
import { findCachedUser, type UserCache } from './account-claims.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import type { ArtefactHints } from './artefact-hints.ts';
import { artefactKey, isAccessKeyId } from './artefact-store.ts';
import { managementScopes } from './engine-settings.ts';
import type { HostedIssuer, Issuers } from './issuers.ts';
import { readAheadOfKey } from './read-ahead.ts';
import { findActive, type ReadAhead, requestState, withRequestState } from './request-state.ts';

export interface BearerDeps {
  readonly db: Database;
  readonly liveState: LiveState;
  readonly userCache: UserCache;
  readonly issuers: Issuers;
  readonly https: boolean;
  readonly accessKeyUses: AccessKeyUses;
  readonly ephemeral: EphemeralStore;
  readonly hints: ArtefactHints;
}

interface BearerRequest {
  readonly alias: string;
  readonly authorization: string | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
}

/** What an access token says of its bearer. */
interface BearerToken {
  readonly clientId?: string | undefined;
  readonly userId: string;
  readonly scopes: ReadonlySet<string>;
  /** The session that the token ends with; undefined where it outlives it, or came of none. */
  readonly sessionUid?: string | undefined;
  /** How the user authenticated; undefined for an access key. */
  readonly acr?: unknown;
}

/** Levels that take more than a password (product.md section 4). */
const secondFactorLevels: ReadonlySet<unknown> = new Set(['urn:postern:acr:mfa', 'urn:postern:acr:phr']);

const refused = (message: string): AppError => new AppError('InvalidAccessToken', message);

/**
 * Who calls the management API (RFC 6750): the token must be of this issuer, for this resource, in time, and everybody it rests on
 * must be as they were when it was made. Throws `InvalidAccessToken`.
 */
export async function authenticateBearer(deps: BearerDeps, request: BearerRequest): Promise<Caller> {
  const [scheme, rawToken, ...rest] = (request.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || rawToken === undefined || rest.length > 0)
    throw refused('Send an access token as bearer.');
  const finding = deps.issuers.find(request.alias);
  const ahead = readAheadOfBearer(deps, request.alias, rawToken);
  const lookup = await finding;
  if (lookup.found !== 'issuer') throw refused('There is no such account, or it is suspended.');
  const { hosted } = lookup;
  const { token, user } = await withRequestState(hosted.account, () => identify(deps, hosted, rawToken), ahead);
  const apiAccess = accessOf(token);
  if (isAccessKeyId(token.clientId ?? '')) deps.accessKeyUses.note(token.clientId ?? '', 'api');
  return {
    accountId: hosted.accountId,
    userId: token.userId,
    userName: user.userName,
    userRevision: user.revision,
    via: isAccessKeyId(token.clientId ?? '') ? `accessKey:${token.clientId}` : `token:${token.clientId}`,
    ...(token.sessionUid === undefined ? {} : { sessionId: sessionIdOf(token.sessionUid) }),
    sourceIp: request.sourceIp,
    requestId: request.requestId,
    mfaPresent: secondFactorLevels.has(token.acr),
    secureTransport: deps.https,
    apiAccess,
  };
}

/** What the token was made for, by its scopes alone. Throws `NoPermission` for one without any of ours. */
function accessOf({ scopes }: BearerToken): Caller['apiAccess'] {
  const holds = (access: Caller['apiAccess']) => managementScopes[access].every((scope) => scopes.has(scope));
  if (holds('full')) return 'full';
  if (holds('read')) return 'read';
  throw new AppError(
    'NoPermission',
    `This access token does not reach so far; ask for the scope ${managementScopes.read.join(' ')}.`,
  );
}

/** Whose token it is, and the user as they are now. Throws `InvalidAccessToken`. */
async function identify(deps: BearerDeps, hosted: HostedIssuer, rawToken: string) {
  const token = await findToken(deps, hosted, rawToken);
  if (token === undefined) throw refused('The access token is unknown, expired, or not for this address.');
  const { userId } = token;
  const live = await findActive(requestState(), deps.liveState, 'user', userId);
  if (live === undefined) throw refused('The user of this access token is not active.');
  const { accountId } = hosted;
  const user = await findCachedUser(deps.db, deps.userCache, { accountId, userId, revision: live.revision });
  if (user === undefined) throw refused('The user of this access token is gone.');
  return { token, user: { userName: user.userName, revision: live.revision } };
}

async function findToken(
  { liveState, hints }: BearerDeps,
  { provider, issuer, issuerName }: HostedIssuer,
  rawToken: string,
): Promise<BearerToken | undefined> {
  const [forUser, forKey] = await Promise.all([
    provider.AccessToken.find(rawToken),
    provider.ClientCredentials.find(rawToken),
  ]);
  const token = forUser ?? forKey;
  if (token === undefined || !token.isValid || token.aud !== managementResource(issuer)) return undefined;
  if (forUser !== undefined) {
    const { grantId, clientId, accountId: userId, scopes, extra } = forUser;
    const sessionUid = forUser.expiresWithSession === true ? forUser.sessionUid : undefined;
    const grant = grantId === undefined ? undefined : await provider.Grant.find(grantId);
    return grant === undefined ? undefined : { clientId, userId, scopes, sessionUid, acr: extra?.['acr'] };
  }
  const { clientId = '', scopes } = token;
  const key = await findActive(requestState(), liveState, 'accessKey', clientId);
  if (typeof key?.userId !== 'string') return undefined;
  const hint = { grantId: undefined, sessionUid: undefined, userId: key.userId, clientId };
  hints.set(artefactKey({ issuerName }, 'ClientCredentials', rawToken), hint);
  return { clientId, userId: key.userId, scopes };
}

/** Begins to read all that a bearer token rests on, as far as this process has seen it before. It decides nothing. */
function readAheadOfBearer(deps: BearerDeps, issuerName: string, rawToken: string): ReadAhead {
  const ahead: ReadAhead = { principals: new Map(), records: new Map() };
  for (const model of ['AccessToken', 'ClientCredentials'])
    readAheadOfKey(deps, ahead, { issuerName, key: artefactKey({ issuerName }, model, rawToken) });
  return ahead;
}
