import { breachHash } from '../../crypto/prepared-password.ts';
import { hashFileHolds } from '../../storage/hash-file.ts';

/** Passwords that are known from breaches of other sites. */
export interface BreachedPasswords {
  /** Never rejects: where the list cannot be read, nothing is known of the password. */
  includes(password: string): Promise<boolean>;
}

/** Those of a file of hashes; see hash-file.ts. `onFailure` is told when it could not be searched. */
export const breachedPasswordsOf = (path: string, onFailure: (error: unknown) => void): BreachedPasswords => ({
  includes: async (password) => {
    try {
      return await hashFileHolds(path, breachHash(password));
    } catch (error) {
      onFailure(error);
      return false;
    }
  },
});
