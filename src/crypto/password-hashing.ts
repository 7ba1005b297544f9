import { hash, verify } from '@node-rs/argon2';
import { readImportedHash, verifyImportedHash } from './imported-hashes.ts';
import { preparedPassword } from './prepared-password.ts';
import { createLanes } from './work-lanes.ts';

/** argon2id with 19 MiB, two passes, one lane: OWASP's first choice and the product's floor. */
// 2 is argon2id: the library's const enum cannot be named under type stripping.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const ownPrefix = '$argon2id$v=19$m=19456,t=2,p=1$';

/**
 * A hash nobody's password has, made with today's parameters. Refused names are verified against it, so that they cost the
 * same time as a wrong password.
 */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$mI8/EPHJiCfvT3Ii2o0IuA$ws7VJ/zQab0YXJapgWPdUXfj1rH9dim30fZ3BwOk/+4';

/** Thrown when too many hashes wait already: shed the request (503, Retry-After) before memory goes. */
export class HashingOverloadedError extends Error {
  override readonly name = 'HashingOverloadedError';
  readonly retryAfterSeconds = 2;
}

/**
 * Hashes and verifies passwords, a bounded number at a time. Ours are hashes of the prepared password (see prepared-password.ts); those of other
 * systems are verified as they were made, of what was typed.
 */
export interface PasswordHasher {
  /** Answers a PHC string. */
  hash(password: string): Promise<string>;
  /**
   * `stored`: a PHC string of ours, or a hash that another system made (see imported-hashes.ts). Undefined: no such password; takes as long
   * as a wrong one against a hash of ours, and answers false.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

/** Whether a stored hash was made as `hash` makes them now. One that was not is to be replaced once its password is in hand. */
export const isPresentHash = (stored: string): boolean => stored.startsWith(ownPrefix);

/** Imported hashes cost up to 256 MiB and a second each: so many run at once at the most. */
const mostImportedLanes = 2;

/**
 * Makes a hasher. Each running hash holds 19 MiB and a thread; `parallel` bounds them, `queueLimit` bounds those who wait.
 * Beyond it calls reject with `HashingOverloadedError` at once. Hashes of other systems have at most half of the places, and a queue of
 * their own, so that dear ones cannot crowd out everybody else's logon.
 */
export function createPasswordHasher({
  parallel,
  queueLimit,
}: {
  readonly parallel: number;
  readonly queueLimit: number;
}): PasswordHasher {
  const overloaded = () => new HashingOverloadedError('too many password hashes are waiting');
  const bounded = createLanes({ parallel, queueLimit, overloaded });
  const importedLanes = Math.max(1, Math.min(mostImportedLanes, Math.floor(parallel / 2)));
  const boundedImported = createLanes({
    ...{ parallel: importedLanes, overloaded },
    queueLimit: Math.ceil(queueLimit / 4),
  });

  const verifyOther = async (password: string, stored: string): Promise<boolean> => {
    const imported = readImportedHash(stored);
    if (imported === undefined) return await verifyOwn(password, undefined);
    return await boundedImported(() => bounded(() => verifyImportedHash(password, stored, imported)));
  };
  const verifyOwn = async (password: string, phc: string | undefined): Promise<boolean> => {
    const matches = await bounded(() => verify(phc ?? nobodysHash, preparedPassword(password)));
    return matches && phc !== undefined;
  };
  return {
    hash: (password) => bounded(() => hash(preparedPassword(password), parameters)),
    verify: (password, stored) =>
      stored === undefined || isPresentHash(stored) ? verifyOwn(password, stored) : verifyOther(password, stored),
  };
}
