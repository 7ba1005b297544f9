import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { equalsInConstantTime } from '../../crypto/tokens.ts';
import { AppError } from '../../domain/app-error.ts';

/** Signs form tokens. Made of keys derived from the ring: every process agrees, and tokens made under an older key still hold. */
export interface FormTokens {
  /** The token for a form that belongs to `subject` (a logon under way, a session). */
  issue(subject: string): string;
  /** Throws `NoPermission` unless the form came from our own page and carries the token of its subject. */
  verify(req: IncomingMessage, subject: string, token: string | undefined): void;
}

export function createFormTokens(keys: readonly Buffer[], publicUrl: string): FormTokens {
  const sign = (key: KeyObject, subject: string) => createHmac('sha256', key).update(subject).digest('base64url');
  const ready = keys.map((key) => createSecretKey(key));
  const [first] = ready;
  if (first === undefined) throw new Error('no key to sign form tokens with');
  return {
    issue: (subject) => sign(first, subject),
    verify: (req, subject, token) => {
      const fromHere = isFromOwnPage(req, publicUrl);
      const holds = token !== undefined && ready.some((key) => equalsInConstantTime(sign(key, subject), token));
      if (!fromHere || !holds)
        throw new AppError('InvalidForm', 'This form is no longer valid. Please go back and try again.');
    },
  };
}

/**
 * Whether the browser says that one of our own pages sent this. Under `Referrer-Policy: no-referrer` it sends `Origin: null` even for its
 * own forms, so Fetch Metadata decides first. Clients that say nothing at all are left to the token.
 */
function isFromOwnPage({ headers }: IncomingMessage, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || origin === 'null' || origin === publicUrl;
}
