import { LRUCache } from 'lru-cache';
import Provider, { type Client, type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { equalsInConstantTime, hashToken, newToken } from '../../crypto/tokens.ts';
import { verifyAccessKeySecret } from '../../domain/access-keys/access-key-secrets.ts';
import type { AccessKeyUses } from '../../domain/access-keys/access-key-uses.ts';
import { findAccessKeyForAuthentication } from '../../domain/access-keys/access-keys-store.ts';
import {
  type Application,
  findApplication,
  listApplicationSecretHashes,
} from '../../domain/applications/applications-store.ts';
import { isAllowedRedirectUri } from '../../domain/applications/redirect-uris.ts';
import type { LiveState } from '../../domain/live-state/live-state.ts';
import { noteWrongSecret } from '../../domain/throttle/access-key-guessing.ts';
import type { Database } from '../../storage/db/database.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { requestInfo } from '../http/request-info.ts';
import { clientKind, commandLineClientId, portalClientId } from './artefact-store.ts';
import { commandLineApplication } from './command-line-client.ts';
import { beginWrite, findActive, requestState } from './request-state.ts';
import { leaveTellingToTheEnd } from './sign-out.ts';

/** What stands behind a client of the engine. */
export type ClientOrigin =
  | { readonly kind: 'application'; readonly application: Application }
  | { readonly kind: 'accessKey'; readonly accessKeyId: string }
  | { readonly kind: 'portal' };

interface ClientDeps {
  readonly db: Database;
  readonly ephemeral: EphemeralStore;
  readonly keyRing: KeyRing;
  readonly liveState: LiveState;
  readonly accessKeyUses: AccessKeyUses;
  readonly accountId: string;
  readonly issuer: string;
  readonly issuerName: string;
  readonly sessionSeconds: number;
}

/** The engine's Client class, as it is at run time: the types hide that it can be constructed. */
type ClientClass = { new (metadata: ClientMetadata): Client; find(id: string): Promise<Client | undefined> };

interface CachedClient {
  readonly revision: number;
  readonly client: Client;
}

const cachedClientsPerIssuer = 500;

/** Where an access key is a client at all: it has no business with browsers. */
const accessKeyRoutes = new Set(['token', 'introspection', 'revocation']);

const origins = new WeakMap<Client, ClientOrigin>();

/** What stands behind a client that `installClients` made. */
export function clientOrigin(client: Client): ClientOrigin {
  const origin = origins.get(client);
  if (origin === undefined) throw new Error('a client came from somewhere else');
  return origin;
}

/** Whether it is one of the account's own applications (or the portal), of which no consent is asked. */
export function isFirstParty(client: Client): boolean {
  const origin = clientOrigin(client);
  return origin.kind === 'portal' || (origin.kind === 'application' && origin.application.firstParty);
}

/** The least that a logon for this client must reach; null: whatever the user's account demands. */
export function requiredAcrOf(client: Client): Application['requiredAcr'] {
  const origin = clientOrigin(client);
  return origin.kind === 'application' ? origin.application.requiredAcr : null;
}

/**
 * Gives an issuer its clients: applications and access keys of its account, the portal and the command line. Each look-up asks the database
 * for the present revision, so a changed or removed client is seen by every process at its next request; the rest comes from memory.
 */
export function installClients(provider: Provider, deps: ClientDeps): void {
  const Class = provider.Client as unknown as ClientClass;
  const cache = new LRUCache<string, CachedClient>({ max: cachedClientsPerIssuer });
  const portal = make(Class, portalMetadata(deps.issuer), { kind: 'portal' }, () => false);
  const makeCommandLine = () => {
    const application = commandLineApplication(deps.accountId, deps.sessionSeconds);
    return make(Class, applicationMetadata(application), { kind: 'application', application }, () => false);
  };
  let commandLine: Client | undefined;

  Class.find = async (id) => {
    if (id === portalClientId) return portal;
    if (id === commandLineClientId) return (commandLine ??= makeCommandLine());
    const kind = clientKind(id);
    if (kind === 'accessKey' && !accessKeyRoutes.has(currentRoute())) return undefined;
    const live = await findActive(requestState(), deps.liveState, kind, id);
    if (live === undefined) return undefined;
    const cached = cache.get(id);
    if (cached?.revision === live.revision) return cached.client;
    const client = await (kind === 'accessKey' ? loadAccessKey(Class, deps, id) : loadApplication(Class, deps, id));
    // Stored under the revision read before the row: a change in between makes the next look-up load again.
    if (client !== undefined) cache.set(id, { revision: live.revision, client });
    return client;
  };
}

const currentRoute = (): string => (Provider.ctx as { oidc: { route: string } } | undefined)?.oidc.route ?? '';

function make(
  Class: ClientClass,
  metadata: ClientMetadata,
  origin: ClientOrigin,
  isSecret: (actual: string) => boolean,
): Client {
  const client = new Class(metadata);
  client.compareClientSecret = isSecret;
  restrictSchemes(client, origin);
  // Every ID token names its session: an app needs it to understand a logout token.
  client.includeSid = () => true;
  origins.set(client, origin);
  return client;
}

/** A scheme that may not be registered may not be used either, however the row came about. */
function restrictSchemes(client: Client, origin: ClientOrigin): void {
  if (origin.kind !== 'application') return;
  const { type } = origin.application;
  const isRegistered = client.redirectUriAllowed.bind(client);
  const isRegisteredForLogout = client.postLogoutRedirectUriAllowed.bind(client);
  client.redirectUriAllowed = (uri) => isAllowedRedirectUri(uri, type) && isRegistered(uri);
  client.postLogoutRedirectUriAllowed = (uri) => isAllowedRedirectUri(uri, type) && isRegisteredForLogout(uri);
}

async function loadApplication(Class: ClientClass, deps: ClientDeps, clientId: string): Promise<Client | undefined> {
  const { db } = deps;
  const [application, secretHashes] = await Promise.all([
    findApplication(db, clientId),
    listApplicationSecretHashes(db, clientId),
  ]);
  if (application === undefined) return undefined;
  const client = make(Class, applicationMetadata(application), { kind: 'application', application }, (actual) => {
    const hash = hashToken(actual);
    return secretHashes.filter((known) => equalsInConstantTime(known, hash)).length > 0;
  });
  leaveTellingToTheEnd(client);
  return client;
}

async function loadAccessKey(Class: ClientClass, deps: ClientDeps, accessKeyId: string): Promise<Client | undefined> {
  const { db, keyRing, accessKeyUses } = deps;
  const key = await findAccessKeyForAuthentication(db, accessKeyId);
  if (key === undefined) return undefined;
  const metadata: ClientMetadata = {
    client_id: accessKeyId,
    client_secret: newToken(),
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  };
  const verify = verifyOnce((actual) => verifyAccessKeySecret(keyRing, key, actual));
  return make(Class, metadata, { kind: 'accessKey', accessKeyId }, (actual) => {
    const isRight = verify(actual);
    if (isRight) accessKeyUses.note(accessKeyId, 'oauth2');
    else countWrongSecret(deps, accessKeyId);
    return isRight;
  });
}

/** A right secret writes nothing; a wrong one is answered once it is counted. */
function countWrongSecret({ db, ephemeral, accountId }: ClientDeps, accessKeyId: string): void {
  const { req } = Provider.ctx as KoaContextWithOIDC;
  const { sourceIp, requestId } = requestInfo(req);
  const wrong = { accountId, accessKeyId, sourceIp, requestId };
  beginWrite(requestState(), noteWrongSecret({ db, ephemeral }, wrong));
}

/** Remembers the hash of a secret that was right, so that it need not be opened again: for as long as this copy of the key is good. */
function verifyOnce(verify: (actual: string) => boolean): (actual: string) => boolean {
  let rightHash: string | undefined;
  return (actual) => {
    const hash = hashToken(actual);
    if (rightHash !== undefined && equalsInConstantTime(hash, rightHash)) return true;
    const isRight = verify(actual);
    if (isRight) rightHash = hash;
    return isRight;
  };
}

/** The engine insists on a secret for confidential clients; ours are hashed, so it gets a value that nothing compares with. */
const unusedSecret = (isPublic: boolean): Pick<ClientMetadata, 'client_secret' | 'token_endpoint_auth_method'> =>
  isPublic
    ? { token_endpoint_auth_method: 'none' }
    : { client_secret: newToken(), token_endpoint_auth_method: 'client_secret_basic' };

function applicationMetadata(application: Application): ClientMetadata {
  const isPublic = application.type === 'native' || application.type === 'spa';
  const signsIn = application.type !== 'service';
  return {
    client_id: application.clientId,
    client_name: application.displayName,
    application_type: application.type === 'native' ? 'native' : 'web',
    redirect_uris: application.redirectUris,
    post_logout_redirect_uris: application.postLogoutRedirectUris,
    response_types: signsIn ? ['code'] : [],
    grant_types: signsIn ? ['authorization_code', 'refresh_token'] : [],
    id_token_signed_response_alg: application.idTokenSignedResponseAlg,
    ...(application.backchannelLogoutUri === null
      ? {}
      : { backchannel_logout_uri: application.backchannelLogoutUri, backchannel_logout_session_required: true }),
    ...unusedSecret(isPublic),
  };
}

/** The portal signs in like any app, for its session is the issuer's; the code it gets is never redeemed. */
const portalMetadata = (issuer: string): ClientMetadata => ({
  client_id: portalClientId,
  client_name: 'Portal',
  redirect_uris: [`${issuer}/portal/callback`],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'none',
});
