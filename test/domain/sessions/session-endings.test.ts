import { and, asc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { raiseAccountEpoch } from '../../../src/domain/accounts/accounts-store.ts';
import { deleteTenant, updateTenant } from '../../../src/domain/accounts/platform/change-tenants.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { deleteLoginProfile } from '../../../src/domain/login-profiles/login-profile-operations.ts';
import { raiseEpoch } from '../../../src/domain/logon/logon-store.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import {
  claimSessionEnding,
  deleteSessionEnding,
  prolongSessionEnding,
  type SessionEnding,
} from '../../../src/domain/sessions/session-endings-store.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { updateUser } from '../../../src/domain/users/update-user.ts';
import { raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { sessionEndings } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import { type Harness, newAccount, newUser, openHarness, refusal, type TestAccount } from '../operation-harness.ts';

let harness: Harness;
let platform: TestAccount;
let account: TestAccount;
let alice: Caller;
beforeAll(async () => {
  harness = await openHarness();
  platform = await newAccount(harness, { isPlatform: true });
  await newUser(harness.deps.db, platform.accountId, 'operator', ['PlatformAdministratorAccess']);
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.deps.db.delete(sessionEndings);
  account = await newAccount(harness);
  alice = await newUser(harness.deps.db, account.accountId, 'alice');
});

const db = () => harness.deps.db;
const orders = async () =>
  await db()
    .select({ accountId: sessionEndings.accountId, userId: sessionEndings.userId })
    .from(sessionEndings)
    .orderBy(asc(sessionEndings.sessionEndingId));
const ofUser = () => ({ accountId: account.accountId, userId: alice.userId });
const claim = (wholeAccounts = true) => claimSessionEnding(db(), { wholeAccounts });
const claimed = async (): Promise<SessionEnding> => {
  const order = await claim();
  if (order === undefined) throw new Error('no order is due');
  return order;
};
/** As if what was claimed had been forgotten by whoever claimed it. */
const leaseOver = () => db().update(sessionEndings).set({ dueAt: sql`now()` });

describe('an order is left', () => {
  const asAdmin = (operation: Parameters<typeof performOperation>[2], input: unknown) =>
    performOperation(harness.deps, account.admin, operation, input);
  const asPlatform = async (operation: Parameters<typeof performOperation>[2], input: unknown) => {
    const [operator] = await db()
      .select()
      .from(users)
      .where(and(eq(users.accountId, platform.accountId), eq(users.userName, 'operator')));
    const caller = { ...platform.admin, userId: operator?.userId ?? '', userName: 'operator' };
    return await performOperation(harness.deps, caller, operation, input);
  };
  type Any = Parameters<typeof performOperation>[2];
  const ofUsers: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a raised epoch', () => raiseUserEpoch(db(), alice.userId)],
    ['a password chosen in a logon', () => raiseEpoch(db(), alice.userId, 1)],
    ['freezing', () => asAdmin(updateUser as Any, { user: { userName: 'alice' }, changes: { status: 'frozen' } })],
    ['a login profile removed', () => asAdmin(deleteLoginProfile as Any, { userName: 'alice' })],
    ['deleting', () => asAdmin(deleteUser as Any, { user: { userName: 'alice' }, cascade: true })],
  ];

  test.each(ofUsers)('by %s, for that user', async (_what, act) => {
    await act();
    expect(await orders()).toEqual([ofUser()]);
  });

  const ofAccounts: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a raised epoch', () => raiseAccountEpoch(db(), account.accountId)],
    [
      'suspending',
      () => asPlatform(updateTenant as Any, { accountId: account.accountId, changes: { status: 'suspended' } }),
    ],
    ['deleting', () => asPlatform(deleteTenant as Any, { accountId: account.accountId })],
  ];

  test.each(ofAccounts)('by %s of an account, for everybody', async (_what, act) => {
    await act();
    expect(await orders()).toEqual([{ accountId: account.accountId, userId: null }]);
  });

  test('by nothing that ends no session', async () => {
    await asAdmin(updateUser as Any, { user: { userName: 'alice' }, changes: { displayName: 'Al', status: 'active' } });
    await raiseUserEpoch(db(), '100000000000000000');
    expect(await raiseEpoch(db(), alice.userId, 7)).toBeUndefined();
    await refusal(asAdmin(deleteUser as Any, { user: { userName: 'alice' } }));
    await asPlatform(updateTenant as Any, { accountId: account.accountId, changes: { status: 'active' } });
    expect(await orders()).toEqual([]);
  });

  test('by no change that is undone', async () => {
    const undone = db().transaction(async (tx) => {
      await raiseUserEpoch(tx, alice.userId);
      await raiseAccountEpoch(tx, account.accountId);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await orders()).toEqual([]);
  });

  test('by exactly one of those who race to raise an epoch from where it was', async () => {
    const raised = await Promise.all(Array.from({ length: 10 }, () => raiseEpoch(db(), alice.userId, 1)));
    expect(raised.filter((epoch) => epoch !== undefined)).toEqual([2]);
    expect(await orders()).toEqual([ofUser()]);
  });
});

describe('an order', () => {
  test('is taken up by one of any number of callers, the oldest first, and by others only when its time is over', async () => {
    for (let at = 0; at < 5; at += 1) await raiseUserEpoch(db(), alice.userId);
    const taken = (await Promise.all(Array.from({ length: 12 }, () => claim()))).filter((one) => one !== undefined);
    expect(new Set(taken.map(({ sessionEndingId }) => sessionEndingId)).size).toBe(5);
    expect(taken).toHaveLength(5);
    expect(await claim()).toBeUndefined();
    await leaseOver();
    const again = await claimed();
    expect(again.sessionEndingId).toBe(Math.min(...taken.map(({ sessionEndingId }) => sessionEndingId)));
  });

  test('of a whole account is left alone by whoever does not ask for one', async () => {
    await raiseAccountEpoch(db(), account.accountId);
    await raiseUserEpoch(db(), alice.userId);
    expect(await claim(false)).toMatchObject(ofUser());
    expect(await claim(false)).toBeUndefined();
    expect(await claim(true)).toMatchObject({ accountId: account.accountId, userId: null });
  });

  test('that takes long is kept by being prolonged', async () => {
    await raiseUserEpoch(db(), alice.userId);
    const { sessionEndingId } = await claimed();
    await leaseOver();
    await prolongSessionEnding(db(), sessionEndingId);
    expect(await claim()).toBeUndefined();
    await deleteSessionEnding(db(), sessionEndingId);
    await leaseOver();
    expect(await claim()).toBeUndefined();
  });
});
