import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A bearer value: 256 random bits, base64url (43 characters). */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** How bearer values are stored: SHA-256, base64url. Enough for values of at least 112 random bits; never for passwords. */
export const hashToken = (rawToken: string): string => hash('sha256', rawToken, 'base64url');

/** Compares in a time that does not depend on where two strings differ. */
export function equalsInConstantTime(left: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer'));
}
