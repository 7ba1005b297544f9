import { generateSecret, generateURI, verify } from 'otplib';

/** RFC 6238 with the values that every authenticator app has: SHA-1, 6 digits, 30 seconds. */
const period = 30;

/** A new seed: 160 random bits in Base32 (RFC 4226 section 4, R6). */
export const newTotpSecret = (): string => generateSecret({ length: 20 });

/** The `otpauth:` address that apps read from the QR code. */
export const totpUri = (secret: string, issuer: string, label: string): string =>
  generateURI({ strategy: 'totp', issuer, label, secret, period, digits: 6, algorithm: 'sha1' });

/**
 * The time step that a code belongs to, when it is right: the present one, or a neighbour to allow for clocks that differ, but none up
 * to `lastUsedStep`. Undefined otherwise. The caller must still claim the step atomically: two may ask at once.
 */
export async function matchTotpStep(
  secret: string,
  code: string,
  { lastUsedStep, nowSeconds }: { lastUsedStep: number; nowSeconds: number },
): Promise<number | undefined> {
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const newestAcceptable = Math.floor(nowSeconds / period) + 1;
  if (lastUsedStep >= newestAcceptable) return undefined;
  const result = await verify({
    secret,
    token: code,
    epoch: nowSeconds,
    period,
    epochTolerance: period,
    afterTimeStep: lastUsedStep,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
