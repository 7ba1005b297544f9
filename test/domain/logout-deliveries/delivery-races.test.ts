import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimDeliveries, insertLogoutDeliveries } from '../../../src/domain/logout-deliveries/deliveries-store.ts';
import { createLogoutWorker } from '../../../src/domain/logout-deliveries/logout-worker.ts';
import { claimSessionEnding } from '../../../src/domain/sessions/session-endings-store.ts';
import { raiseUserEpoch } from '../../../src/domain/users/users-store.ts';
import { logoutDeliveries, sessionEndings } from '../../../src/storage/db/schema/logout-deliveries.ts';
import { databaseServers } from '../database-servers.ts';
import { type Harness, newAccount, newUser, type TestAccount } from '../operation-harness.ts';
import { plantApp, plantSession } from '../sessions/planted-sessions.ts';

describe.each(databaseServers)('at once, on %s', (_name, openOn) => {
  let harness: Harness;
  let account: TestAccount;
  beforeAll(async () => {
    harness = await openOn();
  });
  beforeEach(async () => {
    await harness.deps.db.delete(logoutDeliveries);
    await harness.deps.db.delete(sessionEndings);
    account = await newAccount(harness);
  });
  afterAll(() => harness.close());

  const db = () => harness.deps.db;
  const app = (name: string) => plantApp(harness.deps, account.accountId, `app_${name}${account.alias}`);

  test('nobody claims what another has', async () => {
    const clientIds = await Promise.all(['a', 'b', 'c'].map(app));
    for (let at = 0; at < 40; at += 1)
      await insertLogoutDeliveries(db(), {
        ...{ accountId: account.accountId, issuerName: account.alias, userId: '200000000000000001' },
        apps: clientIds.map((clientId) => ({ clientId, sid: `sid-${at}` })),
      });
    const taken: number[] = [];
    const claimAll = async (): Promise<void> => {
      for (;;) {
        const batch = await claimDeliveries(db(), { exceptClients: [], exceptAccounts: [], limit: 3 });
        taken.push(...batch.map(({ logoutDeliveryId }) => logoutDeliveryId));
        if (batch.length === 0) return;
      }
    };
    await Promise.all(Array.from({ length: 6 }, claimAll));
    // Whoever found everything of one app in others' hands gave up early; what that left is found by the next look.
    await claimAll();
    expect([taken.length, new Set(taken).size]).toEqual([120, 120]);
  });

  test('nobody takes up an order that another has', async () => {
    for (let at = 0; at < 20; at += 1) await raiseUserEpoch(db(), account.admin.userId);
    const found = await Promise.all(
      Array.from({ length: 40 }, () => claimSessionEnding(db(), { wholeAccounts: true })),
    );
    const ids = found.flatMap((order) => (order === undefined ? [] : [order.sessionEndingId]));
    expect([ids.length, new Set(ids).size]).toEqual([20, 20]);
  });

  test('two processes tell each app once of each session of many users', async () => {
    const clientIds = await Promise.all(['one', 'two', 'three'].map(app));
    const expected: string[] = [];
    for (let at = 0; at < 8; at += 1) {
      const user = await newUser(db(), account.accountId, `user${at}`);
      const sids = clientIds.map((clientId) => [clientId, { sid: `${clientId}-${at}` }] as const);
      expected.push(...sids.map(([, { sid }]) => sid));
      const logon = { issuerName: account.alias, user, uid: `uid-${at}-${account.alias}` };
      await plantSession(harness.deps, logon, { authorizations: Object.fromEntries(sids) });
      await raiseUserEpoch(db(), user.userId);
    }
    const sent: string[] = [];
    const failures: unknown[] = [];
    const newWorker = () =>
      createLogoutWorker({
        ...{ db: db(), ephemeral: harness.deps.ephemeral },
        send: ({ sid }) => {
          sent.push(sid);
          return Promise.resolve({ outcome: 'delivered' });
        },
        onTry: () => undefined,
        onFailure: (error) => failures.push(error),
      });
    const workers = [newWorker(), newWorker()];
    await Promise.all(workers.map((worker) => worker.settle()));
    await Promise.all(workers.map((worker) => worker.settle()));
    await Promise.all(workers.map((worker) => worker.close()));
    expect(sent.toSorted()).toEqual(expected.toSorted());
    expect(failures).toEqual([]);
    const [left] = await db()
      .select({ pending: sql<number>`count(*) filter (where ${logoutDeliveries.status} = 'pending')::int` })
      .from(logoutDeliveries);
    expect([left?.pending, await db().$count(sessionEndings)]).toEqual([0, 0]);
  });
});
