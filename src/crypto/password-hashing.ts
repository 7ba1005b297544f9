import { hash, verify } from '@node-rs/argon2';

/** argon2id with 19 MiB, two passes, one lane: OWASP's first choice and the product's floor. */
// 2 is argon2id: the library's const enum cannot be named under type stripping.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

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

/** Hashes and verifies passwords, a bounded number at a time. */
export interface PasswordHasher {
  /** Answers a PHC string. */
  hash(password: string): Promise<string>;
  /** `phc` undefined: no such password; takes as long as a wrong one and answers false. */
  verify(password: string, phc: string | undefined): Promise<boolean>;
}

/**
 * Makes a hasher. Each running hash holds 19 MiB and a thread; `parallel` bounds them, `queueLimit` bounds those who wait.
 * Beyond it calls reject with `HashingOverloadedError` at once.
 */
export function createPasswordHasher({
  parallel,
  queueLimit,
}: {
  parallel: number;
  queueLimit: number;
}): PasswordHasher {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (running < parallel) {
      running += 1;
      return;
    }
    if (waiting.length >= queueLimit) throw new HashingOverloadedError('too many password hashes are waiting');
    // The one who leaves hands its place over, so `running` stays as it is.
    await new Promise<void>((resume) => waiting.push(resume));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };

  return {
    hash: (password) => bounded(() => hash(password, parameters)),
    verify: async (password, phc) => {
      const matches = await bounded(() => verify(phc ?? nobodysHash, password));
      return matches && phc !== undefined;
    },
  };
}
