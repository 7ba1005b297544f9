import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccessKey } from '../../../src/domain/access-keys/access-key-operations.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { getUser } from '../../../src/domain/users/get-user.ts';
import { listUsers } from '../../../src/domain/users/list-users.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
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

const create = (...users: unknown[]) => performOperation(harness.deps, account.admin, createUser, { users });
const update = (userName: string, changes: unknown) =>
  performOperation(harness.deps, account.admin, updateUser, { user: { userName }, changes });
const remove = (userName: string, cascade = false) =>
  performOperation(harness.deps, account.admin, deleteUser, { user: { userName }, cascade });
const rowOf = (userName: string) => userRow(harness.deps.db, account.accountId, userName);

describe('creating', () => {
  test('answers the user, its logon name and address, and nothing secret unless asked for', async () => {
    const { items } = await create({
      userName: 'Alice',
      displayName: '愛麗絲',
      email: 'a@example.com',
      mobilePhone: '86-18600000000',
    });
    const logonName = `Alice@${account.alias}.logon.example.com`;
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ logonName, logonUrl: `https://id.example.com/${account.alias}` });
    expect(items[0]?.user).toMatchObject({
      userName: 'Alice',
      displayName: '愛麗絲',
      logonName,
      status: 'active',
      comments: null,
    });
    expect(items[0]?.user.userId).toMatch(/^[1-9][0-9]{17}$/);
    expect(items[0]).toMatchObject({ initialPassword: undefined, accessKey: undefined });
  });

  test('with console logon generates a password that must be reset and dies after seven days by the database clock', async () => {
    const { items } = await create({ userName: 'alice', displayName: 'Alice', consoleLogon: {} });
    const password = items[0]?.initialPassword ?? '';
    expect(password.length).toBeGreaterThanOrEqual(20);
    const profile = await profileOf(items[0]?.user.userId ?? '');
    expect(profile).toMatchObject({ resetRequired: true, mfaRequired: false, status: 'active', expiresInDays: 7 });
    expect(await harness.deps.passwordHasher.verify(password, profile?.passwordHash)).toBe(true);
  });

  test('with a given password does not send it back, and with programmatic access shows the key once', async () => {
    const password = 'correct horse battery';
    const { items } = await create({
      userName: 'alice',
      displayName: 'Alice',
      consoleLogon: { password, resetRequired: false, mfaRequired: true },
      programmaticAccess: true,
    });
    expect(items[0]?.initialPassword).toBeUndefined();
    expect(items[0]?.accessKey).toMatchObject({
      id: expect.stringMatching(/^PSTK.{20}$/),
      secret: expect.stringMatching(/^.{30}$/),
    });
    const profile = await profileOf(items[0]?.user.userId ?? '');
    expect(profile).toMatchObject({ resetRequired: false, mfaRequired: true, expiresInDays: null });
    const stored = JSON.stringify([profile, await eventsOf(harness.deps.db, account.accountId)]);
    for (const secret of [password, items[0]?.accessKey?.secret ?? '-']) expect(stored).not.toContain(secret);
  });

  test.each([
    ['the same name', ['alice']],
    ['the name in another case', ['ALICE']],
    ['one of several', ['bob', 'Alice', 'carol']],
    ['a name twice in one array', ['bob', 'BOB']],
  ])('is all or nothing when a name is taken: %s', async (_case, names) => {
    await create({ userName: 'alice', displayName: 'Alice' });
    const error = await refusal(create(...names.map((userName) => ({ userName, displayName: 'x' }))));
    expect(error.code).toBe('EntityAlreadyExists.User');
    expect(error.faults).toHaveLength(1);
    expect(await rowOf('bob')).toBeUndefined();
    expect((await rowOf('alice'))?.userName).toBe('alice');
  });

  test.each([
    ['no name', { userName: undefined }, 'MissingParameter.UserName'],
    ['an empty name', { userName: '' }, 'InvalidParameter.UserName.Length'],
    ['a name of 65', { userName: 'a'.repeat(65) }, 'InvalidParameter.UserName.Length'],
    ['a name with a space', { userName: 'a b' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a name with a slash', { userName: 'a/b' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a name with an at', { userName: 'a@b' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a name with a line end', { userName: 'alice\n' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a name of letters beyond ASCII', { userName: 'älice' }, 'InvalidParameter.UserName.InvalidChars'],
    ['one dot', { userName: '.' }, 'InvalidParameter.UserName.InvalidChars'],
    ['dots only', { userName: '...' }, 'InvalidParameter.UserName.InvalidChars'],
    ['a number for a name', { userName: 7 }, 'InvalidParameter.UserName.Type'],
    ['an empty display name', { displayName: '' }, 'InvalidParameter.DisplayName.Length'],
    ['a display name of 129', { displayName: 'a'.repeat(129) }, 'InvalidParameter.DisplayName.Length'],
    ['a display name with NUL', { displayName: 'a\u0000' }, 'InvalidParameter.DisplayName.InvalidChars'],
    [
      'a display name that turns the text around',
      { displayName: 'a\u202eb' },
      'InvalidParameter.DisplayName.InvalidChars',
    ],
    ['half a surrogate', { displayName: '\ud800' }, 'InvalidParameter.DisplayName.InvalidChars'],
    ['no e-mail address', { email: 'alice' }, 'InvalidParameter.Email.Format'],
    ['a phone number without a country', { mobilePhone: '18600000000' }, 'InvalidParameter.MobilePhone.Format'],
    ['comments of 129', { comments: 'a'.repeat(129) }, 'InvalidParameter.Comments.Length'],
    ['a weak password', { consoleLogon: { password: 'password1' } }, 'InvalidParameter.Password.TooWeak'],
    [
      'a password with the name in it',
      { consoleLogon: { password: 'xx-ALICE-xx-99' } },
      'InvalidParameter.Password.TooWeak',
    ],
    ['a field that nobody may set', { userId: '1' }, 'InvalidParameter.UnknownField'],
    ['a prototype', JSON.parse('{"__proto__":{"a":1}}') as object, 'InvalidParameter.UnknownField'],
  ])('refuses %s', async (_case, fault, code) => {
    const user = Object.defineProperties(
      { userName: 'alice', displayName: 'Alice' },
      Object.getOwnPropertyDescriptors(fault),
    );
    const error = await refusal(create(user));
    expect(error.faults.map((one) => one.code)).toContain(code);
    expect(await rowOf('alice')).toBeUndefined();
  });

  test('tells all faults of all users at once, each where it stands', async () => {
    const error = await refusal(
      create({ userName: 'a b', displayName: '' }, { userName: 'ok', displayName: 'x', email: 'no', colour: 1 }),
    );
    expect(error.code).toBe('InvalidParameter');
    expect(error.faults.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/users/0/displayName',
      '/users/0/userName',
      '/users/1/colour',
      '/users/1/email',
    ]);
  });

  test.each([
    ['none', 0],
    ['more than a hundred', 101],
  ])('refuses an array of %s', async (_case, length) => {
    const users = Array.from({ length }, (_, index) => ({ userName: `u${index}`, displayName: 'x' }));
    expect((await refusal(create(...users))).faults.map(({ code }) => code)).toEqual(['InvalidParameter.Users.Length']);
    expect(await rowOf('u0')).toBeUndefined();
  });

  test('takes the longest of everything', async () => {
    const { items } = await create({
      userName: 'a'.repeat(64),
      displayName: '𝒜'.repeat(128),
      comments: 'c'.repeat(128),
    });
    expect(items[0]?.user.displayName).toBe('𝒜'.repeat(128));
  });
});

describe('finding', () => {
  test('by name without case and by id gives the same user, shown as typed', async () => {
    const { items } = await create({ userName: 'Alice', displayName: 'Alice' });
    const userId = items[0]?.user.userId;
    for (const user of [{ userName: 'aLICE' }, { userId }]) {
      expect(await performOperation(harness.deps, account.admin, getUser, { user })).toMatchObject({
        userId,
        userName: 'Alice',
      });
    }
  });

  test.each([{}, { userName: 'a', userId: '999999999999999999' }, { userId: 'x' }, { userName: '..' }])(
    'refuses the selector %j',
    async (user) => {
      expect((await refusal(performOperation(harness.deps, account.admin, getUser, { user }))).code).toBe(
        'InvalidParameter',
      );
    },
  );
});

describe('listing', () => {
  const list = (input: unknown) => performOperation(harness.deps, account.admin, listUsers, input);

  test('walks all users page by page, each once, in the order of names', async () => {
    await create(...['delta', 'Bravo', 'charlie', 'alpha'].map((userName) => ({ userName, displayName: 'x' })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ userName }) => userName));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['admin', 'alpha', 'Bravo', 'charlie', 'delta']);
  });

  test('finds what is asked for literally, in name, display name and e-mail', async () => {
    await create(
      { userName: 'a_b', displayName: 'x' },
      { userName: 'axb', displayName: '100%' },
      { userName: 'c', displayName: 'y', email: 'some@EXAMPLE.org' },
    );
    const names = async (q: string) => (await list({ q })).items.map(({ userName }) => userName);
    expect(await names('a_b')).toEqual(['a_b']);
    expect(await names('%')).toEqual(['axb']);
    expect(await names('example.ORG')).toEqual(['c']);
    expect(await names("' or true --")).toEqual([]);
  });

  test('filters by status', async () => {
    await create({ userName: 'alice', displayName: 'x' });
    await update('alice', { status: 'frozen' });
    expect((await list({ status: 'frozen' })).items.map(({ userName }) => userName)).toEqual(['alice']);
    expect((await list({ status: 'active' })).items.map(({ userName }) => userName)).toEqual(['admin']);
  });

  test('shows no other account', async () => {
    const other = await newAccount(harness);
    await newUser(harness.deps.db, other.accountId, 'stranger');
    expect((await list({ q: 'stranger' })).items).toEqual([]);
  });

  test.each([{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { status: 'deleted' }, { q: 'a\u0000' }, { cursor: 'x' }])(
    'refuses %j',
    async (input) => {
      expect((await refusal(list(input))).code).toBe('InvalidParameter');
    },
  );

  test('refuses a cursor that was changed, or is of another filter or account', async () => {
    await create({ userName: 'alice', displayName: 'x' });
    const { nextCursor = '' } = await list({ limit: 1 });
    const at = nextCursor.length - 5;
    const changed = `${nextCursor.slice(0, at)}${nextCursor[at] === 'A' ? 'B' : 'A'}${nextCursor.slice(at + 1)}`;
    const other = await newAccount(harness);
    const attempts = [
      list({ cursor: changed }),
      list({ cursor: nextCursor.slice(0, -3) }),
      list({ cursor: nextCursor, q: 'a' }),
      performOperation(harness.deps, other.admin, listUsers, { cursor: nextCursor }),
    ];
    for (const attempt of attempts) {
      expect((await refusal(attempt)).faults.map(({ code }) => code)).toEqual(['InvalidParameter.Cursor.Format']);
    }
    expect(nextCursor).not.toContain('admin');
  });
});

describe('changing', () => {
  test('renames and describes; the id stays, null removes', async () => {
    await create({ userName: 'alice', displayName: 'Alice', comments: 'old' });
    const before = await rowOf('alice');
    const after = await update('alice', { userName: 'Alicia', comments: null, email: 'a@example.com' });
    expect(after).toMatchObject({
      userId: before?.userId,
      userName: 'Alicia',
      displayName: 'Alice',
      comments: null,
      email: 'a@example.com',
    });
    expect(after.logonName).toBe(`Alicia@${account.alias}.logon.example.com`);
    expect(await rowOf('alice')).toBeUndefined();
    expect((await rowOf('alicia'))?.epoch).toBe(before?.epoch);
  });

  test('may change the case of a name, but not take the name of another', async () => {
    await create({ userName: 'alice', displayName: 'x' }, { userName: 'bob', displayName: 'x' });
    expect((await update('alice', { userName: 'ALICE' })).userName).toBe('ALICE');
    const error = await refusal(update('bob', { userName: 'Alice', displayName: 'Bobby' }));
    expect(error).toMatchObject({ code: 'EntityAlreadyExists.User', faults: [{ pointer: '/changes/userName' }] });
    expect(await rowOf('bob')).toMatchObject({ userName: 'bob', displayName: 'x' });
  });

  test('freezing ends everything of the user at once; thawing brings nothing back', async () => {
    await create({ userName: 'alice', displayName: 'x' });
    const before = await rowOf('alice');
    expect((await update('alice', { status: 'frozen' })).status).toBe('frozen');
    const frozen = await rowOf('alice');
    expect(frozen?.epoch).toBeGreaterThan(before?.epoch ?? 0);
    expect(frozen?.revision).toBeGreaterThan(before?.revision ?? 0);
    await update('alice', { status: 'active' });
    expect((await rowOf('alice'))?.epoch).toBe(frozen?.epoch);
  });

  test.each([
    [{ userId: '1' }],
    [{ displayName: null }],
    [{ status: 'deleted' }],
    [{ createdAt: '2020-01-01' }],
    [null],
    [[]],
  ])('refuses %j', async (changes) => {
    await create({ userName: 'alice', displayName: 'x' });
    const before = await rowOf('alice');
    expect((await refusal(update('alice', changes))).code).toBe('InvalidParameter');
    expect(await rowOf('alice')).toEqual(before);
  });

  test('of one who is not there is refused', async () => {
    expect((await refusal(update('nobody', { displayName: 'x' }))).code).toBe('EntityNotExist.User');
  });
});

describe('deleting', () => {
  test('names everything that hangs on the user at once, and removes nothing', async () => {
    await create({ userName: 'alice', displayName: 'x', consoleLogon: {} });
    await performOperation(harness.deps, account.admin, createAccessKey, { userName: 'alice' });
    const error = await refusal(remove('alice'));
    expect(error.code).toBe('DeleteConflict.User');
    expect(error.faults.map(({ code }) => code)).toEqual([
      'DeleteConflict.User.LoginProfile',
      'DeleteConflict.User.AccessKey',
    ]);
    expect(await rowOf('alice')).toBeDefined();
  });

  test('with cascade takes all of it along, and is content when repeated', async () => {
    const { items } = await create({ userName: 'alice', displayName: 'x', consoleLogon: {}, programmaticAccess: true });
    const userId = items[0]?.user.userId ?? '';
    expect(await remove('alice', true)).toEqual({ deletedUserId: userId });
    expect(await remove('alice', true)).toEqual({ deletedUserId: undefined });
    expect(await rowOf('alice')).toBeUndefined();
    expect(await profileOf(userId)).toBeUndefined();
  });

  test('of one who is not there is refused without cascade', async () => {
    expect((await refusal(remove('nobody'))).code).toBe('EntityNotExist.User');
  });
});

const profileOf = (userId: string) => loginProfileOf(harness.deps.db, userId);
