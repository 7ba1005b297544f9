import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { raiseAccountEpoch } from '../../../src/domain/accounts/accounts-store.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { performOperation } from '../../../src/domain/operation.ts';
import { claimSessionEnding, type SessionEnding } from '../../../src/domain/sessions/session-endings-store.ts';
import type { SessionRecord } from '../../../src/domain/sessions/session-records.ts';
import { workOffEnding } from '../../../src/domain/sessions/work-off-ending.ts';
import { deleteUser } from '../../../src/domain/users/delete-user.ts';
import { raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { sessionEndings } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { users } from '../../../src/storage/db/schema/users.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';
import { notedDeliveries, plantApp, plantGrants, plantSession } from './planted-sessions.ts';

let harness: Harness;
let account: TestAccount;
let alice: Caller;
let apps: readonly string[];
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await db().delete(sessionEndings);
  account = await newAccount(harness);
  alice = await newUser(db(), account.accountId, 'alice');
  apps = [`app_one${account.alias}`, `app_two${account.alias}`];
  for (const clientId of apps) await plantApp(harness.deps, account.accountId, clientId);
});

const db = () => harness.deps.db;
const untold = new AbortController().signal;
const orders = () => db().$count(sessionEndings);
const claimed = async (): Promise<SessionEnding> => {
  const order = await claimSessionEnding(db(), { wholeAccounts: true });
  if (order === undefined) throw new Error('no order is due');
  return order;
};
/** As if what was claimed had been forgotten by whoever claimed it. */
const leaseOver = () => db().update(sessionEndings).set({ dueAt: sql`now()` });
const logOn = (uid: string, changes: Partial<SessionRecord['payload']> = {}, user: Caller = alice) =>
  plantSession(harness.deps, { issuerName: account.alias, user, uid }, changes);
const present = async (key: string): Promise<boolean> => (await harness.deps.ephemeral.get(key)) !== undefined;
const authorizations = (name: string) =>
  Object.fromEntries(apps.map((clientId, at) => [clientId, { sid: `${name}-${at}`, grantId: `${name}-grant-${at}` }]));
const sids = async () => (await notedDeliveries(harness.deps, account.accountId)).map(({ sid }) => sid).toSorted();
const workOff = async (deps: Pick<Harness['deps'], 'db' | 'ephemeral'> = harness.deps) =>
  await workOffEnding(deps, await claimed(), untold);

test('tells every app of every session that died, and takes those sessions and all their grants away', async () => {
  const first = await logOn('first', { authorizations: authorizations('first') });
  const offline = { [apps[0] ?? '']: { sid: 'offline-0', grantId: 'offline-grant-0', persistsLogout: true } };
  const second = await logOn('second', { authorizations: offline });
  const empty = await logOn('empty');
  const grants = await plantGrants(harness.deps, account.alias, ['first-grant-0', 'first-grant-1', 'offline-grant-0']);
  await raiseUserEpoch(db(), alice.userId);
  await workOff();
  expect(await sids()).toEqual(['first-0', 'first-1', 'offline-0']);
  for (const { key } of [first, second, empty]) expect(await present(key)).toBe(false);
  for (const key of grants) expect(await present(key)).toBe(false);
  expect(await orders()).toBe(0);
});

test('leaves alone what began afterwards, and what others are signed in to', async () => {
  const bob = await newUser(db(), account.accountId, 'bob');
  const others = await logOn('of-bob', { authorizations: authorizations('bob') }, bob);
  const died = await logOn('died', { authorizations: authorizations('died') });
  await raiseUserEpoch(db(), alice.userId);
  const began = await logOn('began', { authorizations: authorizations('began') });
  // Somebody else has logged on in what was a session of hers.
  const taken = await logOn('taken', { authorizations: authorizations('taken'), accountId: bob.userId });
  await workOff();
  expect(await sids()).toEqual(['died-0', 'died-1']);
  expect(await present(died.key)).toBe(false);
  for (const { key } of [others, began, taken]) expect(await present(key)).toBe(true);
});

test('is not misled by a raise that comes while it is under way: a session of a later epoch lives', async () => {
  const { ephemeral } = harness.deps;
  await raiseUserEpoch(db(), alice.userId);
  const state: { began?: string } = {};
  const meanwhile: EphemeralStore = {
    ...ephemeral,
    get: async (key) => {
      const text = await ephemeral.get(key);
      if (state.began === undefined) {
        state.began = key;
        await raiseUserEpoch(db(), alice.userId);
        await logOn('renewed', { authorizations: authorizations('renewed') });
      }
      return text;
    },
  };
  const { key } = await logOn('renewed', { authorizations: authorizations('before') });
  await workOff({ db: db(), ephemeral: meanwhile });
  expect(state.began).toBe(key);
  expect(await present(key)).toBe(true);
  await workOff();
  expect(await present(key)).toBe(true);
  expect(await sids()).toEqual([]);
});

test('tells the apps of a user who is gone', async () => {
  const { key } = await logOn('gone', { authorizations: authorizations('gone') });
  const input = { user: { userName: 'alice' }, cascade: true };
  await performOperation(harness.deps, account.admin, deleteUser, input);
  await workOff();
  expect(await sids()).toEqual(['gone-0', 'gone-1']);
  expect(await present(key)).toBe(false);
});

test('of a whole account reaches everybody in it, however many, and nobody in another', async () => {
  const many = Array.from({ length: 230 }, (_, at) => `user${at}`);
  const userIds = many.map((_name, at) => `2${account.accountId.slice(-14)}${String(at).padStart(3, '0')}`);
  await db()
    .insert(users)
    .values(
      many.map((userName, at) => ({
        userId: userIds[at] ?? '',
        ...{ accountId: account.accountId, userName, userNameKey: userName, displayName: userName },
      })),
    );
  for (const [at, userId] of userIds.entries()) {
    if (at % 10 !== 0) continue;
    await logOn(`of-${at}`, { authorizations: authorizations(`of-${at}`) }, { ...alice, userId });
  }
  const neighbour = await newAccount(harness);
  const elsewhere = { issuerName: neighbour.alias, user: neighbour.admin, uid: 'elsewhere' };
  const { key } = await plantSession(harness.deps, elsewhere, { authorizations: authorizations('elsewhere') });
  await raiseAccountEpoch(db(), account.accountId);
  await workOff();
  const expected = userIds.flatMap((_id, at) => (at % 10 === 0 ? [`of-${at}-0`, `of-${at}-1`] : []));
  expect(await sids()).toEqual(expected.toSorted());
  expect(await present(key)).toBe(true);
  expect(await orders()).toBe(0);
});

test('of a whole account that is told to end leaves its order to others', async () => {
  await logOn('waiting', { authorizations: authorizations('waiting') });
  await raiseAccountEpoch(db(), account.accountId);
  await workOffEnding(harness.deps, await claimed(), AbortSignal.abort());
  expect(await orders()).toBe(1);
  expect(await sids()).toEqual([]);
  await leaseOver();
  await workOff();
  expect(await sids()).toEqual(['waiting-0', 'waiting-1']);
});

test('broken off anywhere, and worked off again, loses no app', async () => {
  const { ephemeral } = harness.deps;
  let broken = 0;
  for (let survives = 0; survives < 20; survives += 1) {
    const name = `broken-${survives}`;
    const user = await newUser(db(), account.accountId, name);
    const { key } = await logOn(name, { authorizations: authorizations(name) }, user);
    const grants = await plantGrants(harness.deps, account.alias, [`${name}-grant-0`, `${name}-grant-1`]);
    await raiseUserEpoch(db(), user.userId);
    const went = await workOff({ db: db(), ephemeral: dyingAfter(ephemeral, survives) }).then(
      () => true,
      () => false,
    );
    if (went) break;
    broken += 1;
    expect(await orders()).toBe(1);
    await leaseOver();
    await workOff();
    expect(await sids()).toEqual(expect.arrayContaining([`${name}-0`, `${name}-1`]));
    // What is left of a record for a moment is nobody's, and nothing is granted in it.
    expect((await harness.deps.ephemeral.get(key)) ?? '').not.toContain(user.userId);
    for (const grant of grants) expect(await present(grant)).toBe(false);
    expect(await orders()).toBe(0);
  }
  // Looking at the index, at the record, two grants, closing, removing: each of them was the end of somebody.
  expect(broken).toBeGreaterThanOrEqual(6);
  expect(broken).toBeLessThan(20);
});

/** A store whose process dies after so many calls. */
function dyingAfter(store: EphemeralStore, calls: number): EphemeralStore {
  let left = calls;
  const live = (): void => {
    if (left === 0) throw new Error('died');
    left -= 1;
  };
  return {
    ...store,
    get: async (key) => {
      live();
      return await store.get(key);
    },
    delete: async (key) => {
      live();
      return await store.delete(key);
    },
    compareAndSet: async (...asked) => {
      live();
      return await store.compareAndSet(...asked);
    },
    listIndex: async (key) => {
      live();
      return await store.listIndex(key);
    },
  };
}
