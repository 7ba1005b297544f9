/**
 * Names that the server's own addresses need, or that a person could take for the deployment's voice. An alias is the
 * first segment of an address, so it must never hide one of these.
 */
const reserved = new Set([
  ...['account', 'accounts', 'admin', 'administrator', 'api', 'app', 'apps', 'assets', 'auth', 'authorize', 'console'],
  ...[
    'device',
    'docs',
    'favicon',
    'health',
    'healthz',
    'help',
    'id',
    'identity',
    'introspect',
    'issuer',
    'jwks',
    'login',
  ],
  ...['logon', 'logout', 'me', 'metrics', 'oauth', 'oauth2', 'oidc', 'openid', 'par', 'platform', 'portal', 'postern'],
  ...[
    'readyz',
    'register',
    'revoke',
    'robots',
    'root',
    'security',
    'session',
    'sessions',
    'sign-in',
    'sign-out',
    'signin',
  ],
  ...['signout', 'static', 'status', 'support', 'system', 'token', 'userinfo', 'users', 'well-known', 'www'],
]);

/** Shape of an alias in an address (RAM: default domain of at most 64 characters, hence 51). */
const shape = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Why a text cannot be an alias, in words; undefined when it can. Says nothing of whether it is taken. */
export function aliasFault(alias: string): string | undefined {
  if (alias.length < 3 || alias.length > 51) return 'an alias has 3 to 51 characters';
  if (!shape.test(alias)) return 'an alias has lower-case letters, digits and single hyphens, no hyphen first or last';
  if (!/[a-z]/.test(alias)) return 'an alias has at least one letter';
  if (reserved.has(alias)) return 'this alias is reserved';
  return undefined;
}

const accountIdShape = /^[1-9][0-9]{15}$/;

/** Whether a first address segment can name an issuer at all: an alias or an account id. Anything else is not looked up. */
export const isIssuerName = (segment: string): boolean =>
  accountIdShape.test(segment) || aliasFault(segment) === undefined;
