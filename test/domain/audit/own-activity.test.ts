import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listOwnActivity } from '../../../src/domain/audit/list-own-activity.ts';
import { insertAuditEvent } from '../../../src/domain/audit/audit-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { userResource } from '../../../src/domain/users/user-resource.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
  account = await newAccount(harness);
});
afterAll(() => harness.close());

const depsOf = () => harness.deps;

const activity = (caller: Caller, input: object = {}) => performOperation(depsOf(), caller, listOwnActivity, input);

const actionsOf = async (caller: Caller): Promise<string[]> =>
  (await activity(caller)).items.map(({ action, isOwn, userName }) => `${action} ${isOwn ? 'own' : (userName ?? '')}`);

const renameTo = (from: string, userName: string) =>
  performOperation(depsOf(), account.admin, updateUser, { user: { userName: from }, changes: { userName } });

const remark = (userName: string, comments: string) =>
  performOperation(depsOf(), account.admin, updateUser, { user: { userName }, changes: { comments } });

const note = (caller: Caller, action: string, outcome: 'success' | 'refused' = 'success') =>
  insertAuditEvent(depsOf().db, {
    ...{ accountId: caller.accountId, actorUserId: caller.userId, actorVia: 'logon', sourceIp: '192.0.2.7' },
    ...{ action, resource: userResource(caller.userName, caller), outcome, details: {} },
  });

it('tells what the user did and was refused, and what others did to them: newest first, each once', async () => {
  const user = await newUser(depsOf().db, account.accountId, 'alice');
  const other = await newUser(depsOf().db, account.accountId, 'bob');
  await note(user, 'logon');
  await note(other, 'logon');
  await remark('alice', 'on leave');
  await remark('bob', 'on leave');
  await note(user, 'logon', 'refused');
  expect(await actionsOf(user)).toEqual(['logon own', 'ram:UpdateUser admin', 'logon own']);
  const [latest, met] = (await activity(user)).items;
  expect(latest).toMatchObject({ outcome: 'refused', sourceIp: '192.0.2.7', userName: 'alice' });
  expect(met).toMatchObject({ isOwn: false, sourceIp: null, userName: 'admin' });
});

it('what others were refused to do to somebody is not told', async () => {
  const user = await newUser(depsOf().db, account.accountId, 'carol');
  const other = await newUser(depsOf().db, account.accountId, 'curious');
  const input = { user: { userName: 'carol' }, changes: { comments: 'x' } };
  expect((await refusal(performOperation(depsOf(), other, updateUser, input))).code).toBe('NoPermission');
  expect(await actionsOf(user)).toEqual([]);
  expect(await actionsOf(other)).toEqual(['ram:UpdateUser own']);
});

it('what befell an earlier bearer of the name stays theirs: deleted, or renamed away', async () => {
  await newUser(depsOf().db, account.accountId, 'dave');
  await remark('dave', 'the first');
  await performOperation(depsOf(), account.admin, deleteUser, { user: { userName: 'dave' }, cascade: true });
  const second = await newUser(depsOf().db, account.accountId, 'dave');
  expect(await actionsOf(second)).toEqual([]);
  await remark('dave', 'the second');
  await renameTo('dave', 'dave-old');
  const third = await newUser(depsOf().db, account.accountId, 'third');
  // Older than the name that they get.
  await depsOf()
    .db.update(users)
    .set({ createdAt: new Date(0) })
    .where(eq(users.userId, third.userId));
  await renameTo('third', 'dave');
  await remark('dave', 'the third');
  expect(await actionsOf({ ...third, userName: 'dave' })).toEqual(['ram:UpdateUser admin']);
  expect(await actionsOf({ ...second, userName: 'dave-old' })).toEqual([]);
});

it('goes on page by page, with a cursor of its own', async () => {
  const user = await newUser(depsOf().db, account.accountId, 'erin');
  const other = await newUser(depsOf().db, account.accountId, 'fred');
  for (let count = 0; count < 5; count += 1) {
    await note(user, `own-${count}`);
    await remark('erin', `met-${count}`);
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await activity(user, { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(3);
    seen.push(...page.items.map(({ eventId }) => eventId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(10);
  expect(seen).toEqual([...new Set(seen)].toSorted((left, right) => Number(right) - Number(left)));
  const { nextCursor = '' } = await activity(user, { limit: 3 });
  expect((await refusal(activity(other, { cursor: nextCursor }))).code).toBe('InvalidParameter');
});
