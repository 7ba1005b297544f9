import { afterAll, beforeAll, expect, test } from 'vitest';
import { HashingOverloadedError, type PasswordHasher } from '../../../src/crypto/password-hashing.ts';
import { takeTry, type ThrottledTry } from '../../../src/domain/throttle/throttle.ts';
import { verifyTriedPassword } from '../../../src/domain/throttle/tried-password.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openEmbeddedPair } from '../../support/store-pairs.ts';

let store: EphemeralStore;
let close: () => Promise<void>;
beforeAll(async () => {
  const { stores, close: closeBoth } = await openEmbeddedPair();
  [store, close] = [stores[0], closeBoth];
});
afterAll(() => close());

type Verify = PasswordHasher['verify'];
const hasherThat = (verify: Verify): PasswordHasher => ({ verify, hash: () => Promise.reject(new Error('not asked')) });

/** Tries as often as it may; answers how often that was. */
async function triesUntilRefused(counted: ThrottledTry, verify: Verify): Promise<number> {
  for (let tries = 0; tries < 30; tries += 1) {
    if ((await takeTry(store, counted)) !== undefined) return tries;
    const deps = { ephemeral: store, passwordHasher: hasherThat(verify) };
    await verifyTriedPassword(deps, { password: 'guess', hash: undefined, counted }).catch(() => undefined);
  }
  return Infinity;
}

const tried = (userName: string, change: Partial<ThrottledTry> = {}): ThrottledTry => ({
  ...{ accountId: '1', factor: 'password', sourceIp: '192.0.2.1', userName },
  ...change,
});

test.each([
  ['a stranger', tried('stranger')],
  ['the owner on a known device', tried('owner', { knownDevice: 'dev_1' })],
])('what too many waiting hashes turned away uses up no try of %s', async (_who, counted) => {
  const turnedAway: Verify = () => Promise.reject(new HashingOverloadedError('too many'));
  expect(await triesUntilRefused(counted, turnedAway)).toBe(Infinity);
  // Every other end of a try counts.
  expect(await triesUntilRefused(counted, () => Promise.resolve(false))).toBe(10);
});

test('a failure of another kind may have evaluated it, so it counts', async () => {
  expect(await triesUntilRefused(tried('unlucky'), () => Promise.reject(new Error('away')))).toBe(10);
});
