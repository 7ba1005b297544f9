import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AuditEvent, insertAuditEvents } from '../../../src/domain/audit/audit-store.ts';
import { type AuditEventPage, listAuditEvents } from '../../../src/domain/audit/list-audit-events.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { createUser } from '../../../src/domain/users/create-user.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import {
  eventsOf,
  type Harness,
  newAccount,
  newUser,
  openHarness,
  refusal,
  type TestAccount,
} from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});

const list = (input: Record<string, unknown> = {}, caller: Caller = account.admin): Promise<AuditEventPage> =>
  performOperation(harness.deps, caller, listAuditEvents, input);
const write = (...events: Partial<AuditEvent>[]) =>
  insertAuditEvents(
    harness.deps.db,
    events.map((event) => ({
      accountId: account.accountId,
      actorUserId: alice.userId,
      actorVia: 'logon',
      action: 'logon',
      resource: `acs:ram:*:${account.accountId}:user/alice`,
      outcome: 'success',
      details: {},
      ...event,
    })),
  );
const actionsOf = ({ items }: AuditEventPage) => items.map(({ action }) => action);

test('shows who did what to which resource and from where, the newest first', async () => {
  const newUserInput = { users: [{ userName: 'bob', displayName: 'Bob' }] };
  await performOperation(harness.deps, account.admin, createUser, newUserInput);
  await write({ outcome: 'refused', details: { reason: 'wrong' }, sourceIp: '192.0.2.9', requestId: 'r-9' });
  const { items, nextCursor } = await list();
  expect(nextCursor).toBeUndefined();
  expect(items).toMatchObject([
    {
      userId: alice.userId,
      userName: 'alice',
      via: 'logon',
      sourceIp: '192.0.2.9',
      requestId: 'r-9',
      action: 'logon',
      outcome: 'refused',
      details: { reason: 'wrong' },
    },
    {
      userName: 'admin',
      action: 'ram:CreateUser',
      resource: `acs:ram:*:${account.accountId}:user/bob`,
      outcome: 'success',
    },
  ]);
  expect(Number(items[0]?.eventId)).toBeGreaterThan(Number(items[1]?.eventId));
});

describe('is filtered by', () => {
  beforeEach(() =>
    write(
      { action: 'ram:CreateUser', actorUserId: account.admin.userId },
      { action: 'ram:CreateGroup', resource: `acs:ram:*:${account.accountId}:group/dev_ops` },
      { action: 'ram:DeleteUser', outcome: 'refused' },
      { action: 'logon', outcome: 'refused', resource: `acs:ram:*:${account.accountId}:group/devXops` },
    ),
  );

  test.each([
    ['a user by name, in any case', { user: 'ADMIN' }, ['ram:CreateUser']],
    ['an action', { action: 'logon' }, ['logon']],
    ['the beginning of an action', { action: 'ram:Create*' }, ['ram:CreateGroup', 'ram:CreateUser']],
    ['an outcome', { outcome: 'refused' }, ['logon', 'ram:DeleteUser']],
    ['all of them together', { user: 'alice', action: 'ram:*', outcome: 'refused' }, ['ram:DeleteUser']],
    ['an action nobody did', { action: 'ram:Nothing' }, []],
  ])('%s', async (_what, filter, actions) => {
    expect(actionsOf(await list(filter))).toEqual(actions);
  });

  test('a user by id', async () => {
    expect(actionsOf(await list({ user: account.admin.userId }))).toEqual(['ram:CreateUser']);
  });

  test('a resource whole or by its beginning, in which nothing but the last star means more than itself', async () => {
    const group = `acs:ram:*:${account.accountId}:group`;
    expect(actionsOf(await list({ resource: `${group}/dev_ops` }))).toEqual(['ram:CreateGroup']);
    expect(actionsOf(await list({ resource: `${group}/dev_*` }))).toEqual(['ram:CreateGroup']);
    expect(actionsOf(await list({ resource: `${group}/*` }))).toEqual(['logon', 'ram:CreateGroup']);
  });
});

test('a range of time holds its first moment and not its last, to the millisecond', async () => {
  await write(...['a', 'b', 'c', 'd'].map((action) => ({ action })));
  const { db } = harness.deps;
  // An hour apart, numbered as they were written, and after all that other tests write now.
  await db.execute(
    sql`update ${auditEvents} set at = timestamptz '2100-03-01T00:00:00Z' + (ascii(action) - 97) * interval '1 hour' where account_id = ${account.accountId}`,
  );
  const hour = (at: number): string => `2100-03-01T0${at}:00:00Z`;
  expect(actionsOf(await list({ from: hour(1), to: hour(3) }))).toEqual(['c', 'b']);
  expect(actionsOf(await list({ from: '2100-03-01T02:00:00.001Z' }))).toEqual(['d']);
  expect(actionsOf(await list({ to: '2100-03-01T04:30:00+04:00' }))).toEqual(['a']);
  expect(actionsOf(await list({ from: hour(3), to: hour(1) }))).toEqual([]);
});

test('an event whose transaction was slow is found at the time that it tells', async () => {
  await write(...['early', 'slow', 'late'].map((action) => ({ action })));
  const at = { early: '00:00:00', slow: '00:00:01', late: '00:04:00' };
  for (const [action, time] of Object.entries(at))
    await harness.deps.db.execute(
      sql`update ${auditEvents} set at = ${`2101-03-01T${time}Z`}::timestamptz where account_id = ${account.accountId} and action = ${action}`,
    );
  // As if numbered four minutes after it began.
  await harness.deps.db.execute(
    sql`update ${auditEvents} set at = '2101-03-01T00:00:01Z' where account_id = ${account.accountId} and action = 'late'`,
  );
  expect(actionsOf(await list({ from: '2101-03-01T00:00:01Z', to: '2101-03-01T00:00:02Z' }))).toEqual(['late', 'slow']);
});

test('pages follow one another without gap or repetition, whatever is written meanwhile', async () => {
  await write(...Array.from({ length: 25 }, (_, at) => ({ action: `a${at}` })));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...actionsOf(page));
    cursor = page.nextCursor;
    await write({ action: 'meanwhile' });
  } while (cursor !== undefined);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `a${24 - at}`));
});

test("a cursor of another filter or account is refused, and so is a position of one's own making", async () => {
  await write(...Array.from({ length: 3 }, () => ({})));
  const { nextCursor } = await list({ limit: 1 });
  const other = await newAccount(harness);
  for (const attempt of [
    list({ limit: 1, cursor: nextCursor, action: 'logon' }),
    list({ limit: 1, cursor: nextCursor }, other.admin),
    list({ limit: 1, cursor: '1' }),
  ])
    expect((await refusal(attempt)).code).toBe('InvalidParameter');
});

test("an account sees its own events alone, also by another's user id", async () => {
  await write({});
  const other = await newAccount(harness);
  expect((await list({}, other.admin)).items).toEqual([]);
  expect((await list({ user: alice.userId }, other.admin)).items).toEqual([]);
  expect((await list()).items).toHaveLength(1);
});

test('whoever may not see the log learns nothing of it, and the try is in it', async () => {
  await write({ details: { reason: 'private' } });
  const refused = await refusal(list({}, alice));
  expect([refused.code, refused.message.includes('private')]).toEqual(['NoPermission', false]);
  expect((await list({ action: 'ram:ListAuditEvents' })).items).toMatchObject([
    { userName: 'alice', outcome: 'refused', resource: `acs:ram:*:${account.accountId}:audit/*` },
  ]);
});

test('a user who is no more is found by id, and not by a name that somebody else may have', async () => {
  await write({});
  await performOperation(harness.deps, account.admin, deleteUser, { user: { userName: 'alice' }, cascade: true });
  expect((await list({ user: alice.userId })).items).toMatchObject([{ userId: alice.userId, userName: null }]);
  expect((await refusal(list({ user: 'alice' }))).code).toBe('EntityNotExist.User');
});

test.each([
  { action: '*' },
  { action: 'ram:*User' },
  { action: '' },
  { resource: 'x'.repeat(513) },
  { from: 'yesterday' },
  { to: '2026-03-01' },
  { outcome: 'lost' },
  { user: 'no such%name' },
  { limit: 1001 },
  { q: 'x' },
])('%j is refused', async (input) => {
  expect((await refusal(list(input))).code).toBe('InvalidParameter');
});

test('reading the log writes nothing into it', async () => {
  await write({});
  await list();
  expect(await eventsOf(harness.deps.db, account.accountId)).toHaveLength(1);
});
