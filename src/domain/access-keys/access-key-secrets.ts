import { open, seal, type SealedPlace } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { newAccessKeyId, newAccessKeySecret } from '../../crypto/random-ids.ts';
import { equalsInConstantTime } from '../../crypto/tokens.ts';

/** Where a key's secret is sealed. */
interface KeyPlace {
  readonly accountId: string;
  readonly accessKeyId: string;
}

interface SealedKey extends KeyPlace {
  readonly secretSealed: string;
}

const place = ({ accountId, accessKeyId }: KeyPlace): SealedPlace => ({
  accountId,
  row: accessKeyId,
  column: 'access_keys.secret_sealed',
});

/** A new key: the secret to show once, and sealed to store. */
export function generateAccessKey(keyRing: KeyRing, accountId: string) {
  const accessKeyId = newAccessKeyId();
  const rawSecret = newAccessKeySecret();
  return { accessKeyId, rawSecret, secretSealed: seal(keyRing, rawSecret, place({ accountId, accessKeyId })) };
}

/** The secret itself, for checking request signatures. Throws if the key ring cannot open it. */
const openAccessKeySecret = (keyRing: KeyRing, key: SealedKey): string => open(keyRing, key.secretSealed, place(key));

/** Whether this is the key's secret, in a time that does not tell how much of it is right. */
export const verifyAccessKeySecret = (keyRing: KeyRing, key: SealedKey, rawSecret: string): boolean =>
  equalsInConstantTime(openAccessKeySecret(keyRing, key), rawSecret);
