import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { NewSigningKey } from '../src/domain/signing-keys/signing-keys.ts';
import type { ClientCredentials } from './target.ts';

export interface BareSetup {
  readonly issuer: string;
  readonly app: ClientCredentials;
  readonly redirectUri: string;
  readonly service: ClientCredentials;
  readonly resource: string;
}

/** As long as what Postern makes lives, in seconds. */
const ttl: NonNullable<Configuration['ttl']> = {
  AccessToken: 3600,
  AuthorizationCode: 60,
  ClientCredentials: 600,
  Grant: 21_600,
  IdToken: 3600,
  Interaction: 3600,
  RefreshToken: 2_592_000,
  Session: 21_600,
};

/**
 * The engine as it comes, set to give the same answers as Postern does: the same claims, token formats, keys, rotation and session check
 * (`expiresWithSession` is the engine's default here, and Postern's), and the same features. Its adapter is the in-memory one.
 */
export function bareConfiguration(setup: BareSetup, keys: readonly NewSigningKey[]): Configuration {
  return {
    acrValues: ['urn:bench:pwd', 'urn:bench:mfa'],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
      profile: ['name', 'preferred_username', 'upn', 'updated_at'],
      email: ['email'],
      phone: ['phone_number'],
      groups: ['groups'],
      ram: ['aid', 'uid'],
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clients: clients(setup),
    conformIdTokenClaims: false,
    cookies: { keys: ['bench'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
    features: features(setup),
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => claimsOf(accountId) }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    jwks: {
      keys: keys.map(({ alg, privateJwk }) => ({ ...privateJwk, kid: `bench-${alg}`, alg, use: 'sig' })),
    } as NonNullable<Configuration['jwks']>,
    loadExistingGrant: (ctx) => grantEverything(ctx),
    pkce: { required: () => true },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', 'groups', 'ram'],
    subjectTypes: ['public'],
    ttl,
  };
}

const clients = ({ app, redirectUri, service }: BareSetup): NonNullable<Configuration['clients']> => [
  {
    client_id: app.id,
    client_secret: app.secret,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
  },
  {
    client_id: service.id,
    client_secret: service.secret,
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    id_token_signed_response_alg: 'ES256',
  },
];

function features({ service, resource }: BareSetup): NonNullable<Configuration['features']> {
  return {
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      // As in Postern, the service's resource is the default.
      defaultResource: (_ctx, client, oneOf) =>
        (oneOf ?? (client?.clientId === service.id ? resource : undefined)) as string,
      getResourceServerInfo: () => ({
        scope: 'management:read management:full',
        audience: resource,
        accessTokenTTL: 600,
        accessTokenFormat: 'opaque',
      }),
    },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  };
}

const claimsOf = (sub: string) => ({
  sub,
  name: `Worker ${sub}`,
  preferred_username: sub,
  upn: `${sub}@bench.localhost`,
  updated_at: 1_700_000_000,
  email: `${sub}@example.com`,
  groups: [],
  aid: '1000000000000000',
  uid: sub,
});

/** First-party apps are granted what they ask for. */
async function grantEverything({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}
