import { setTimeout as delay } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Database, DatabaseHandle } from '../../../src/storage/db/database.ts';
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openPostgres } from '../../../src/storage/db/postgres.ts';
import { deploymentSettings } from '../../../src/storage/db/schema/deployment-settings.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { startThrowawayPostgres } from '../../support/throwaway-postgres.ts';
import type { ThrowawayServer } from '../../support/throwaway-process.ts';

describeWithPostgres('Postgres out of reach', describeOutages, { forOutage: true });

function describeOutages(): void {
  let server: ThrowawayServer;
  let handle: DatabaseHandle;
  let db: Database;
  const uncaught: unknown[] = [];
  const collect = (error: unknown) => uncaught.push(error);

  beforeAll(async () => {
    server = await startThrowawayPostgres({ forOutage: true });
    handle = await openPostgres({ url: server.url, maxConnections: 4, statementTimeoutSeconds: 3 });
    db = handle.db;
    await migrate(db);
    process.on('uncaughtExceptionMonitor', collect);
  });
  afterEach(async () => {
    expect(uncaught).toEqual([]);
    await server.restart();
    await expectRecovery();
  });
  afterAll(async () => {
    process.off('uncaughtExceptionMonitor', collect);
    await handle.close();
    await server.stop();
  });

  const expectRecovery = () => expect.poll(() => handle.ping().then(() => true), { timeout: 25_000 }).toBe(true);
  const readName = (name: string) => db.select().from(deploymentSettings).where(eq(deploymentSettings.name, name));
  /** How long `attempt` took to be refused as unavailable, ms. */
  const expectUnavailable = async (attempt: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await expect(attempt()).rejects.toMatchObject({ name: 'StoreUnavailableError', store: 'database' });
    return performance.now() - start;
  };

  it('a query against a dead server is refused at once, and works again by itself when it is back', async () => {
    await server.kill();
    expect(await expectUnavailable(() => readName('any'))).toBeLessThan(2_000);
    expect(await expectUnavailable(() => handle.ping())).toBeLessThan(2_000);
    await server.restart();
    await expectRecovery();
    expect(await readName('any')).toEqual([]);
  });

  it('a restart between two queries is not even noticed', async () => {
    await Promise.all([handle.ping(), handle.ping(), handle.ping()]);
    await server.restart();
    await expect(handle.ping()).resolves.toBeUndefined();
  });

  it('many callers at once are all refused in time, and nothing they asked for happens later', async () => {
    await server.kill();
    const names = Array.from({ length: 200 }, (_, i) => `late-${i}`);
    const attempts = names.map((name) =>
      expectUnavailable(async () => db.insert(deploymentSettings).values({ name, value: 'x' })),
    );
    expect(Math.max(...(await Promise.all(attempts)))).toBeLessThan(5_000);
    await server.restart();
    await expectRecovery();
    expect(await db.$count(deploymentSettings)).toBe(0);
  });

  it('a server that hangs is given up within seconds, for open and for new connections', async () => {
    await handle.ping();
    server.pause();
    const attempts = Array.from({ length: 12 }, () => expectUnavailable(() => readName('any')));
    expect(Math.max(...(await Promise.all(attempts)))).toBeLessThan(12_000);
    server.resume();
    await expectRecovery();
  });

  it('a statement that runs too long is ended by the server', async () => {
    expect(await expectUnavailable(async () => db.execute(sql`select pg_sleep(20)`))).toBeLessThan(6_000);
    const running = sql<number>`count(*)`;
    const [row] = await db
      .select({ running })
      .from(sql`pg_stat_activity`)
      .where(sql`state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()`);
    expect(row?.running).toBe(0);
  });

  it('a transaction whose server dies is refused, and neither it nor what it would have gone on with happens', async () => {
    const attempt = db.transaction(async (transaction) => {
      await transaction.insert(deploymentSettings).values({ name: 'first', value: 'x' });
      await server.kill();
      await server.restart();
      await transaction.insert(deploymentSettings).values({ name: 'second', value: 'x' });
    });
    await expect(attempt).rejects.toBeInstanceOf(StoreUnavailableError);
    await expectRecovery();
    expect(await db.$count(deploymentSettings)).toBe(0);
  });

  it('a broken transaction that swallows its error does not commit, nor reach the connection of another', async () => {
    let survivor: Promise<void> | undefined;
    const broken = db.transaction(async (transaction) => {
      await transaction.insert(deploymentSettings).values({ name: 'broken', value: 'x' });
      await server.restart();
      await expectUnavailable(async () => transaction.insert(deploymentSettings).values({ name: 'more', value: 'x' }));
      survivor = db.transaction(async (inner) => {
        await inner.insert(deploymentSettings).values({ name: 'survivor', value: 'x' });
        await delay(200);
        await inner.insert(deploymentSettings).values({ name: 'survivor-2', value: 'x' });
      });
    });
    await expect(broken).rejects.toBeInstanceOf(StoreUnavailableError);
    await survivor;
    const names = await db.select({ name: deploymentSettings.name }).from(deploymentSettings);
    expect(names.map(({ name }) => name).sort()).toEqual(['survivor', 'survivor-2']);
    await db.delete(deploymentSettings);
  });

  it('a statement in flight within a savepoint is refused when the server dies', async () => {
    const attempt = db.transaction((transaction) =>
      transaction.transaction(async (savepoint) => {
        const sleeping = savepoint.execute(sql`select pg_sleep(2)`);
        await Promise.all([sleeping, server.kill()]);
      }),
    );
    await expect(attempt).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('an idle transaction on a server that hangs is refused at its next statement', async () => {
    const attempt = db.transaction(async (transaction) => {
      await transaction.execute(sql`select 1`);
      server.pause();
      await transaction.execute(sql`select 2`);
    });
    await expect(attempt).rejects.toBeInstanceOf(StoreUnavailableError);
    server.resume();
  });

  it('a caller that finds all connections taken waits a while and is then refused', async () => {
    const holders: (() => void)[] = [];
    const held = Array.from({ length: 4 }, () =>
      db.transaction(async () => {
        await new Promise<void>((resolve) => holders.push(resolve));
      }),
    );
    await expect.poll(() => holders.length).toBe(4);
    expect(await expectUnavailable(() => readName('any'))).toBeGreaterThan(1_000);
    for (const release of holders) release();
    await Promise.all(held);
    expect(await readName('any')).toEqual([]);
  });
}

describeWithPostgres('Postgres at the start', () => {
  it('a server that is away does not keep the handle from opening', async () => {
    const handle = await openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(handle.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
    await handle.close();
    await expect(handle.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('an address that is none is refused without being repeated', async () => {
    const opening = openPostgres({ url: 'not-an-address-with-secret' });
    await expect(opening).rejects.toThrow(TypeError);
    await expect(opening).rejects.not.toThrow(/secret/);
  });
});
