import type { IncomingMessage } from 'node:http';
import { hashToken } from '../../crypto/tokens.ts';

export const deviceCookieName = (https: boolean): string => `${https ? '__Secure-' : ''}postern.device`;

/** Tokens that one cookie holds at most: one for each user who is known in the browser. */
export const tokensPerBrowser = 6;

interface DevicePlace {
  readonly issuerName: string;
  readonly https: boolean;
}

/** The issuer is part of it: what one alias gave a browser says nothing at another. */
export const hashDeviceToken = ({ issuerName }: Pick<DevicePlace, 'issuerName'>, rawToken: string): string =>
  hashToken(`${issuerName}:${rawToken}`);

const token = '[A-Za-z0-9_-]{43}';
const tokens = new RegExp(`^${token}(?:\\.${token}){0,${tokensPerBrowser - 1}}$`);

/** The tokens that a browser brings; none where it brings something that is none of ours by its form. */
export function readDeviceTokens({ headers }: IncomingMessage, https: boolean): readonly string[] {
  const start = `${deviceCookieName(https)}=`;
  const found = (headers.cookie ?? '').split(/; ?/).find((cookie) => cookie.startsWith(start));
  const value = found?.slice(start.length) ?? '';
  return tokens.test(value) ? [...new Set(value.split('.'))] : [];
}

/** By what the browser of a request is looked up among known devices. */
export const deviceTokenHashes = (req: IncomingMessage, place: DevicePlace): readonly string[] =>
  readDeviceTokens(req, place.https).map((rawToken) => hashDeviceToken(place, rawToken));
