import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../src/domain/app-error.ts';
import { changeOwnPassword } from '../../../src/domain/login-profiles/change-own-password.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, loginProfileOf, newAccount, newUser, type TestAccount } from '../operation-harness.ts';

const rounds = 40;

describe.each(databaseServers)('a password changed from two sides, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
    account = await newAccount(harness);
  });
  afterAll(() => harness.close());

  test('its owner and an administrator never wait for one another for ever, and one password is the one there is', async () => {
    const alice = await newUser(harness.deps.db, account.accountId, 'alice');
    const put = (profile: Record<string, unknown>) =>
      performOperation(harness.deps, account.admin, putLoginProfile, { userName: 'alice', profile });
    const secret = (at: number) => `plain tall giraffe ${at}`;
    const faults: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await put({ password: secret(round), resetRequired: false });
      const change = { oldPassword: secret(round), newPassword: `own words ${round}` };
      const changing = { done: false };
      const changed = performOperation(harness.deps, alice, changeOwnPassword, change).finally(() => {
        changing.done = true;
      });
      // Without a password nothing is hashed: one after the other for as long as the owner's change takes, so that they meet.
      const putOn = async () => {
        while (!changing.done) {
          await put({ mfaRequired: round % 2 === 0 });
          // The embedded database works in this very thread: without a pause the hash would never be heard of.
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const outcomes = await Promise.allSettled([changed, putOn(), putOn()]);
      const reasons = outcomes.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
      faults.push(...reasons.filter((reason) => !(reason instanceof AppError)));
      const stored = (await loginProfileOf(harness.deps.db, alice.userId))?.passwordHash;
      const word = outcomes[0].status === 'fulfilled' ? change.newPassword : change.oldPassword;
      expect(await harness.deps.passwordHasher.verify(word, stored)).toBe(true);
    }
    expect(faults).toEqual([]);
  }, 120_000);
});
