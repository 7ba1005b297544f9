import type { AccessKeyUses } from '../../domain/access-keys/access-key-uses.ts';
import { managementResource } from '../../domain/accounts/deployment.ts';
import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import type { Database } from '../../storage/db/database.ts';
import { findCachedUser, type UserCache } from './account-claims.ts';
import { isAccessKeyId } from './artefact-store.ts';
import { managementScopes } from './engine-settings.ts';
import type { HostedIssuer, Issuers } from './issuers.ts';
import { withRequestState } from './request-state.ts';

export interface BearerDeps {
  readonly db: Database;
  readonly liveState: LiveState;
  readonly userCache: UserCache;
  readonly issuers: Issuers;
  readonly https: boolean;
  readonly accessKeyUses: AccessKeyUses;
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
  const lookup = await deps.issuers.find(request.alias);
  if (lookup.found !== 'issuer') throw refused('There is no such account, or it is suspended.');
  const { hosted } = lookup;
  const token = await withRequestState(hosted.account, () => findToken(deps, hosted, rawToken));
  if (token === undefined) throw refused('The access token is unknown, expired, or not for this address.');
  const apiAccess = accessOf(token);
  const userName = await findUserName(deps, hosted.accountId, token.userId);
  if (isAccessKeyId(token.clientId ?? '')) deps.accessKeyUses.note(token.clientId ?? '', 'api');
  return {
    accountId: hosted.accountId,
    userId: token.userId,
    userName,
    via: isAccessKeyId(token.clientId ?? '') ? `accessKey:${token.clientId}` : `token:${token.clientId}`,
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

async function findToken(
  deps: BearerDeps,
  { provider, issuer }: HostedIssuer,
  rawToken: string,
): Promise<BearerToken | undefined> {
  const [forUser, forKey] = await Promise.all([
    provider.AccessToken.find(rawToken),
    provider.ClientCredentials.find(rawToken),
  ]);
  const token = forUser ?? forKey;
  if (token === undefined || !token.isValid || token.aud !== managementResource(issuer)) return undefined;
  if (forUser !== undefined) {
    const grant = forUser.grantId === undefined ? undefined : await provider.Grant.find(forUser.grantId);
    return grant === undefined
      ? undefined
      : { clientId: forUser.clientId, userId: forUser.accountId, scopes: forUser.scopes, acr: forUser.extra?.['acr'] };
  }
  const key = await deps.liveState.read('accessKey', token.clientId ?? '');
  return typeof key?.userId === 'string'
    ? { clientId: token.clientId, userId: key.userId, scopes: token.scopes }
    : undefined;
}

async function findUserName(
  { db, liveState, userCache }: BearerDeps,
  accountId: string,
  userId: string,
): Promise<string> {
  const live = await liveState.read('user', userId);
  if (live?.active !== true) throw refused('The user of this access token is not active.');
  const user = await findCachedUser(db, userCache, { accountId, userId, revision: live.revision });
  if (user === undefined) throw refused('The user of this access token is gone.');
  return user.userName;
}
