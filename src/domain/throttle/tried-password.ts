import { HashingOverloadedError, type PasswordHasher } from '../../crypto/password-hashing.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { giveTryBack, type ThrottledTry } from './throttle.ts';

interface TriedPassword {
  readonly password: string;
  /** Undefined costs the same as one that does not match. */
  readonly hash: string | undefined;
  readonly counted: ThrottledTry;
}

/**
 * Whether a password, whose try was counted, is right. Where too many hashes wait it is not evaluated, so it was no try: `HashingOverloadedError`
 * uses up nobody's.
 */
export async function verifyTriedPassword(
  { ephemeral, passwordHasher }: { readonly ephemeral: EphemeralStore; readonly passwordHasher: PasswordHasher },
  { password, hash, counted }: TriedPassword,
): Promise<boolean> {
  try {
    return await passwordHasher.verify(password, hash);
  } catch (error) {
    if (error instanceof HashingOverloadedError) await giveTryBack(ephemeral, counted);
    throw error;
  }
}
