import { asc, eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  claimDeliveries,
  deleteOldDeliveries,
  holdBackDeliveries,
  insertLogoutDeliveries,
  postponeDelivery,
  releaseDeliveries,
  settleDelivery,
} from '../../../src/domain/logout-deliveries/deliveries-store.ts';
import { applications } from '../../../src/storage/db/schema/applications.ts';
import { logoutDeliveries } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { type Harness, newAccount, openHarness, type TestAccount } from '../operation-harness.ts';
import { plantApp } from '../sessions/planted-sessions.ts';

let harness: Harness;
let account: TestAccount;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await db().delete(logoutDeliveries);
  account = await newAccount(harness);
});

const db = () => harness.deps.db;
const app = (name: string, address?: string | null) =>
  plantApp(harness.deps, account.accountId, `app_${name}${account.alias}`, address);
type Told = readonly [clientId: string, sid: string];
const noteTogether = (apps: readonly Told[]) =>
  insertLogoutDeliveries(db(), {
    ...{ accountId: account.accountId, issuerName: account.alias, userId: '200000000000000001' },
    apps: apps.map(([clientId, sid]) => ({ clientId, sid })),
  });
/** One after the other, so that their order is known. */
const note = async (apps: readonly Told[]) => {
  for (const told of apps) await noteTogether([told]);
};
const claim = (query: Partial<Parameters<typeof claimDeliveries>[1]> = {}) =>
  claimDeliveries(db(), { exceptClients: [], exceptAccounts: [], limit: 50, ...query });
const rows = () => db().select().from(logoutDeliveries).orderBy(asc(logoutDeliveries.logoutDeliveryId));
/** In how many seconds each is due, by the database's clock. */
const dueIn = async () => {
  const seconds = sql<number>`round(extract(epoch from ${logoutDeliveries.dueAt} - now()))::int`;
  const found = await db().select({ seconds }).from(logoutDeliveries).orderBy(asc(logoutDeliveries.logoutDeliveryId));
  return found.map((row) => row.seconds);
};
const madeAgo = (hours: number) =>
  db()
    .update(logoutDeliveries)
    .set({ createdAt: sql`now() - make_interval(hours => ${hours})` });
const allDue = () => db().update(logoutDeliveries).set({ dueAt: sql`now()` });

describe('noting', () => {
  test('is for apps of the account that take logout tokens, and for nobody else', async () => {
    const neighbour = await newAccount(harness);
    const theirs = await plantApp(harness.deps, neighbour.accountId, `app_theirs${account.alias}`);
    const [told, deaf] = [await app('told'), await app('deaf', null)];
    await noteTogether([
      [told, 'sid-1'],
      [deaf, 'sid-2'],
      [theirs, 'sid-3'],
      ['app_never', 'sid-4'],
      ['postern-portal', 'sid-5'],
    ]);
    expect(await rows()).toMatchObject([
      {
        ...{ accountId: account.accountId, issuerName: account.alias, clientId: told, sid: 'sid-1' },
        ...{ userId: '200000000000000001', status: 'pending', attempts: 0, lastError: null, settledAt: null },
      },
    ]);
    await noteTogether([]);
    expect(await rows()).toHaveLength(1);
  });

  test('is undone with its application', async () => {
    const gone = await app('gone');
    await note([[gone, 'sid']]);
    await db().delete(applications).where(eq(applications.clientId, gone));
    expect(await rows()).toEqual([]);
  });
});

describe('claiming', () => {
  test('takes deliveries to one app at a time, the oldest first, and never beyond the limit', async () => {
    const address = 'https://one.example.com:8443/logout';
    const [one, neighbour] = [await app('one', address), await app('next', address)];
    await note([
      [one, '1'],
      [neighbour, '2'],
      [one, '3'],
      [one, '4'],
    ]);
    expect((await claim({ limit: 2 })).map(({ sid }) => sid)).toEqual(['1', '3']);
    // One address, yet two apps.
    expect((await claim({ exceptClients: [one] })).map(({ sid }) => sid)).toEqual(['2']);
    expect(await claim({ exceptClients: [one] })).toEqual([]);
    expect((await claim()).map(({ sid }) => sid)).toEqual(['4']);
    expect(await claim()).toEqual([]);
  });

  test('leaves out accounts that have had their share', async () => {
    const neighbour = await newAccount(harness);
    const [mine, theirs] = [
      await app('mine'),
      await plantApp(harness.deps, neighbour.accountId, `app_theirs${account.alias}`),
    ];
    await note([[mine, 'mine']]);
    const theirUser = { accountId: neighbour.accountId, issuerName: neighbour.alias, userId: '200000000000000002' };
    await insertLogoutDeliveries(db(), { ...theirUser, apps: [{ clientId: theirs, sid: 'theirs' }] });
    const claimed = await claim({ exceptAccounts: [account.accountId] });
    expect(claimed).toMatchObject([{ sid: 'theirs', accountId: neighbour.accountId }]);
    expect(await claim({ exceptAccounts: [account.accountId] })).toEqual([]);
    expect((await claim()).map(({ sid }) => sid)).toEqual(['mine']);
  });

  test('of racing callers gives each other deliveries, and none twice until their time is over', async () => {
    const clientId = await app('raced');
    await noteTogether(Array.from({ length: 60 }, (_, at) => [clientId, `sid-${at}`] as const));
    const taken = (await Promise.all(Array.from({ length: 8 }, () => claim({ limit: 10 })))).flat();
    const ids = taken.map(({ logoutDeliveryId }) => logoutDeliveryId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(60);
    expect(await claim()).toEqual([]);
    for (const seconds of await dueIn()) expect(Math.abs(seconds - 30)).toBeLessThan(10);
    await allDue();
    expect(await claim({ limit: 100 })).toHaveLength(60);
  });

  test('finds those whose app has lost its address, so that they end', async () => {
    const clientId = await app('moved');
    await note([[clientId, 'sid']]);
    await db().update(applications).set({ backchannelLogoutUri: null }).where(eq(applications.clientId, clientId));
    expect(await claim()).toMatchObject([{ clientId }]);
  });

  test('gives back what is released at once', async () => {
    await note([[await app('back'), 'sid']]);
    const ids = (await claim()).map(({ logoutDeliveryId }) => logoutDeliveryId);
    await releaseDeliveries(db(), ids);
    await releaseDeliveries(db(), []);
    expect((await claim()).map(({ logoutDeliveryId }) => logoutDeliveryId)).toEqual(ids);
  });
});

describe('a delivery', () => {
  let clientId: string;
  let id: number;
  beforeEach(async () => {
    clientId = await app('tried');
    await note([[clientId, 'sid']]);
    id = (await claim())[0]?.logoutDeliveryId ?? 0;
  });

  test('that failed says why and waits as long as it is told', async () => {
    expect(await postponeDelivery(db(), id, { lastError: 'http 503', seconds: 600 })).toBe(false);
    expect(await rows()).toMatchObject([{ status: 'pending', attempts: 1, lastError: 'http 503', settledAt: null }]);
    expect(Math.abs(((await dueIn())[0] ?? 0) - 600)).toBeLessThan(10);
    expect(await claim()).toEqual([]);
  });

  test('never waits beyond its last moment, and after a try then is given up', async () => {
    await madeAgo(23);
    expect(await postponeDelivery(db(), id, { lastError: 'timeout', seconds: 12 * 3600 })).toBe(false);
    expect(Math.abs(((await dueIn())[0] ?? 0) - 3600)).toBeLessThan(10);
    await madeAgo(24);
    await allDue();
    expect(await claim()).toHaveLength(1);
    expect(await postponeDelivery(db(), id, { lastError: 'timeout', seconds: 5 })).toBe(true);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'failed', attempts: 2, lastError: 'timeout' });
    expect(row?.settledAt).toBeInstanceOf(Date);
    await allDue();
    expect(await claim()).toEqual([]);
  });

  test('that was taken is never claimed again, whatever failed before', async () => {
    await postponeDelivery(db(), id, { lastError: 'http 500', seconds: 5 });
    await settleDelivery(db(), id, { status: 'delivered', lastError: null });
    await allDue();
    expect(await claim()).toEqual([]);
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'delivered', attempts: 2, lastError: null });
    expect(row?.settledAt).toBeInstanceOf(Date);
  });

  test('to an app that cannot be reached holds back what else is due for it, and nothing for others', async () => {
    const other = await app('other');
    await note([
      [clientId, 'due'],
      [clientId, 'later'],
      [clientId, 'settled'],
      [clientId, 'claimed'],
      [other, 'theirs'],
      [other, 'free'],
    ]);
    const [, , later, settled, claimed, theirs] = (await rows()).map(({ logoutDeliveryId }) => logoutDeliveryId);
    await postponeDelivery(db(), later ?? 0, { lastError: 'http 500', seconds: 7200 });
    await settleDelivery(db(), settled ?? 0, { status: 'delivered', lastError: null });
    const failure = { lastError: 'timeout', seconds: 300 };
    await db()
      .update(logoutDeliveries)
      .set({ dueAt: sql`now() + interval '30 seconds'` })
      .where(inArray(logoutDeliveries.sid, ['claimed', 'theirs']));
    await holdBackDeliveries(db(), { clientId, claimed: [claimed ?? 0, theirs ?? 0] }, failure);
    const byId = (await rows()).map(({ sid, lastError, attempts, status }) => [sid, status, lastError, attempts]);
    expect(byId).toEqual([
      // Under way with somebody else.
      ['sid', 'pending', null, 0],
      ['due', 'pending', 'timeout', 0],
      ['later', 'pending', 'http 500', 1],
      ['settled', 'delivered', null, 1],
      ['claimed', 'pending', 'timeout', 0],
      ['theirs', 'pending', null, 0],
      ['free', 'pending', null, 0],
    ]);
    const [, due = 0, , , held = 0] = await dueIn();
    for (const seconds of [due, held]) expect(Math.abs(seconds - 300)).toBeLessThan(10);
    expect((await claim()).map(({ sid }) => sid)).toEqual(['free']);
  });

  test('that has not been tried waits ten minutes at most for the failure of another', async () => {
    await note([[clientId, 'fresh']]);
    await holdBackDeliveries(db(), { clientId, claimed: [] }, { lastError: 'timeout', seconds: 12 * 3600 });
    expect(Math.abs(((await dueIn())[1] ?? 0) - 600)).toBeLessThan(10);
  });
});

test('what was settled over 30 days ago is removed in small rounds; what is pending, or newer, stays', async () => {
  const clientId = await app('kept');
  await note(Array.from({ length: 6 }, (_, at) => [clientId, `sid-${at}`] as const));
  const settledAgo = async (sid: string, days: number) => {
    const settledAt = sql`now() - make_interval(days => ${days})`;
    await db().update(logoutDeliveries).set({ status: 'delivered', settledAt }).where(eq(logoutDeliveries.sid, sid));
  };
  for (const at of [0, 1, 2]) await settledAgo(`sid-${at}`, 31);
  await settledAgo('sid-3', 29);
  await settledAgo('sid-5', 31);
  expect(await deleteOldDeliveries(db(), 2)).toBe(2);
  expect((await rows()).map(({ sid }) => sid)).toEqual(['sid-2', 'sid-3', 'sid-4', 'sid-5']);
  expect(await deleteOldDeliveries(db(), 10)).toBe(2);
  expect(await deleteOldDeliveries(db(), 10)).toBe(0);
  expect((await rows()).map(({ sid, status }) => [sid, status])).toEqual([
    ['sid-3', 'delivered'],
    ['sid-4', 'pending'],
  ]);
});
