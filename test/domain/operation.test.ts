import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccessKey } from '../../src/domain/access-keys/access-key-operations.ts';
import { performOperation } from '../../src/domain/operation.ts';
import { operations } from '../../src/domain/operations.ts';
import { createUser } from '../../src/domain/users/create-user.ts';
import { getOwnUser, getUser } from '../../src/domain/users/get-user.ts';
import { updateUser } from '../../src/domain/users/update-user.ts';
import {
  callerOf,
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  userRow,
} from './operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const alice = { userName: 'alice', displayName: 'Alice' };

describe('a change', () => {
  test('leaves one event: who, from where, what, on which resource', async () => {
    const { accountId, admin } = await newAccount(harness);
    await performOperation(harness.deps, admin, createUser, { users: [alice] });
    const events = await eventsOf(harness.deps.db, accountId);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      actorUserId: admin.userId,
      actorVia: 'token:app_test',
      sourceIp: '192.0.2.1',
      requestId: 'request-1',
      action: 'ram:CreateUser',
      resource: `acs:ram:*:${accountId}:user/alice`,
      outcome: 'success',
    });
  });

  test('without the right is refused, changes nothing and leaves an event of the refusal', async () => {
    const { accountId } = await newAccount(harness);
    const nobody = await newUser(harness.deps.db, accountId, 'nobody');
    const error = await refusal(performOperation(harness.deps, nobody, createUser, { users: [alice] }));
    expect(error.code).toBe('NoPermission');
    expect(await userRow(harness.deps.db, accountId, 'alice')).toBeUndefined();
    expect(await eventsOf(harness.deps.db, accountId)).toMatchObject([
      { actorUserId: nobody.userId, outcome: 'refused', details: { code: 'NoPermission' } },
    ]);
  });

  test('of a hundred things is refused in a few events that say how many there were', async () => {
    const { accountId } = await newAccount(harness);
    const nobody = await newUser(harness.deps.db, accountId, 'nobody');
    const users = Array.from({ length: 100 }, (_none, at) => ({ ...alice, userName: `alice-${at}` }));
    expect((await refusal(performOperation(harness.deps, nobody, createUser, { users }))).code).toBe('NoPermission');
    const events = await eventsOf(harness.deps.db, accountId);
    expect(events.map(({ resource }) => resource)).toEqual(
      users.slice(0, 5).map(({ userName }) => `acs:ram:*:${accountId}:user/${userName}`),
    );
    for (const { details } of events) expect(details).toEqual({ code: 'NoPermission', resources: 100 });
  });

  test('that ends in a conflict is rolled back and leaves an event of the conflict alone', async () => {
    const { accountId, admin } = await newAccount(harness);
    const error = await refusal(
      performOperation(harness.deps, admin, createUser, { users: [alice, { ...alice, userName: 'ADMIN' }] }),
    );
    expect(error).toMatchObject({ code: 'EntityAlreadyExists.User', faults: [{ pointer: '/users/1/userName' }] });
    expect(await userRow(harness.deps.db, accountId, 'alice')).toBeUndefined();
    const events = await eventsOf(harness.deps.db, accountId);
    expect(events.map(({ outcome, details }) => [outcome, details])).toEqual([
      ['refused', { code: 'EntityAlreadyExists.User' }],
      ['refused', { code: 'EntityAlreadyExists.User' }],
    ]);
  });

  test('is refused to a token that may only read, whatever the policies say', async () => {
    const { accountId, admin } = await newAccount(harness);
    const readOnly = { ...admin, apiAccess: 'read' } as const;
    expect((await refusal(performOperation(harness.deps, readOnly, createUser, { users: [alice] }))).code).toBe(
      'NoPermission',
    );
    expect(await userRow(harness.deps.db, accountId, 'alice')).toBeUndefined();
    await performOperation(harness.deps, readOnly, getUser, { user: { userName: 'admin' } });
  });

  test('is refused to a caller who was frozen since they were let in', async () => {
    const { accountId, admin } = await newAccount(harness);
    const second = await newUser(harness.deps.db, accountId, 'second', ['AdministratorAccess']);
    await performOperation(harness.deps, admin, updateUser, {
      user: { userName: 'second' },
      changes: { status: 'frozen' },
    });
    expect((await refusal(performOperation(harness.deps, second, createUser, { users: [alice] }))).code).toBe(
      'NoPermission',
    );
    expect(await userRow(harness.deps.db, accountId, 'alice')).toBeUndefined();
  });

  test('never reaches another account', async () => {
    const [one, other] = [await newAccount(harness), await newAccount(harness)];
    await newUser(harness.deps.db, other.accountId, 'bob');
    const bob = await userRow(harness.deps.db, other.accountId, 'bob');
    for (const user of [{ userName: 'bob' }, { userId: bob?.userId }]) {
      const attempt = performOperation(harness.deps, one.admin, updateUser, { user, changes: { displayName: 'Mine' } });
      expect((await refusal(attempt)).code).toBe('EntityNotExist.User');
    }
    const callerOfBoth = { ...one.admin, accountId: other.accountId };
    expect(
      (await refusal(performOperation(harness.deps, callerOfBoth, getUser, { user: { userName: 'bob' } }))).code,
    ).toBe('NoPermission');
    expect(await userRow(harness.deps.db, other.accountId, 'bob')).toEqual(bob);
  });

  test('needs the rights that its effect needs', async () => {
    const { accountId, admin } = await newAccount(harness);
    await newUser(harness.deps.db, accountId, 'reader', ['AliyunRAMReadOnlyAccess']);
    const reader = { ...admin, userId: (await userRow(harness.deps.db, accountId, 'reader'))?.userId ?? '' };
    await performOperation(harness.deps, reader, getUser, { user: { userName: 'admin' } });
    expect((await refusal(performOperation(harness.deps, reader, createAccessKey, { userName: 'reader' }))).code).toBe(
      'NoPermission',
    );
  });
});

describe('a reading', () => {
  test('leaves no event, unless it is forbidden', async () => {
    const { accountId, admin } = await newAccount(harness);
    await performOperation(harness.deps, admin, getUser, { user: { userName: 'admin' } });
    await refusal(performOperation(harness.deps, admin, getUser, { user: { userName: 'nobody' } }));
    expect(await eventsOf(harness.deps.db, accountId)).toEqual([]);
    const nobody = await newUser(harness.deps.db, accountId, 'nobody');
    await refusal(performOperation(harness.deps, nobody, getUser, { user: { userName: 'admin' } }));
    expect(await eventsOf(harness.deps.db, accountId)).toMatchObject([{ action: 'ram:GetUser', outcome: 'refused' }]);
  });

  test('of oneself needs no policy; of anybody else it does', async () => {
    const { accountId, admin } = await newAccount(harness);
    const nobody = await newUser(harness.deps.db, accountId, 'nobody');
    expect(await performOperation(harness.deps, nobody, getOwnUser, {})).toMatchObject({ userId: nobody.userId });
    const attempt = performOperation(harness.deps, nobody, getUser, { user: { userId: admin.userId } });
    expect((await refusal(attempt)).code).toBe('NoPermission');
  });

  test('of oneself is refused once one is frozen', async () => {
    const { accountId, admin } = await newAccount(harness);
    const alex = await newUser(harness.deps.db, accountId, 'alex');
    await performOperation(harness.deps, admin, updateUser, {
      user: { userName: 'alex' },
      changes: { status: 'frozen' },
    });
    expect((await refusal(performOperation(harness.deps, alex, getOwnUser, {}))).code).toBe('NoPermission');
  });

  test('of an id that nobody has tells those alone who may see all users', async () => {
    const { accountId, admin } = await newAccount(harness);
    const nobody = await newUser(harness.deps.db, accountId, 'nobody');
    const user = { userId: '999999999999999999' };
    expect((await refusal(performOperation(harness.deps, admin, getUser, { user }))).code).toBe('EntityNotExist.User');
    expect((await refusal(performOperation(harness.deps, nobody, getUser, { user }))).code).toBe('NoPermission');
  });
});

describe('what an operation needs beside its own right', () => {
  const admin = callerOf('1000000000000001', '100000000000000001', 'admin');
  const resource = 'acs:ram:*:1000000000000001:user/alice';

  test.each([
    ['a user who may do nothing', {}, []],
    [
      'a user who may log on',
      { consoleLogon: { resetRequired: true, mfaRequired: false } },
      ['ram:CreateLoginProfile'],
    ],
    ['a user with a key', { programmaticAccess: true }, ['ram:CreateAccessKey']],
  ])('%s', (_case, wishes, actions) => {
    const users = [{ ...alice, programmaticAccess: false, ...wishes }];
    expect(createUser.alsoRequires?.({ users }, admin)).toEqual(actions.map((action) => ({ action, resource })));
  });

  test('a rename needs the right over the new name too', () => {
    const user = { userName: 'bob' };
    expect(updateUser.alsoRequires?.({ user, changes: { userName: 'alice' } }, admin)).toEqual([
      { action: 'ram:UpdateUser', resource },
    ]);
    expect(updateUser.alsoRequires?.({ user, changes: { comments: 'x' } }, admin)).toEqual([]);
  });
});

describe('the table of operations', () => {
  test('has every name once', () => {
    const names = operations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(operations)('$name refuses fields that it does not know', ({ input }) => {
    expect(JSON.stringify(input.safeParse({ surprise: 1 }).error?.issues ?? [])).toContain('surprise');
  });

  test.each(operations)('$name names an action of a service', ({ action, effect }) => {
    expect(action).toMatch(/^(ram|postern):[A-Z][A-Za-z]+$/);
    if (effect === 'read') expect(action).toMatch(/:(Get|List)/);
  });
});
