import { hash as hashArgon2 } from '@node-rs/argon2';
import { hash as hashBcrypt } from '@node-rs/bcrypt';
import { describe, expect, test } from 'vitest';
import { createPasswordHasher, HashingOverloadedError, isPresentHash } from '../../src/crypto/password-hashing.ts';

const password = 'correct horse battery';

describe('a password hash', () => {
  const hasher = createPasswordHasher({ parallel: 2, queueLimit: 10 });

  test('is argon2id with 19 MiB and two passes, another each time, and opens with its password alone', async () => {
    const [first, second] = [await hasher.hash(password), await hasher.hash(password)];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(first).not.toBe(second);
    expect(isPresentHash(first)).toBe(true);
    expect(await hasher.verify(password, first)).toBe(true);
    expect(await hasher.verify(`${password} `, first)).toBe(false);
  });

  test('that is not there opens with nothing', async () => {
    expect(await hasher.verify(password, undefined)).toBe(false);
    expect(await hasher.verify('', undefined)).toBe(false);
  });

  test.each([['none'], [''], ['$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW']])(
    'that cannot be read, or is not to be verified (%j), opens with nothing',
    async (stored) => {
      expect(await hasher.verify('U*U', stored)).toBe(false);
    },
  );

  test('of another system opens with its password, and is told from one of ours', async () => {
    const weaker = { algorithm: 2, memoryCost: 8192, timeCost: 1, parallelism: 1 } as const;
    for (const stored of [await hashBcrypt(password, 4), await hashArgon2(password, weaker)]) {
      expect(isPresentHash(stored)).toBe(false);
      expect(await hasher.verify(password, stored)).toBe(true);
      expect(await hasher.verify('something else', stored)).toBe(false);
    }
  });
});

describe('when many hash at once', () => {
  const settle = (promises: readonly Promise<unknown>[]) =>
    Promise.all(
      promises.map((promise) =>
        promise.then(
          () => 'done',
          (error: unknown) => (error instanceof HashingOverloadedError ? 'shed' : 'failed'),
        ),
      ),
    );

  test('those beyond the queue are turned away at once, the others all come through', async () => {
    const hasher = createPasswordHasher({ parallel: 1, queueLimit: 3 });
    const outcomes = await settle(Array.from({ length: 10 }, () => hasher.hash(password)));
    expect(outcomes).toEqual([...Array<string>(4).fill('done'), ...Array<string>(6).fill('shed')]);
    expect(await settle([hasher.hash(password)])).toEqual(['done']);
  });

  test('imported hashes are turned away before they crowd out our own', async () => {
    const hasher = createPasswordHasher({ parallel: 2, queueLimit: 8 });
    const imported = await hashBcrypt(password, 8);
    const own = await hasher.hash(password);
    const others = settle(Array.from({ length: 20 }, () => hasher.verify(password, imported)));
    const ours = settle(Array.from({ length: 4 }, () => hasher.verify(password, own)));
    expect(await ours).toEqual(Array<string>(4).fill('done'));
    const outcomes = await others;
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'shed')).toHaveLength(17);
  });
});
