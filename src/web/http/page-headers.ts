/** What differs from page to page. */
export interface PageSecurity {
  /** Fresh random value of this answer, base64 or base64url: the page's own scripts carry it. */
  readonly nonce: string;
  /** CSP sources that the page's forms may lead to, redirects included; none forbids forms altogether. */
  readonly formAction: readonly string[];
  readonly https: boolean;
  /** The page's own scripts may call our own origin. */
  readonly connects?: boolean;
}

const twoYearsInSeconds = 63_072_000;

const permissionsPolicy = [
  'camera=()',
  'display-capture=()',
  'geolocation=()',
  'microphone=()',
  'payment=()',
  'usb=()',
  'publickey-credentials-create=(self)',
  'publickey-credentials-get=(self)',
].join(', ');

/**
 * The headers of every HTML answer. Throws if the nonce or a source could end its directive: a policy is never built from
 * text that can change it.
 */
export function pageHeaders({ nonce, formAction, https, connects = false }: PageSecurity): Record<string, string> {
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy(nonce, formAction, connects),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': permissionsPolicy,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(https && { 'Strict-Transport-Security': `max-age=${twoYearsInSeconds}` }),
  };
}

function contentSecurityPolicy(nonce: string, formAction: readonly string[], connects: boolean): string {
  if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(nonce))
    throw new Error('the nonce is not a base64 value of 96 bits or more');
  for (const source of formAction) {
    if (!/^[^\s;,]+$/.test(source)) throw new Error(`not a CSP source: ${JSON.stringify(source)}`);
  }
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    ...(connects ? ["connect-src 'self'"] : []),
    `form-action ${formAction.length === 0 ? "'none'" : formAction.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
