/** A cookie as kept by a browser (RFC 6265): the host it was set by, never a port. */
export interface KeptCookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string | undefined;
  /** Milliseconds since 1970; undefined for a cookie of the browser's session. */
  readonly expiresAt: number | undefined;
}

export interface CookieJar {
  readonly all: () => readonly KeptCookie[];
  readonly headerFor: (address: URL) => string;
  readonly store: (address: URL, setCookies: readonly string[]) => void;
  readonly remove: (matches: (cookie: KeptCookie) => boolean) => void;
  /** The same cookies in a jar of their own: a stolen or restored browser. */
  readonly copy: () => CookieJar;
}

export function createCookieJar(initial: readonly KeptCookie[] = []): CookieJar {
  let kept = [...initial];
  const alive = () => kept.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > Date.now());
  return {
    all: alive,
    headerFor: (address) =>
      alive()
        .filter((cookie) => goesTo(cookie, address))
        // RFC 6265 section 5.4: longer paths first.
        .sort((left, right) => right.path.length - left.path.length)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    store: (address, setCookies) => {
      for (const text of setCookies) {
        const cookie = parseSetCookie(address, text);
        kept = [...kept.filter((known) => !isSame(known, cookie)), cookie];
      }
    },
    remove: (matches) => {
      kept = kept.filter((cookie) => !matches(cookie));
    },
    copy: () => createCookieJar(alive()),
  };
}

const isSame = (left: KeptCookie, right: KeptCookie): boolean =>
  left.name === right.name && left.host === right.host && left.path === right.path;

function goesTo({ host, path, secure }: KeptCookie, { hostname, pathname, protocol }: URL): boolean {
  // Browsers take loopback for a secure context.
  const isSecure = protocol === 'https:' || hostname === 'localhost';
  const below =
    pathname === path || (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'));
  return host === hostname && below && (!secure || isSecure);
}

function parseSetCookie(address: URL, text: string): KeptCookie {
  const [pair = '', ...rest] = text.split(';').map((part) => part.trim());
  const attributes = new Map(
    rest.map((part) => [part.split('=')[0]?.toLowerCase() ?? '', part.split('=').slice(1).join('=')]),
  );
  const separator = pair.indexOf('=');
  const maxAge = attributes.get('max-age');
  const expires = attributes.get('expires');
  return {
    name: pair.slice(0, separator),
    value: pair.slice(separator + 1),
    host: attributes.get('domain')?.replace(/^\./, '') ?? address.hostname,
    path: attributes.get('path') ?? defaultPath(address.pathname),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: attributes.get('samesite')?.toLowerCase(),
    expiresAt:
      maxAge !== undefined
        ? Date.now() + Number(maxAge) * 1000
        : expires !== undefined
          ? Date.parse(expires)
          : undefined,
  };
}

/** RFC 6265 section 5.1.4. */
const defaultPath = (pathname: string): string => pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')));
