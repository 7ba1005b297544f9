interface StoredCookie {
  readonly value: string;
  readonly path: string;
}

/** The cookies of one browser at one server: enough of RFC 6265 for logons, no more. */
export type CookieJar = Map<string, StoredCookie>;

/** Takes in `Set-Cookie` headers. A cookie is known by its name and path; one that has expired is forgotten. */
export function storeCookies(jar: CookieJar, setCookie: readonly string[]): void {
  for (const header of setCookie) {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const separator = pair.indexOf('=');
    const name = pair.slice(0, separator);
    const path = attributeOf(attributes, 'path') ?? '/';
    const expires = attributeOf(attributes, 'expires');
    const key = `${name} ${path}`;
    if (expires !== undefined && Date.parse(expires) < Date.now()) jar.delete(key);
    else jar.set(key, { value: `${name}=${pair.slice(separator + 1)}`, path });
  }
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  const attribute = attributes.find((text) => text.toLowerCase().startsWith(`${name}=`));
  return attribute?.slice(name.length + 1);
}

/** The `Cookie` header for an address. */
export function cookieHeader(jar: CookieJar, path: string): string {
  return [...jar.values()]
    .filter(
      (cookie) => path === cookie.path || path.startsWith(cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`),
    )
    .map(({ value }) => value)
    .join('; ');
}
