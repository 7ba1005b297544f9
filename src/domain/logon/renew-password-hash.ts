import { HashingOverloadedError, isPresentHash, type PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database } from '../../storage/db/database.ts';
import { renewHash } from '../login-profiles/login-profiles-store.ts';
import type { LogonUser } from './logon-store.ts';

/**
 * Replaces a hash that another system made, or we with other parameters, by one of today's, now that its password is in hand. Where too many
 * hashes wait it is left for the next logon.
 */
export async function renewPasswordHash(
  { db, passwordHasher }: { readonly db: Database; readonly passwordHasher: PasswordHasher },
  { userId, passwordHash: verified }: LogonUser,
  password: string,
): Promise<void> {
  if (isPresentHash(verified)) return;
  try {
    await renewHash(db, userId, { verified, next: await passwordHasher.hash(password) });
  } catch (error) {
    if (!(error instanceof HashingOverloadedError)) throw error;
  }
}
