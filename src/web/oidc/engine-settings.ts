import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { managementResource } from '../../domain/accounts/deployment.ts';
import { languages } from '../views/languages.ts';
import { commandLineClientId } from './artefact-store.ts';
import { clientOrigin, isFirstParty } from './clients.ts';
import { acrValues } from './levels.ts';

/** A browser without a logon is remembered this long, for a sign-out question under way. */
const anonymousSessionSeconds = 600;

/** A logon must be finished within this time. */
const interactionSeconds = 3600;

/** OAuth 2.1: a code lives as long as a redirect takes. */
const codeSeconds = 60;

/** Tokens to the management API, whoever asks. */
const managementTokenSeconds = 600;

const idTokenSeconds = 3600;

const now = (): number => Math.floor(Date.now() / 1000);

const applicationOf = (client: Client | undefined) => {
  const origin = client === undefined ? undefined : clientOrigin(client);
  return origin?.kind === 'application' ? origin.application : undefined;
};

/**
 * How long everything the engine makes lives, in seconds. Refresh tokens count from the first of their family: rotation does not prolong
 * it (OWASP ASVS 5.0, 10.4.8). A session lasts from logon on, however much it is used (RAM: LoginSessionDuration). A grant lives as long as the
 * longest that can hang on it.
 */
const lifetimes = (sessionSeconds: number): NonNullable<Configuration['ttl']> => ({
  AccessToken: (_ctx, token, client) =>
    token.resourceServer?.accessTokenTTL ?? applicationOf(client)?.accessTokenTtlSeconds ?? codeSeconds,
  AuthorizationCode: codeSeconds,
  ClientCredentials: managementTokenSeconds,
  // The consent page saves grants too, outside the engine's own routes: the grant carries its client, there is no context.
  Grant: (_ctx, grant) =>
    sessionSeconds +
    (grant.getOIDCScope().split(' ').includes('offline_access')
      ? (applicationOf(grant.client)?.refreshTokenTtlSeconds ?? 0)
      : 0),
  IdToken: idTokenSeconds,
  Interaction: interactionSeconds,
  RefreshToken: (_ctx, token, client) => refreshTokenSeconds(token as { iiat?: number }, client),
  Session: (_ctx, { loginTs }) =>
    loginTs === undefined ? anonymousSessionSeconds : Math.max(1, loginTs + sessionSeconds - now()),
});

/** What is left of a family's life. A family past it ends, also where an administrator has shortened it meanwhile. */
function refreshTokenSeconds({ iiat = now() }: { iiat?: number }, client: Client): number {
  const left = iiat + (applicationOf(client)?.refreshTokenTtlSeconds ?? 0) - now();
  if (left < 1) throw new errors.InvalidGrant('the refresh token has reached the end of its life');
  return left;
}

/** What the management API calls its two levels of access, as scopes of its resource. */
export const managementScopes = { read: ['management:read'], full: ['management:read', 'management:full'] } as const;

/**
 * Tokens for a resource: only ever the management API of the issuer's own account. An access key gets full access of its user; an
 * application what an administrator granted it.
 */
export function resourceServerInfo(ctx: KoaContextWithOIDC, issuer: string, resource: string, client: Client) {
  if (resource !== managementResource(issuer)) throw new errors.InvalidTarget('there is no such resource');
  const origin = clientOrigin(client);
  const access =
    origin.kind === 'accessKey' ? 'full' : origin.kind === 'application' ? origin.application.apiAccess : 'none';
  if (access === 'none') throw new errors.InvalidTarget('the application has no access to this resource');
  const scopes = managementScopes[access];
  assumeScopes(ctx, scopes);
  return {
    scope: scopes.join(' '),
    audience: resource,
    accessTokenTTL: managementTokenSeconds,
    accessTokenFormat: 'opaque' as const,
  };
}

/**
 * A request for this resource that names none of its scopes asks for all that its client may have (RFC 6749 section 3.3 lets a server
 * define what leaving them out means). So the consent page speaks of it, and every token says what it may do.
 */
function assumeScopes({ oidc }: KoaContextWithOIDC, scopes: readonly string[]): void {
  const begins = oidc.route === 'authorization' || oidc.params?.['grant_type'] === 'client_credentials';
  if (!begins || oidc.params === undefined) return;
  const asked = typeof oidc.params['scope'] === 'string' ? oidc.params['scope'].split(' ') : [];
  if (managementScopes.full.some((scope) => asked.includes(scope))) return;
  oidc.params['scope'] = [...asked, ...scopes].join(' ');
}

/** Single-page apps call from the origins they were registered with; nobody else's browser does. */
function isAllowedOrigin(origin: string, client: Client): boolean {
  const application = applicationOf(client);
  return application?.type === 'spa' && application.redirectUris.some((uri) => URL.parse(uri)?.origin === origin);
}

/** RFC 7662 section 2.1: a token's own client, or an application marked as resource server of the account. */
export function mayIntrospect(client: Client, token: { clientId?: string | undefined }): boolean {
  return token.clientId === client.clientId || applicationOf(client)?.resourceServer === true;
}

/**
 * Apps of the account and the command line get refresh tokens unasked, bound to the session; others by `offline_access`, which was
 * consented to.
 */
const mayRefresh = (client: Client, scopes: ReadonlySet<string>): boolean =>
  client.grantTypeAllowed('refresh_token') &&
  (scopes.has('offline_access') || isFirstParty(client) || client.clientId === commandLineClientId);

/** How and when the user authenticated goes along with an access token, as RFC 9470 section 6.2 has it in introspection. */
function authenticationOf({ oidc }: KoaContextWithOIDC): { acr?: string; auth_time?: number } | undefined {
  const { AuthorizationCode: code, RefreshToken: refreshToken } = oidc.entities;
  const { acr, authTime } = code ?? refreshToken ?? {};
  return acr === undefined ? undefined : { acr, ...(authTime === undefined ? {} : { auth_time: authTime }) };
}

/** The settings that are the same for every issuer, but for how long its account lets sessions last. */
export function staticSettings(sessionSeconds: number): Configuration {
  return {
    acrValues: [...acrValues],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    conformIdTokenClaims: false,
    discovery: { ui_locales_supported: Object.keys(languages) },
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
    clientBasedCORS: (_ctx: KoaContextWithOIDC, origin: string, client: Client) => isAllowedOrigin(origin, client),
    extraTokenClaims: (ctx, token) => (token.kind === 'AccessToken' ? authenticationOf(ctx) : undefined),
    expiresWithSession: (_ctx, code) => !code.scopes.has('offline_access'),
    issueRefreshToken: (_ctx, client, code) => mayRefresh(client, code.scopes),
    pkce: { required: (_ctx, client) => applicationOf(client)?.pkceRequired ?? true },
    responseTypes: ['code'],
    // Whoever gives back one token of a grant is done with it (mod_auth_openidc revokes only the access token when it signs out).
    revokeGrantPolicy: () => true,
    rotateRefreshToken: true,
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      userinfo: '/oauth2/userinfo',
      jwks: '/oauth2/jwks',
      introspection: '/oauth2/introspect',
      revocation: '/oauth2/revoke',
      end_session: '/oauth2/logout',
    },
    scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', 'groups', 'ram'],
    subjectTypes: ['public'],
    ttl: lifetimes(sessionSeconds),
  };
}
