import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeOwnPassword } from '../../../src/domain/login-profiles/change-own-password.ts';
import { deleteLoginProfile, getLoginProfile } from '../../../src/domain/login-profiles/login-profile-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import {
  callerOf,
  eventsOf,
  type Harness,
  loginProfileOf,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
  userRow,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let aliceId: string;
const firstPassword = 'correct horse battery';
const secondPassword = 'staple of many words';

beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
  const { items } = await performOperation(harness.deps, account.admin, createUser, {
    users: [{ userName: 'alice', displayName: 'A' }],
  });
  aliceId = items[0]?.user.userId ?? '';
});
afterAll(() => harness.close());

const put = (profile: unknown, caller = account.admin, userName = 'alice') =>
  performOperation(harness.deps, caller, putLoginProfile, { userName, profile });
const profile = () => loginProfileOf(harness.deps.db, aliceId);
const epoch = async () => (await userRow(harness.deps.db, account.accountId, 'alice'))?.epoch ?? 0;
const opensWith = async (password: string) =>
  await harness.deps.passwordHasher.verify(password, (await profile())?.passwordHash);

describe('putting a login profile', () => {
  test('where there is none generates a password that dies unused after seven days', async () => {
    const { loginProfile, initialPassword } = await put({});
    expect(loginProfile).toMatchObject({
      userName: 'alice',
      status: 'active',
      resetRequired: true,
      mfaRequired: false,
    });
    expect(await opensWith(initialPassword ?? '')).toBe(true);
    expect((await profile())?.expiresInDays).toBe(7);
  });

  test('keeps an existing password and whatever is not named, and ends what the user has open', async () => {
    const { initialPassword } = await put({ mfaRequired: true, resetRequired: false });
    const before = await profile();
    const epochBefore = await epoch();
    const answer = await put({ status: 'inactive' });
    expect(answer.initialPassword).toBeUndefined();
    expect(await profile()).toMatchObject({
      status: 'inactive',
      mfaRequired: true,
      resetRequired: false,
      passwordSetAt: before?.passwordSetAt,
    });
    expect(await opensWith(initialPassword ?? '')).toBe(true);
    expect(await epoch()).toBeGreaterThan(epochBefore);
  });

  test('with a given password takes it, does not send it back, and asks for a reset unless told otherwise', async () => {
    const answer = await put({ password: firstPassword });
    expect(answer.initialPassword).toBeUndefined();
    expect(await opensWith(firstPassword)).toBe(true);
    expect(await profile()).toMatchObject({ resetRequired: true, expiresInDays: 7 });
    await put({ password: secondPassword, resetRequired: false });
    expect(await opensWith(firstPassword)).toBe(false);
    expect(await profile()).toMatchObject({ resetRequired: false, expiresInDays: null });
    const told = JSON.stringify([answer, await eventsOf(harness.deps.db, account.accountId)]);
    for (const secret of [firstPassword, secondPassword]) expect(told).not.toContain(secret);
  });

  test('of one’s own asks for no reset, and the password lasts', async () => {
    await put({ password: firstPassword }, account.admin, 'admin');
    expect(await loginProfileOf(harness.deps.db, account.admin.userId)).toMatchObject({
      resetRequired: false,
      expiresInDays: null,
    });
  });

  test('can generate in place of an existing password', async () => {
    await put({ password: firstPassword });
    const { initialPassword } = await put({ generatePassword: true });
    expect(await opensWith(initialPassword ?? '')).toBe(true);
    expect(await opensWith(firstPassword)).toBe(false);
  });

  test.each([
    [{ password: 'short' }, 'InvalidParameter.Password.TooWeak'],
    [{ password: 'x-ALICE-in-there' }, 'InvalidParameter.Password.TooWeak'],
    [{ password: firstPassword, generatePassword: true }, 'InvalidParameter'],
    [{ passwordHash: 'x' }, 'InvalidParameter'],
    [{ password: 12_345_678 }, 'InvalidParameter'],
    [{ status: 'frozen' }, 'InvalidParameter'],
  ])('refuses %j and changes nothing', async (input, code) => {
    await put({ password: firstPassword });
    const before = await profile();
    expect((await refusal(put(input))).code).toBe(code);
    expect(await profile()).toEqual(before);
  });

  test('of somebody who is not there is refused', async () => {
    expect((await refusal(put({}, account.admin, 'nobody'))).code).toBe('EntityNotExist.User');
  });

  test('of a platform administrator needs more than the account’s administrator has', async () => {
    const platform = await newAccount(harness, { isPlatform: true });
    const target = await newUser(harness.deps.db, platform.accountId, 'root', [
      'AdministratorAccess',
      'PlatformAdministratorAccess',
    ]);
    const before = await loginProfileOf(harness.deps.db, target.userId);
    expect((await refusal(put({ password: firstPassword }, platform.admin, 'root'))).code).toBe('NoPermission');
    expect(await loginProfileOf(harness.deps.db, target.userId)).toEqual(before);
    await put({ password: firstPassword }, target, 'root');
  });

  test('by racing callers ends in one profile', async () => {
    const answers = await Promise.all([put({}), put({}), put({}), put({})]);
    const shown = answers.flatMap(({ initialPassword }) => initialPassword ?? []);
    expect(shown).toHaveLength(1);
    expect(await opensWith(shown[0] ?? '')).toBe(true);
  });
});

describe('reading and deleting a login profile', () => {
  test('never shows the password', async () => {
    await put({ password: firstPassword });
    const view = await performOperation(harness.deps, account.admin, getLoginProfile, { userName: 'ALICE' });
    expect(JSON.stringify(view)).not.toContain('argon2');
    expect(view.userName).toBe('alice');
  });

  test('deleting ends what the user has open; there is nothing then to read or delete', async () => {
    await put({});
    const before = await epoch();
    await performOperation(harness.deps, account.admin, deleteLoginProfile, { userName: 'alice' });
    expect(await epoch()).toBeGreaterThan(before);
    expect(await profile()).toBeUndefined();
    for (const operation of [getLoginProfile, deleteLoginProfile] as const) {
      const attempt = performOperation<{ userName: string }, undefined, unknown>(
        harness.deps,
        account.admin,
        operation,
        { userName: 'alice' },
      );
      expect((await refusal(attempt)).code).toBe('EntityNotExist.User.LoginProfile');
    }
  });
});

describe('changing one’s own password', () => {
  const change = (input: unknown) =>
    performOperation(harness.deps, callerOf(account.accountId, aliceId, 'alice'), changeOwnPassword, input);

  test('needs no policy, clears the forced reset and ends what is open', async () => {
    await put({ password: firstPassword });
    const before = await epoch();
    await change({ oldPassword: firstPassword, newPassword: secondPassword });
    expect(await opensWith(secondPassword)).toBe(true);
    expect(await profile()).toMatchObject({ resetRequired: false, expiresInDays: null });
    expect(await epoch()).toBeGreaterThan(before);
  });

  test.each([
    ['a wrong old password', { oldPassword: 'not this one', newPassword: secondPassword }, 'InvalidOldPassword'],
    ['a weak new one', { oldPassword: firstPassword, newPassword: 'qwerty123' }, 'InvalidParameter.Password.TooWeak'],
    [
      'the old one again',
      { oldPassword: firstPassword, newPassword: firstPassword },
      'InvalidParameter.Password.TooWeak',
    ],
    ['no old one', { newPassword: secondPassword }, 'InvalidParameter'],
  ])('is refused for %s', async (_case, input, code) => {
    await put({ password: firstPassword });
    const before = await epoch();
    expect((await refusal(change(input))).code).toBe(code);
    expect(await opensWith(firstPassword)).toBe(true);
    expect(await epoch()).toBe(before);
  });

  test('is refused where there is no login profile, it is switched off, or the initial password died unused', async () => {
    const input = { oldPassword: firstPassword, newPassword: secondPassword };
    expect((await refusal(change(input))).code).toBe('InvalidOldPassword');
    await put({ password: firstPassword, status: 'inactive' });
    expect((await refusal(change(input))).code).toBe('InvalidOldPassword');
    await put({ status: 'active' });
    await harness.deps.db
      .update(loginProfiles)
      .set({ initialPasswordExpiresAt: sql`now() - interval '1 second'` })
      .where(eq(loginProfiles.userId, aliceId));
    expect((await refusal(change(input))).code).toBe('InvalidOldPassword');
    expect(await opensWith(firstPassword)).toBe(true);
  });

  test('cannot be guessed: after ten wrong ones even the right one has to wait', async () => {
    await put({ password: firstPassword });
    for (let tries = 0; tries < 10; tries += 1)
      await refusal(change({ oldPassword: 'not this one', newPassword: secondPassword }));
    const error = await refusal(change({ oldPassword: firstPassword, newPassword: secondPassword }));
    expect(error.code).toBe('Throttling');
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
    expect(await opensWith(firstPassword)).toBe(true);
  });

  test('twice at once happens once', async () => {
    await put({ password: firstPassword });
    const attempts = ['first new words', 'second new words'].map((newPassword) =>
      change({ oldPassword: firstPassword, newPassword }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
