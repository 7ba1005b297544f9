import { hkdfSync, randomBytes } from 'node:crypto';

/** One AES-256 key of the ring. */
interface RingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Keys that protect what must be read back. The first writes, all read, so a key is replaced without a moment's gap. */
export interface KeyRing {
  readonly keys: readonly RingKey[];
}

const keyBytes = 32;
const idPattern = /^[A-Za-z0-9._-]{1,32}$/;

/**
 * Reads the ring from `id:base64,id:base64,…` (setting `ENCRYPTION_KEYS`): each key 32 bytes, ids unique.
 * Answers the ring, or every fault at once in words for the operator; a fault never repeats key material.
 */
export function parseKeyRing(text: string): { ring: KeyRing } | { faults: string[] } {
  const faults: string[] = [];
  const keys: RingKey[] = [];
  for (const [index, entry] of text.trim().split(',').entries()) {
    const place = `key ${index + 1}`;
    const separator = entry.indexOf(':');
    const id = entry.slice(0, Math.max(separator, 0)).trim();
    const key = Buffer.from(entry.slice(separator + 1).trim(), 'base64');
    if (separator < 1 || !idPattern.test(id))
      faults.push(`${place}: expected "id:base64", id of letters, digits, ".", "_", "-"`);
    else if (key.length !== keyBytes)
      faults.push(`${place} ("${id}"): expected ${keyBytes} bytes of base64, got ${key.length}`);
    else if (keys.some((known) => known.id === id)) faults.push(`${place}: the id "${id}" is used twice`);
    else keys.push({ id, key });
  }
  return faults.length > 0 ? { faults } : { ring: { keys } };
}

/** A new ring entry in the form that `parseKeyRing` reads. */
export const newKeyRingEntry = (id: string): string => `${id}:${randomBytes(keyBytes).toString('base64')}`;

/**
 * Derives one 32-byte key a ring key for a purpose (cookie signatures, CSRF, cursors), by HKDF-SHA-256 (RFC 5869). All processes with
 * the same ring agree, and values made under an older ring key still verify. The first signs.
 */
export function deriveKeys(ring: KeyRing, purpose: string): Buffer[] {
  return ring.keys.map(({ key }) => Buffer.from(hkdfSync('sha256', key, 'postern', purpose, keyBytes)));
}
