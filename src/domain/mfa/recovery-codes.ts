import { randomInt } from 'node:crypto';
import { hashToken } from '../../crypto/tokens.ts';

/** Crockford's Base32: no letter that looks like a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 24;
const groupLength = 6;
const codeCount = 10;

/**
 * Ten codes of 120 random bits, in groups for reading. At more than 112 bits a plain SHA-256 keeps them
 * (OWASP ASVS 5.0, 6.5.2), so that using one is a single indexed comparison.
 */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: codeCount }, () => {
    const characters = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
    return (characters.match(new RegExp(`.{${groupLength}}`, 'g')) ?? []).join('-');
  });

/** The stored form of a typed code; spaces, hyphens, case and look-alikes (O, I, L) do not matter. */
export function hashRecoveryCode(typed: string): string {
  const normal = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return hashToken(`recovery:${normal}`);
}
