import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { deriveKeys, type KeyRing } from '../../../crypto/key-ring.ts';
import { hashToken } from '../../../crypto/tokens.ts';
import type { EphemeralStore } from '../../../storage/ephemeral/ephemeral-store.ts';
import type { Ceremony } from './relying-party.ts';

/** What a challenge is good for: one ceremony of one logon or session. */
export interface ChallengePurpose {
  readonly ceremony: Ceremony;
  readonly boundTo: string;
}

/** A challenge of ours that is not too old; whether it was used is for `spendChallenge` to say. */
export interface FreshChallenge {
  readonly challenge: string;
  readonly remainingSeconds: number;
}

const randomLength = 16;
const timeLength = 6;
const payloadLength = randomLength + timeLength;
/** 54 bytes have one spelling in base64url: no spare bits. */
const form = /^[A-Za-z0-9_-]{72}$/;

/** A page to sign in with may lie open for a while before its user comes to it. */
const lifeSeconds: Readonly<Record<Ceremony, number>> = {
  logon: 3600,
  ...{ 'second-factor': 600, register: 600, confirm: 600 },
};

/** How far the clocks of two processes may be apart. */
const skewSeconds = 60;

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * A new challenge (WebAuthn section 13.4.3): 128 random bits, the time in seconds, and a MAC over both and its purpose. Nothing is stored, so
 * showing a page writes nothing.
 */
export function newChallenge(keyRing: KeyRing, purpose: ChallengePurpose): string {
  const payload = Buffer.alloc(payloadLength);
  randomBytes(randomLength).copy(payload);
  payload.writeUIntBE(nowSeconds(), randomLength, timeLength);
  const [firstMac = Buffer.alloc(0)] = macsOf(keyRing, purpose, payload);
  return Buffer.concat([payload, firstMac]).toString('base64url');
}

/** Undefined for whatever is not a challenge of ours, for this purpose, made lately. */
export function readChallenge(
  keyRing: KeyRing,
  purpose: ChallengePurpose,
  challenge: string,
): FreshChallenge | undefined {
  if (!form.test(challenge)) return undefined;
  const bytes = Buffer.from(challenge, 'base64url');
  const [payload, mac] = [bytes.subarray(0, payloadLength), bytes.subarray(payloadLength)];
  if (!macsOf(keyRing, purpose, payload).some((expected) => timingSafeEqual(expected, mac))) return undefined;
  const ageSeconds = nowSeconds() - payload.readUIntBE(randomLength, timeLength);
  const remainingSeconds = lifeSeconds[purpose.ceremony] - ageSeconds;
  return remainingSeconds <= 0 || ageSeconds < -skewSeconds ? undefined : { challenge, remainingSeconds };
}

/** Uses a challenge up: true for exactly one of racing callers, on every process. Remembered longer than any clock takes it for fresh. */
export const spendChallenge = (
  ephemeral: EphemeralStore,
  { challenge, remainingSeconds }: FreshChallenge,
): Promise<boolean> => ephemeral.create(`webauthn:${hashToken(challenge)}`, '1', remainingSeconds + 2 * skewSeconds);

/** One for each key of the ring: the first signs, all verify. */
const macsOf = (keyRing: KeyRing, { ceremony, boundTo }: ChallengePurpose, payload: Buffer): Buffer[] =>
  deriveKeys(keyRing, 'webauthn').map((key) =>
    createHmac('sha256', key)
      .update(JSON.stringify([ceremony, boundTo, payload.toString('base64url')]))
      .digest(),
  );
