/** `web` and `service` can keep a secret; `native` and `spa` cannot. */
export type ApplicationType = 'web' | 'native' | 'spa' | 'service';

const maxLength = 2048;

/** What RFC 3986 lets stand in a URI, less `*` (no wildcards here) and `#` (RFC 6749 section 3.1.2: no fragment). */
const uriCharacters = /^[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=%]+$/;

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** RFC 8252 section 7.1: a private-use scheme is a domain name in reverse, so it has a dot; `javascript:` and its like have none. */
const privateUseScheme = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/;

/** The way the standard writes this address, so that nothing a browser would rewrite (`..`, tabs, `//`) is ever compared. */
const isCanonical = (uri: string, url: URL): boolean => url.href === uri || url.href === `${uri}/`;

/**
 * Why an address cannot be one that answers are sent to, in words; undefined when it can. An allow list of schemes: https
 * anywhere, http on loopback only, a private-use scheme for native applications.
 */
export function redirectUriFault(uri: string, type: ApplicationType): string | undefined {
  if (uri.length > maxLength) return `An address has at most ${maxLength} characters.`;
  if (uri.includes('#')) return 'An address has no fragment ("#").';
  if (uri.includes('*')) return 'Wildcards are not supported; register each address.';
  const url = uriCharacters.test(uri) ? URL.parse(uri) : null;
  if (url === null || !isCanonical(uri, url))
    return 'Write a complete address in its plain form, e.g. https://app.example.com/callback.';
  if (url.username !== '' || url.password !== '') return 'An address has no user name or password in it.';
  return schemeFault(url, type);
}

function schemeFault({ protocol, hostname, pathname, host }: URL, type: ApplicationType): string | undefined {
  const onLoopback = loopbackHosts.includes(hostname);
  if (protocol === 'https:') {
    return onLoopback && type === 'native' ? 'A native application on loopback uses http.' : undefined;
  }
  if (protocol === 'http:')
    return onLoopback ? undefined : 'http is for localhost, 127.0.0.1 and [::1] only; use https.';
  const leadsSomewhere = host !== '' || pathname.startsWith('/');
  if (!privateUseScheme.test(protocol) || !leadsSomewhere)
    return 'The scheme must be https, or for a native application its own with a dot, e.g. com.example.app:/callback.';
  return type === 'native' ? undefined : 'Only native applications have a scheme of their own; use https.';
}

/** Asked at registration and again whenever an answer is about to be sent there. */
export const isAllowedRedirectUri = (uri: string, type: ApplicationType): boolean =>
  redirectUriFault(uri, type) === undefined;

/**
 * Why an address cannot be called with logout tokens; undefined when it can. http is for applications that can keep a secret
 * (OpenID Connect Back-Channel Logout 1.0 section 2.2); where it may lead is decided when it is called.
 */
export function backchannelLogoutUriFault(uri: string, type: ApplicationType): string | undefined {
  if (type === 'service') return 'A service has no users to sign out.';
  if (type !== 'web') return redirectUriFault(uri, 'spa');
  return redirectUriFault(uri.replace(/^http:/, 'https:'), 'web');
}
