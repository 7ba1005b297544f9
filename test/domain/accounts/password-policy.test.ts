import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  getPasswordPolicy,
  setPasswordPolicy,
  updatePasswordPolicy,
} from '../../../src/domain/accounts/password-policy-operations.ts';
import { updateSecurityPreferences } from '../../../src/domain/accounts/security-preference-operations.ts';
import { putLoginProfile } from '../../../src/domain/login-profiles/put-login-profile.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import {
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
beforeAll(async () => {
  harness = await openHarness();
});
beforeEach(async () => {
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const read = (of = account) => performOperation(harness.deps, of.admin, getPasswordPolicy, {});
const set = (policy: unknown) => performOperation(harness.deps, account.admin, setPasswordPolicy, { policy });
const update = (policy: unknown) => performOperation(harness.deps, account.admin, updatePasswordPolicy, { policy });

const ram = {
  minimumPasswordLength: 8,
  requireLowercaseCharacters: false,
  requireUppercaseCharacters: false,
  requireNumbers: false,
  requireSymbols: false,
  maxPasswordAge: 0,
  hardExpire: false,
  passwordReusePrevention: 0,
  maxLoginAttemps: 0,
  minimumPasswordDifferentCharacter: 0,
  passwordNotContainUserName: false,
};

describe('the password policy', () => {
  test('is the preset nist until it is set', async () => {
    expect(await read()).toMatchObject({ ...ram, passwordNotContainUserName: true, preset: 'nist' });
  });

  test('can be set to a preset, to fields over a preset, and to fields over the default', async () => {
    expect(await set({ preset: 'ram' })).toMatchObject({ ...ram, preset: 'ram' });
    expect(await set({ preset: 'ram', maxPasswordAge: 90 })).toMatchObject({
      ...ram,
      maxPasswordAge: 90,
      preset: null,
    });
    expect(await set({ requireNumbers: true })).toMatchObject({
      ...{ ...ram, passwordNotContainUserName: true, requireNumbers: true, preset: null },
    });
    expect(await read()).toMatchObject({ maxPasswordAge: 0, requireNumbers: true });
  });

  test('changed, keeps what is not named', async () => {
    await set({ preset: 'ram', minimumPasswordLength: 12 });
    expect(await update({ maxPasswordAge: 30 })).toMatchObject({ minimumPasswordLength: 12, maxPasswordAge: 30 });
    expect(await update({})).toMatchObject({ minimumPasswordLength: 12, maxPasswordAge: 30 });
    expect(await update({ preset: 'nist' })).toMatchObject({
      minimumPasswordLength: 8,
      maxPasswordAge: 0,
      preset: 'nist',
    });
  });

  test('changed by twenty at once, keeps what each of them changed', async () => {
    const fields = ['requireNumbers', 'requireSymbols', 'requireLowercaseCharacters', 'requireUppercaseCharacters'];
    await Promise.all(Array.from({ length: 20 }, (_none, at) => update({ [fields[at % 4] ?? '']: true })));
    expect(await read()).toMatchObject(Object.fromEntries(fields.map((field) => [field, true])));
  });

  test('is the account’s own', async () => {
    const other = await newAccount(harness);
    await set({ preset: 'ram' });
    expect((await read(other)).preset).toBe('nist');
  });

  test.each([
    [{ minimumPasswordLength: 7 }, 'MinimumPasswordLength'],
    [{ minimumPasswordLength: 65 }, 'MinimumPasswordLength'],
    [{ minimumPasswordLength: 8.5 }, 'MinimumPasswordLength'],
    [{ maxPasswordAge: -1 }, 'MaxPasswordAge'],
    [{ maxPasswordAge: 1096 }, 'MaxPasswordAge'],
    [{ passwordReusePrevention: 25 }, 'PasswordReusePrevention'],
    [{ maxLoginAttemps: 33 }, 'MaxLoginAttemps'],
    [{ minimumPasswordDifferentCharacter: 9 }, 'MinimumPasswordDifferentCharacter'],
    [{ requireNumbers: 'yes' }, 'RequireNumbers'],
    [{ preset: 'none' }, 'Preset'],
    [{ initialPasswordAge: 3 }, 'UnknownField'],
  ])('refuses %j and stays as it was', async (input, name) => {
    await set({ preset: 'ram' });
    for (const attempt of [set, update]) {
      const { code, faults } = await refusal(attempt(input));
      expect(code).toBe('InvalidParameter');
      expect(faults.map((fault) => fault.code).join()).toContain(name);
    }
    expect(await read()).toMatchObject({ ...ram, preset: 'ram' });
  });

  test('is changed by who may, and the audit log tells what was set', async () => {
    const reader = await newUser(harness.deps.db, account.accountId, 'reader', ['AliyunRAMReadOnlyAccess']);
    expect((await performOperation(harness.deps, reader, getPasswordPolicy, {})).preset).toBe('nist');
    const denied = performOperation(harness.deps, reader, updatePasswordPolicy, { policy: { preset: 'ram' } });
    expect((await refusal(denied)).code).toBe('NoPermission');
    expect((await read()).preset).toBe('nist');
    await update({ minimumPasswordLength: 16 });
    const events = await eventsOf(harness.deps.db, account.accountId);
    expect(events.map(({ action, outcome, details }) => ({ action, outcome, details }))).toMatchObject([
      { action: 'ram:SetPasswordPolicy', outcome: 'refused' },
      { action: 'ram:SetPasswordPolicy', outcome: 'success', details: { changes: { minimumPasswordLength: 16 } } },
    ]);
    expect(events[0]?.resource).toBe(`acs:ram:*:${account.accountId}:*`);
  });
});

describe('warnings', () => {
  const warned = async () => (await read()).warnings.map(({ field }) => field);

  test('name every field that contradicts NIST', async () => {
    await set({
      preset: 'ram',
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      minimumPasswordDifferentCharacter: 4,
      maxPasswordAge: 90,
      hardExpire: true,
    });
    expect(new Set(await warned())).toEqual(
      new Set([
        ...['minimumPasswordLength', 'requireLowercaseCharacters', 'requireUppercaseCharacters', 'requireNumbers'],
        ...['requireSymbols', 'minimumPasswordDifferentCharacter', 'maxPasswordAge', 'hardExpire'],
        'passwordNotContainUserName',
      ]),
    );
  });

  test('fall silent about the length where it is long enough, or a second factor is mandatory', async () => {
    expect(await warned()).toEqual(['minimumPasswordLength']);
    await set({ minimumPasswordLength: 15 });
    expect(await warned()).toEqual([]);
    await set({ preset: 'nist' });
    await performOperation(harness.deps, account.admin, updateSecurityPreferences, {
      changes: { mfaOperationForLogin: 'mandatory' },
    });
    expect(await warned()).toEqual([]);
  });
});

describe('a stricter policy', () => {
  const strict = {
    ...{ minimumPasswordLength: 20, requireUppercaseCharacters: true, requireNumbers: true, requireSymbols: true },
    ...{ requireLowercaseCharacters: true, minimumPasswordDifferentCharacter: 8 },
  };
  const create = (password?: string) =>
    performOperation(harness.deps, account.admin, createUser, {
      users: [{ userName: 'alice', displayName: 'A', consoleLogon: password === undefined ? {} : { password } }],
    });

  test('binds passwords of new users, who are told every rule they break at once', async () => {
    await set(strict);
    const { code, faults } = await refusal(create('aaaabbbbb'));
    expect(code).toBe('InvalidParameter.Password.TooWeak');
    expect(faults.map(({ pointer }) => pointer)).toEqual(Array(5).fill('/users/0/consoleLogon/password'));
    expect(await userRow(harness.deps.db, account.accountId, 'alice')).toBeUndefined();
    await create('Correct-horse-battery-7');
  });

  test('binds passwords that an administrator sets, and leaves the one there is', async () => {
    await create('plain old words');
    await set(strict);
    const put = (profile: unknown) =>
      performOperation(harness.deps, account.admin, putLoginProfile, { userName: 'alice', profile });
    const { userId = '' } = (await userRow(harness.deps.db, account.accountId, 'alice')) ?? {};
    const before = await loginProfileOf(harness.deps.db, userId);
    expect((await refusal(put({ password: 'other plain old words' }))).code).toBe('InvalidParameter.Password.TooWeak');
    expect(await loginProfileOf(harness.deps.db, userId)).toEqual(before);
    await put({ mfaRequired: true });
    expect((await loginProfileOf(harness.deps.db, userId))?.passwordHash).toBe(before?.passwordHash);
  });

  test.each([
    ['minimumPasswordDifferentCharacter', 8, 'abab abab abab', 'many different letters'],
    ['minimumPasswordLength', 15, 'fourteen chars', 'sixteen letters.'],
    ['requireNumbers', true, 'no digits in here', '1 digit in here'],
    ['passwordNotContainUserName', true, 'here alice is named', 'here nobody is named'],
  ])('%s: %j binds also a lasting password that an administrator sets', async (field, value, weak, strong) => {
    await create('plain old words');
    await set({ preset: 'ram', [field]: value });
    const { userId = '' } = (await userRow(harness.deps.db, account.accountId, 'alice')) ?? {};
    const put = (password: string, resetRequired: boolean) =>
      performOperation(harness.deps, account.admin, putLoginProfile, {
        userName: 'alice',
        profile: { password, resetRequired },
      });
    const before = await loginProfileOf(harness.deps.db, userId);
    for (const resetRequired of [true, false]) {
      expect((await refusal(put(weak, resetRequired))).code).toBe('InvalidParameter.Password.TooWeak');
      expect(await loginProfileOf(harness.deps.db, userId)).toEqual(before);
    }
    await put(strong, false);
    const after = await loginProfileOf(harness.deps.db, userId);
    expect(await harness.deps.passwordHasher.verify(strong, after?.passwordHash)).toBe(true);
    expect(after?.resetRequired).toBe(false);
  });

  test('is met by every generated password, up to the greatest length', async () => {
    await set({ ...strict, minimumPasswordLength: 64 });
    const { items } = await create();
    const password = items[0]?.initialPassword ?? '';
    expect(password.length).toBeGreaterThanOrEqual(64);
    await performOperation(harness.deps, account.admin, putLoginProfile, { userName: 'alice', profile: { password } });
  });

  test('may be laxer on the user name, but never takes the name itself', async () => {
    await set({ preset: 'ram' });
    await performOperation(harness.deps, account.admin, createUser, {
      users: [{ userName: 'bob.roe', displayName: 'B', consoleLogon: { password: 'xx-bob.roe-xx' } }],
    });
    const same = performOperation(harness.deps, account.admin, createUser, {
      users: [{ userName: 'carol.roe', displayName: 'C', consoleLogon: { password: 'Carol.Roe' } }],
    });
    expect((await refusal(same)).code).toBe('InvalidParameter.Password.TooWeak');
  });
});
