import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccessKey } from '../../src/domain/access-keys/access-key-operations.ts';
import type { AppError } from '../../src/domain/app-error.ts';
import { changeOwnPassword } from '../../src/domain/login-profiles/change-own-password.ts';
import { putLoginProfile } from '../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../src/domain/operation.ts';
import { defaultQuotas } from '../../src/domain/accounts/quotas.ts';
import { createUser } from '../../src/domain/users/create-user.ts';
import { deleteUser } from '../../src/domain/users/delete-user.ts';
import { updateUser } from '../../src/domain/users/update-user.ts';
import { databaseServers } from './database-servers.ts';
import {
  callerOf,
  eventsOf,
  type Harness,
  loginProfileOf,
  newAccount,
  newUser,
  type TestAccount,
  userRow,
} from './operation-harness.ts';

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((one) => (one.status === 'fulfilled' ? 'done' : String((one.reason as AppError).code))).toSorted();

describe.each(databaseServers)('at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
  });
  beforeEach(async () => {
    account = await newAccount(harness);
  });
  afterAll(() => harness.close());

  const create = (userName: string) =>
    performOperation(harness.deps, account.admin, createUser, { users: [{ userName, displayName: 'x' }] });
  const rename = (from: string, userName: string) =>
    performOperation(harness.deps, account.admin, updateUser, { user: { userName: from }, changes: { userName } });

  test('twenty access keys for one user: exactly two are made', async () => {
    await create('alice');
    const attempts = Array.from({ length: 20 }, () =>
      performOperation(harness.deps, account.admin, createAccessKey, { userName: 'alice' }),
    );
    const codes = codesOf(await Promise.allSettled(attempts));
    expect(codes).toEqual([...Array<string>(18).fill('LimitExceeded.User.AccessKey'), 'done', 'done']);
  });

  test('more users than the quota has room for: exactly as many as there is room', async () => {
    const free = 3;
    await harness.deps.db.execute(sql`
      insert into users (user_id, account_id, user_name, user_name_key, display_name)
      select '5' || lpad((${account.accountId}::bigint + n)::text, 17, '0'), ${account.accountId}, 'f' || n, 'f' || n, 'f'
      from generate_series(1, ${defaultQuotas.usersQuota - 1 - free}::int) as n`);
    const codes = codesOf(await Promise.allSettled(Array.from({ length: 6 }, (_, index) => create(`new${index}`))));
    expect(codes).toEqual([...Array<string>(3).fill('LimitExceeded.User'), ...Array<string>(free).fill('done')]);
  });

  test('the same name in different cases: one gets it', async () => {
    const codes = codesOf(await Promise.allSettled(['alice', 'Alice', 'ALICE', 'aLICE'].map(create)));
    expect(codes).toEqual([...Array<string>(3).fill('EntityAlreadyExists.User'), 'done']);
  });

  test('two users who take each other’s names: both keep their own', async () => {
    await create('alice');
    await create('bob');
    for (let round = 0; round < 20; round += 1) {
      const codes = codesOf(await Promise.allSettled([rename('alice', 'bob'), rename('bob', 'alice')]));
      expect(codes).toEqual(['EntityAlreadyExists.User', 'EntityAlreadyExists.User']);
    }
  });

  test('a key for a user who is being deleted: the key goes too, or is refused', async () => {
    await create('alice');
    const codes = codesOf(
      await Promise.allSettled([
        performOperation(harness.deps, account.admin, deleteUser, { user: { userName: 'alice' }, cascade: true }),
        performOperation(harness.deps, account.admin, createAccessKey, { userName: 'alice' }),
      ]),
    );
    expect(codes.filter((code) => code !== 'done' && code !== 'EntityNotExist.User')).toEqual([]);
    expect(await userRow(harness.deps.db, account.accountId, 'alice')).toBeUndefined();
  });

  test('several first login profiles: one password is handed over, and it is the one that works', async () => {
    await create('alice');
    const attempts = Array.from({ length: 4 }, () =>
      performOperation(harness.deps, account.admin, putLoginProfile, { userName: 'alice', profile: {} }),
    );
    const passwords = (await Promise.all(attempts)).flatMap(({ initialPassword }) => initialPassword ?? []);
    const userId = (await userRow(harness.deps.db, account.accountId, 'alice'))?.userId ?? '';
    const stored = (await loginProfileOf(harness.deps.db, userId))?.passwordHash;
    expect(passwords).toHaveLength(1);
    expect(await harness.deps.passwordHasher.verify(passwords[0] ?? '', stored)).toBe(true);
  });

  test('two changes of one’s own password: one happens', async () => {
    const alice = await newUser(harness.deps.db, account.accountId, 'alice');
    const oldPassword = 'correct horse battery';
    const profile = { password: oldPassword, resetRequired: false };
    await performOperation(harness.deps, account.admin, putLoginProfile, { userName: 'alice', profile });
    const attempts = ['first new words', 'second new words'].map((newPassword) =>
      performOperation(harness.deps, callerOf(account.accountId, alice.userId, 'alice'), changeOwnPassword, {
        oldPassword,
        newPassword,
      }),
    );
    expect(codesOf(await Promise.allSettled(attempts))).toEqual(['InvalidOldPassword', 'done']);
  });

  test('a hundred changes of one user leave a hundred events', async () => {
    const attempts = Array.from({ length: 100 }, (_, index) =>
      performOperation(harness.deps, account.admin, updateUser, {
        user: { userName: 'admin' },
        changes: { comments: `change ${index}` },
      }),
    );
    await Promise.all(attempts);
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events.filter(({ outcome }) => outcome === 'success')).toHaveLength(100);
  });
});
