import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** What signs and checks the engine's cookies (the part of Keygrip that the cookies library calls). */
interface CookieSignatures {
  readonly sign: (data: string) => string;
  readonly verify: (data: string, signature: string) => boolean;
  /** Which key made a signature; -1 for none. Other than 0: an older key of the ring, and the cookie is signed anew. */
  readonly index: (data: string, signature: string) => number;
}

/** HMAC-SHA-256 with keys made ready once: Keygrip sets its keys up, and hashes twice more to compare, at every cookie. */
export function createCookieSignatures(keys: readonly Buffer[]): CookieSignatures {
  const ready = keys.map((key) => createSecretKey(key));
  const [first] = ready;
  if (first === undefined) throw new Error('no key to sign cookies with');
  const signatureOf = (key: typeof first, data: string) => createHmac('sha256', key).update(data).digest();
  const index = (data: string, signature: string): number => {
    const given = Buffer.from(signature, 'base64url');
    return ready.findIndex((key) => {
      const right = signatureOf(key, data);
      return given.length === right.length && timingSafeEqual(given, right);
    });
  };
  return {
    sign: (data) => signatureOf(first, data).toString('base64url'),
    verify: (data, signature) => index(data, signature) !== -1,
    index,
  };
}
