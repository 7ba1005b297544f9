import { eq, sql } from 'drizzle-orm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../../src/compose.ts';
import type { NewAccountHandover } from '../../src/domain/accounts/create-account.ts';
import type { DatabaseHandle } from '../../src/storage/db/database.ts';
import { openPostgres } from '../../src/storage/db/postgres.ts';
import { logoutDeliveries, sessionEndings } from '../../src/storage/db/schema/logout-deliveries.ts';
import { openTestStores } from '../support/server-environment.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import { startServerProcess } from '../support/server-process.ts';
import { openTestAccount } from '../support/test-account.ts';
import { configFrom, keyRingFrom } from '../support/test-server.ts';
import {
  connectFiveApps,
  type Ending,
  endings,
  type FiveApps,
  newUserFor,
  openAllFive,
  sidsOf,
  sidsTold,
  tokensSoFar,
} from './five-apps.ts';
import { describeWithPostgresAndRedis } from './over-both-stores.ts';

/** A process takes seconds to start on a busy machine. */
const slow = 180_000;
const loopback = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' };

/** As if the time had passed that whoever claimed something has for it. */
async function endLeases({ db }: Pick<DatabaseHandle, 'db'>): Promise<void> {
  await db.update(sessionEndings).set({ dueAt: sql`now()` });
  await db.update(logoutDeliveries).set({ dueAt: sql`now()` }).where(eq(logoutDeliveries.status, 'pending'));
}

describeWithPostgresAndRedis('back-channel logout by two processes', () => {
  let pair: ServerPair;
  let database: DatabaseHandle;
  let five: FiveApps;
  beforeAll(async () => {
    pair = await startServerPair(loopback);
    database = await openPostgres({ url: pair.stores.postgres?.url ?? '' });
    five = await connectFiveApps(await pair.account());
  });
  afterAll(async () => {
    await five.close();
    await database.close();
    await pair.close();
  });

  const toldTimes = (before: readonly number[]) => tokensSoFar(five).map((count, at) => count - (before[at] ?? 0));
  const everyEnding = Object.entries(endings) as [string, Ending][];

  it.each(everyEnding)('%s, done by either of them, tells each app once', async (what, end) => {
    for (const process of [0, 1] as const) {
      const inFive = await openAllFive(five, await newUserFor(five.account, what));
      const before = tokensSoFar(five);
      pair.routeTo(process);
      await end(five, inFive);
      pair.routeTo('alternate');
      await expect.poll(() => toldTimes(before), { timeout: 10_000 }).toEqual([1, 1, 1, 1, 1]);
      expect(await sidsTold(five, inFive.user, before)).toEqual(sidsOf(inFive).map((sid) => [sid]));
    }
  });

  it.each(everyEnding)(
    '%s, done by one that is killed right after it has answered, is told by the other',
    async (what, end) => {
      const inFive = await openAllFive(five, await newUserFor(five.account, what));
      const before = tokensSoFar(five);
      pair.routeTo(0);
      await end(five, inFive);
      await pair.processes[0].kill();
      pair.routeTo(1);
      await endLeases(database);
      await expect.poll(() => Math.min(...toldTimes(before)), { timeout: 20_000 }).toBeGreaterThan(0);
      // What the dead one had sent without noting it comes twice; nothing else ever comes.
      for (const [at, sids] of (await sidsTold(five, inFive.user, before)).entries())
        expect(new Set(sids)).toEqual(new Set([sidsOf(inFive)[at]]));
      await pair.processes[0].start();
      pair.routeTo('alternate');
    },
    slow,
  );

  it('a process that is asked to stop leaves what an app did not take to the other', async () => {
    const [app] = five.apps;
    app?.server.answerLogoutsWith(503);
    const inFive = await openAllFive(five, await five.account.createUser());
    const before = tokensSoFar(five);
    pair.routeTo(0);
    await endings['user disabled'](five, inFive);
    await expect.poll(() => toldTimes(before), { timeout: 20_000 }).toEqual([1, 1, 1, 1, 1]);
    await pair.processes[0].stop();
    expect(pair.processes[0].exitCode()).toBe(0);
    pair.routeTo(1);
    await endLeases(database);
    await expect.poll(() => toldTimes(before), { timeout: 20_000 }).toEqual([2, 1, 1, 1, 1]);
    await pair.processes[0].start();
    pair.routeTo('alternate');
  });
});

describe('back-channel logout by the only process', () => {
  it(
    'killed before the apps could be told, it tells them when it is started again',
    async () => {
      const stores = await openTestStores('embedded');
      const server = await startServerProcess(stores, loopback);
      const text = readFileSync(join(stores.settings['DATA_DIR'] ?? '', 'first-run.json'), 'utf8');
      const five = await connectFiveApps(openTestAccount(JSON.parse(text) as NewAccountHandover));
      const signedOut = await openAllFive(five, await five.account.createUser());
      // None of them takes it as long as this process lives.
      for (const { server: receiver } of five.apps) receiver.answerLogoutsWith('hang');
      await endings['sign-out by an app'](five, signedOut);
      await expect.poll(() => tokensSoFar(five), { timeout: 20_000 }).toEqual([1, 1, 1, 1, 1]);
      await server.kill();
      const config = configFrom(server.environment);
      const backend = await openBackend(config, await keyRingFrom(config), process.pid);
      await endLeases(backend);
      await backend.close();
      const before = tokensSoFar(five);
      await server.start();
      await expect.poll(() => tokensSoFar(five), { timeout: 20_000 }).toEqual([2, 2, 2, 2, 2]);
      expect(await sidsTold(five, signedOut.user, before)).toEqual(sidsOf(signedOut).map((sid) => [sid]));
      await five.close();
      await server.stop();
      await stores.remove();
    },
    slow,
  );
});
