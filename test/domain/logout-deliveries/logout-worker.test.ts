import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SendResult, Try } from '../../../src/domain/logout-deliveries/deliver.ts';
import { type DueDelivery, insertLogoutDeliveries } from '../../../src/domain/logout-deliveries/deliveries-store.ts';
import { createLogoutWorker, type LogoutWorker } from '../../../src/domain/logout-deliveries/logout-worker.ts';
import { raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { applications } from '../../../src/storage/db/schema/applications.ts';
import { logoutDeliveries, sessionEndings } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { type Harness, newAccount, newUser, openHarness, type TestAccount } from '../operation-harness.ts';
import { plantApp, plantSession } from '../sessions/planted-sessions.ts';

let harness: Harness;
let account: TestAccount;
let workers: LogoutWorker[];
let tries: Try[];
let failures: unknown[];
/** Apps as they behave: by client id; whoever is not named takes what it is sent. */
let behaviour: Map<string, (delivery: DueDelivery) => Promise<SendResult>>;
let sent: DueDelivery[];
let underWay: DueDelivery[];
let mostUnderWay: number;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  await db().delete(logoutDeliveries);
  await db().delete(sessionEndings);
  account = await newAccount(harness);
  [workers, tries, failures, sent, underWay] = [[], [], [], [], []];
  mostUnderWay = 0;
  behaviour = new Map();
});
afterEach(() => Promise.all(workers.map((worker) => worker.close())));

const db = () => harness.deps.db;
const delivered = { outcome: 'delivered' } as const;
const refusing = (error: string, reached = true) => Promise.resolve({ outcome: 'refused', error, reached } as const);

function newWorker(): LogoutWorker {
  const worker = createLogoutWorker({
    db: db(),
    ephemeral: harness.deps.ephemeral,
    send: async (delivery) => {
      sent.push(delivery);
      underWay.push(delivery);
      mostUnderWay = Math.max(mostUnderWay, underWay.length);
      try {
        return await (behaviour.get(delivery.clientId)?.(delivery) ?? delivered);
      } finally {
        underWay.splice(underWay.indexOf(delivery), 1);
      }
    },
    onTry: (made) => tries.push(made),
    onFailure: (error) => failures.push(error),
  });
  workers.push(worker);
  return worker;
}

const app = (name: string, owner = account) => plantApp(harness.deps, owner.accountId, `app_${name}${owner.alias}`);
const noteFor = async (owner: TestAccount, clientId: string, ...sids: readonly string[]) => {
  for (const sid of sids)
    await insertLogoutDeliveries(db(), {
      ...{ accountId: owner.accountId, issuerName: owner.alias, userId: '200000000000000001' },
      apps: [{ clientId, sid }],
    });
};
const note = (clientId: string, ...sids: readonly string[]) => noteFor(account, clientId, ...sids);
const sidsSent = () => sent.map(({ sid }) => sid);
const statusOf = async (sid: string) => {
  const { status, attempts, lastError } = logoutDeliveries;
  const [row] = await db()
    .select({ status, attempts, lastError })
    .from(logoutDeliveries)
    .where(eq(logoutDeliveries.sid, sid));
  return row;
};
/** As if the time until the next tries had passed. */
const later = () =>
  db().update(logoutDeliveries).set({ dueAt: sql`now()` }).where(eq(logoutDeliveries.status, 'pending'));

/** Something that ends when the test says so. */
function hanging() {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  return { promise, finish: () => resolve({ outcome: 'refused', error: 'timeout', reached: false }) };
}

test('an app that answers with an error twice gets the token at the third try', async () => {
  const clientId = await app('flaky');
  const answers = ['http 500', 'http 500'];
  behaviour.set(clientId, () => {
    const error = answers.shift();
    return error === undefined ? Promise.resolve(delivered) : refusing(error);
  });
  await note(clientId, 'sid');
  const worker = newWorker();
  await worker.settle();
  expect(await statusOf('sid')).toEqual({ status: 'pending', attempts: 1, lastError: 'http 500' });
  // Not before its time.
  await worker.settle();
  expect(sent).toHaveLength(1);
  await later();
  await worker.settle();
  expect(await statusOf('sid')).toEqual({ status: 'pending', attempts: 2, lastError: 'http 500' });
  await later();
  await worker.settle();
  expect(await statusOf('sid')).toEqual({ status: 'delivered', attempts: 3, lastError: null });
  expect(tries.map(({ outcome, error }) => [outcome, error])).toEqual([
    ['postponed', 'http 500'],
    ['postponed', 'http 500'],
    ['delivered', undefined],
  ]);
});

/** An app that hangs, of an account of its own unless one is given, and its tokens. */
async function stuckApp(name: string, sids: readonly string[], given?: TestAccount) {
  const owner = given ?? (await newAccount(harness));
  const { promise, finish } = hanging();
  const clientId = await app(name, owner);
  behaviour.set(clientId, () => promise);
  await noteFor(owner, clientId, ...sids);
  return { finish };
}

test('apps that hang delay nobody else, and each takes up one place at most', async () => {
  const stuck: { finish: () => void }[] = [];
  for (let at = 0; at < 7; at += 1) stuck.push(await stuckApp(`stuck${at}_`, [`stuck-${at}-a`, `stuck-${at}-b`]));
  const good = await app('good');
  await note(good, 'good-1', 'good-2', 'good-3');
  const worker = newWorker();
  worker.nudge();
  await expect.poll(async () => (await statusOf('good-3'))?.status).toBe('delivered');
  expect(sidsSent().toSorted()).toEqual(
    ['good-1', 'good-2', 'good-3', ...stuck.map((_, at) => `stuck-${at}-a`)].toSorted(),
  );
  expect(underWay).toHaveLength(7);
  for (const { finish } of stuck) finish();
  await worker.settle();
  expect(mostUnderWay).toBe(8);
  // One try told enough for both.
  expect(await statusOf('stuck-0-a')).toEqual({ status: 'pending', attempts: 1, lastError: 'timeout' });
  expect(await statusOf('stuck-0-b')).toEqual({ status: 'pending', attempts: 0, lastError: 'timeout' });
});

test('an account whose apps all hang holds two places at most, and its failures hold back no other account', async () => {
  const stuck: { finish: () => void }[] = [];
  for (let at = 0; at < 9; at += 1) stuck.push(await stuckApp(`bad${at}_`, [`bad-${at}`], account));
  const neighbour = await newAccount(harness);
  const good = await app('good', neighbour);
  await noteFor(neighbour, good, 'good-1', 'good-2');
  const worker = newWorker();
  worker.nudge();
  await expect.poll(async () => (await statusOf('good-2'))?.status).toBe('delivered');
  expect(underWay).toHaveLength(2);
  for (const { finish } of stuck) finish();
  await worker.settle();
  expect(mostUnderWay).toBe(3);
  expect(sent).toHaveLength(11);
  await noteFor(neighbour, good, 'good-3');
  await worker.settle();
  expect(await statusOf('good-3')).toEqual({ status: 'delivered', attempts: 1, lastError: null });
});

test('accounts that hang together leave lanes for others: one each where half of all are taken', async () => {
  const stuck: { finish: () => void }[] = [];
  for (let owner = 0; owner < 4; owner += 1) {
    const theirs = await newAccount(harness);
    for (let at = 0; at < 3; at += 1) stuck.push(await stuckApp(`bad${at}_`, [`bad-${owner}-${at}`], theirs));
  }
  const good = await app('good');
  await note(good, 'good-1');
  const worker = newWorker();
  worker.nudge();
  await expect.poll(async () => (await statusOf('good-1'))?.status).toBe('delivered');
  expect(underWay.length).toBeLessThan(8);
  for (const { finish } of stuck) finish();
  await worker.settle();
  expect(sent).toHaveLength(13);
});

test('never more than eight are under way, however many apps there are', async () => {
  const stuck: { finish: () => void }[] = [];
  for (let at = 0; at < 12; at += 1) stuck.push(await stuckApp(`busy${at}_`, [`sid-${at}`]));
  const worker = newWorker();
  worker.nudge();
  await expect.poll(() => underWay.length).toBe(8);
  for (const { finish } of stuck) finish();
  await worker.settle();
  expect([mostUnderWay, sent.length]).toEqual([8, 12]);
});

test('what is no fault of the app counts as no try, and is made up for', async () => {
  const clientId = await app('unlucky');
  const away = new StoreUnavailableError('ephemeral', new Error('away'));
  behaviour.set(clientId, () => Promise.reject(away));
  await note(clientId, 'sid');
  const worker = newWorker();
  await worker.settle();
  expect(failures).toEqual([away]);
  expect(await statusOf('sid')).toEqual({ status: 'pending', attempts: 0, lastError: null });
  behaviour.clear();
  await later();
  await worker.settle();
  expect(await statusOf('sid')).toMatchObject({ status: 'delivered', attempts: 1 });
});

test('an app that has no address any more is not tried again', async () => {
  const clientId = await app('moved');
  await note(clientId, 'sid');
  await db().update(applications).set({ backchannelLogoutUri: null }).where(eq(applications.clientId, clientId));
  behaviour.set(clientId, () => Promise.resolve({ outcome: 'pointless', error: 'no address' }));
  const worker = newWorker();
  await worker.settle();
  expect(await statusOf('sid')).toEqual({ status: 'failed', attempts: 1, lastError: 'no address' });
  await later();
  await worker.settle();
  expect(sent).toHaveLength(1);
  expect(tries.map(({ outcome }) => outcome)).toEqual(['failed']);
});

test('after a day it is given up', async () => {
  const clientId = await app('dead');
  behaviour.set(clientId, () => refusing('tls', false));
  await note(clientId, 'sid');
  await db().update(logoutDeliveries).set({ createdAt: sql`now() - interval '25 hours'` });
  const worker = newWorker();
  await worker.settle();
  expect(await statusOf('sid')).toEqual({ status: 'failed', attempts: 1, lastError: 'tls' });
  await later();
  await worker.settle();
  expect(sent).toHaveLength(1);
});

test('two processes at it send each token once between them', async () => {
  const clientIds = await Promise.all(Array.from({ length: 4 }, (_, at) => app(`twice${at}_`)));
  for (const clientId of clientIds) await note(clientId, ...Array.from({ length: 8 }, (_, at) => `${clientId}-${at}`));
  await Promise.all([newWorker().settle(), newWorker().settle()]);
  expect(new Set(sidsSent()).size).toBe(32);
  expect(sent).toHaveLength(32);
});

test('an order becomes deliveries, and those are made, at one nudge', async () => {
  const alice = await newUser(db(), account.accountId, 'alice');
  const clientId = await app('told');
  const authorizations = { [clientId]: { sid: 'her-sid' } };
  await plantSession(harness.deps, { issuerName: account.alias, user: alice, uid: 'hers' }, { authorizations });
  await raiseUserEpoch(db(), alice.userId);
  const worker = newWorker();
  worker.nudge();
  worker.nudge();
  await expect.poll(sidsSent).toEqual(['her-sid']);
  expect(sent[0]).toMatchObject({ clientId, issuerName: account.alias, userId: alice.userId });
  await worker.settle();
  expect(await db().$count(sessionEndings)).toBe(0);
});

test('started, it finds by itself what nobody nudged it for', async () => {
  const clientId = await app('quiet');
  await note(clientId, 'sid');
  newWorker().start();
  await expect.poll(sidsSent, { timeout: 10_000 }).toEqual(['sid']);
});

test('closed, it finishes what is under way and leaves the rest of it to others at once', async () => {
  const clientId = await app('closing');
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  behaviour.set(clientId, () => promise);
  await note(clientId, 'first', 'second', 'third');
  const worker = newWorker();
  worker.start();
  await expect.poll(sidsSent).toEqual(['first']);
  const closing = worker.close();
  resolve(delivered);
  await closing;
  worker.nudge();
  await worker.settle();
  expect(sidsSent()).toEqual(['first']);
  expect((await statusOf('first'))?.status).toBe('delivered');
  behaviour.clear();
  await newWorker().settle();
  expect(sidsSent()).toEqual(['first', 'second', 'third']);
});
