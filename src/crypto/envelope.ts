import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** Where a sealed value stands. It opens only there: moved to another account, row or column, it is refused. */
export interface SealedPlace {
  readonly accountId: string;
  readonly row: string;
  /** `table.column` */
  readonly column: string;
}

const associatedData = (place: SealedPlace): Buffer =>
  Buffer.from(JSON.stringify([version, place.accountId, place.row, place.column]));

/** Seals a secret under AES-256-GCM with the ring's first key. Answers `v1.<key id>.<base64url of nonce, ciphertext, tag>`. */
export function seal(ring: KeyRing, plaintext: string, place: SealedPlace): string {
  const [first] = ring.keys;
  if (first === undefined) throw new Error('the key ring is empty');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(associatedData(place));
  const body = Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${version}.${first.id}.${body.toString('base64url')}`;
}

/** Opens what `seal` made. Throws if the key is not in the ring, the value was changed, or it stands in another place. */
export function open(ring: KeyRing, sealed: string, place: SealedPlace): string {
  const bodyAt = sealed.lastIndexOf('.');
  const keyId = sealed.slice(version.length + 1, bodyAt);
  const ringKey = ring.keys.find(({ id }) => id === keyId);
  if (!sealed.startsWith(`${version}.`) || ringKey === undefined) {
    throw new Error(`a sealed value (${place.column}) was made under a key that is not in the ring`);
  }
  const text = sealed.slice(bodyAt + 1);
  const body = Buffer.from(text, 'base64url');
  // The decoder passes over what is no base64url: one value must not have several spellings.
  if (body.toString('base64url') !== text) throw new Error(`a sealed value (${place.column}) is not as it was written`);
  const decipher = createDecipheriv('aes-256-gcm', ringKey.key, body.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(associatedData(place)).setAuthTag(body.subarray(-tagBytes));
  return decipher.update(body.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
}

/** Whether a value is sealed under the ring's first key, i.e. needs no rewrap. */
export const isSealedUnderFirstKey = (ring: KeyRing, sealed: string): boolean =>
  sealed.startsWith(`${version}.${ring.keys[0]?.id}.`);
