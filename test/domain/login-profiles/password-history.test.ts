import { count, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setPasswordPolicy } from '../../../src/domain/accounts/password-policy-operations.ts';
import { changeOwnPassword } from '../../../src/domain/login-profiles/change-own-password.ts';
import { getLoginProfile } from '../../../src/domain/login-profiles/login-profile-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { passwordHistory } from '../../../src/storage/db/schema/password-history.ts';
import {
  type Harness,
  loginProfileOf,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
const password = (at: number) => `words of number ${at} here`;

beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
  await put({ password: password(0), resetRequired: false });
});
afterAll(() => harness.close());

const put = (profile: unknown, caller = account.admin, userName = 'alice') =>
  performOperation(harness.deps, caller, putLoginProfile, { userName, profile });
const setPolicy = (policy: unknown) => performOperation(harness.deps, account.admin, setPasswordPolicy, { policy });
const change = (from: number, to: number) =>
  performOperation(harness.deps, alice, changeOwnPassword, { oldPassword: password(from), newPassword: password(to) });
const opensWith = async (at: number) =>
  await harness.deps.passwordHasher.verify(
    password(at),
    (await loginProfileOf(harness.deps.db, alice.userId))?.passwordHash,
  );
const remembered = async () => {
  const [row] = await harness.deps.db
    .select({ hashes: count() })
    .from(passwordHistory)
    .where(eq(passwordHistory.userId, alice.userId));
  return row?.hashes;
};
const age = (days: number) =>
  harness.deps.db
    .update(loginProfiles)
    .set({ passwordSetAt: sql`now() - make_interval(days => ${days}::int, secs => 5)` })
    .where(eq(loginProfiles.userId, alice.userId));

describe('former passwords', () => {
  test('are not remembered unless the policy wants it', async () => {
    await change(0, 1);
    await change(1, 0);
    expect(await remembered()).toBe(0);
  });

  test('cannot be chosen again until as many others were', async () => {
    await setPolicy({ passwordReusePrevention: 2 });
    await change(0, 1);
    await change(1, 2);
    for (const former of [0, 1]) {
      expect((await refusal(change(2, former))).code).toBe('InvalidParameter.Password.TooWeak');
      expect(await opensWith(2)).toBe(true);
    }
    await change(2, 3);
    expect(await remembered()).toBe(2);
    await change(3, 0);
    expect(await opensWith(0)).toBe(true);
    expect((await refusal(change(0, 3))).code).toBe('InvalidParameter.Password.TooWeak');
  });

  test('are forgotten when the policy no longer wants them', async () => {
    await setPolicy({ passwordReusePrevention: 24 });
    await change(0, 1);
    await change(1, 2);
    expect(await remembered()).toBe(2);
    await setPolicy({ passwordReusePrevention: 0 });
    await change(2, 0);
    expect(await remembered()).toBe(0);
  });

  test('count also where an administrator replaced them, who may give one out for a first logon but not to last', async () => {
    await setPolicy({ passwordReusePrevention: 3 });
    await put({ password: password(1), resetRequired: false });
    expect(await remembered()).toBe(1);
    expect((await refusal(change(1, 0))).code).toBe('InvalidParameter.Password.TooWeak');
    for (const former of [0, 1]) {
      const lasting = put({ password: password(former), resetRequired: false });
      expect((await refusal(lasting)).faults).toMatchObject([{ pointer: '/profile/password' }]);
      expect(await opensWith(1)).toBe(true);
    }
    expect(await remembered()).toBe(1);
    await put({ password: password(0) });
    expect(await opensWith(0)).toBe(true);
  });

  test('cannot be brought back by setting one’s own login profile', async () => {
    await setPolicy({ passwordReusePrevention: 3 });
    await put({ password: password(0) }, account.admin, 'admin');
    await put({ password: password(1) }, account.admin, 'admin');
    const again = put({ password: password(0) }, account.admin, 'admin');
    expect((await refusal(again)).code).toBe('InvalidParameter.Password.TooWeak');
    const profile = await loginProfileOf(harness.deps.db, account.admin.userId);
    expect(await harness.deps.passwordHasher.verify(password(1), profile?.passwordHash)).toBe(true);
  });

  test('of racing changes one is made, and one password remembered', async () => {
    await setPolicy({ passwordReusePrevention: 5 });
    const outcomes = await Promise.allSettled([change(0, 1), change(0, 2), change(0, 3), change(0, 4)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await remembered()).toBe(1);
  });

  test('are compared a bounded number of times for an administrator, too', async () => {
    await setPolicy({ passwordReusePrevention: 1 });
    for (let tries = 0; tries < 20; tries += 1) await refusal(put({ password: password(0), resetRequired: false }));
    expect((await refusal(put({ password: password(9), resetRequired: false }))).code).toBe('Throttling');
    expect(await opensWith(0)).toBe(true);
  });

  test('are compared a bounded number of times, then the caller waits', async () => {
    await setPolicy({ passwordReusePrevention: 1 });
    for (let tries = 0; tries < 20; tries += 1)
      await performOperation(harness.deps, alice, changeOwnPassword, {
        oldPassword: password(tries),
        newPassword: password(tries + 1),
      });
    expect((await refusal(change(20, 21))).code).toBe('Throttling');
    expect(await opensWith(20)).toBe(true);
  });
});

describe('a password past its age', () => {
  const view = () => performOperation(harness.deps, account.admin, getLoginProfile, { userName: 'alice' });

  test('is told of in the login profile, by the policy as it is', async () => {
    expect((await view()).passwordExpiresAt).toBeNull();
    await setPolicy({ maxPasswordAge: 30 });
    const { passwordSetAt, passwordExpiresAt } = await view();
    expect((passwordExpiresAt?.getTime() ?? 0) - passwordSetAt.getTime()).toBe(30 * 86_400_000);
  });

  test('can still be changed by its owner, which gives it a new age', async () => {
    await setPolicy({ maxPasswordAge: 30 });
    await age(31);
    await change(0, 1);
    expect((await view()).passwordExpiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test('where it expires for good opens nothing, until an administrator sets another', async () => {
    await setPolicy({ maxPasswordAge: 30, hardExpire: true });
    await age(31);
    expect((await refusal(change(0, 1))).code).toBe('InvalidOldPassword');
    expect(await opensWith(0)).toBe(true);
    await put({ password: password(1), resetRequired: false });
    await change(1, 2);
  });

  test('expires for good no earlier than it says', async () => {
    await setPolicy({ maxPasswordAge: 30, hardExpire: true });
    await age(29);
    await change(0, 1);
    expect(await opensWith(1)).toBe(true);
  });
});

test('tries at the old password end where the policy says, on top of what is evaluated anyway', async () => {
  await setPolicy({ maxLoginAttemps: 3 });
  const wrong = () =>
    performOperation(harness.deps, alice, changeOwnPassword, { oldPassword: 'not this', newPassword: password(1) });
  for (let tries = 0; tries < 3; tries += 1) expect((await refusal(wrong())).code).toBe('InvalidOldPassword');
  const { code, retryAfterSeconds = 0 } = await refusal(change(0, 1));
  expect(code).toBe('Throttling');
  expect(retryAfterSeconds).toBeGreaterThan(900);
  expect(await opensWith(0)).toBe(true);
});
