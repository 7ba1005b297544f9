import type { Client } from 'oidc-provider';
import { clientOrigin } from '../oidc/clients.ts';

/**
 * Where the last form of a logon may lead, as CSP sources: browsers hold the whole chain of redirects after a POST against `form-action`, and
 * an app may send the browser on to another origin of its own. So: any https address, and for an app on this machine any port of it,
 * for one with a private scheme that scheme.
 */
export function formTargets(client: Client): string[] {
  const origin = clientOrigin(client);
  const uris = origin.kind === 'application' ? origin.application.redirectUris : [];
  const sources = uris.flatMap((uri) => {
    const url = URL.parse(uri);
    if (url === null || url.protocol === 'https:') return [];
    return url.protocol === 'http:' ? ['http://localhost:*', 'http://127.0.0.1:*'] : [url.protocol];
  });
  return ['https:', ...new Set(sources)];
}
