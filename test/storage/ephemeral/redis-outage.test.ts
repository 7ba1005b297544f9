import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openRedis } from '../../../src/storage/ephemeral/redis.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { describeWithRedis } from '../../support/describe-with-servers.ts';
import type { ThrowawayServer } from '../../support/throwaway-process.ts';
import { runRedisCommand, startThrowawayRedis, startThrowawayRedisCluster } from '../../support/throwaway-redis.ts';

const forOutage = { forOutage: true };
describeWithRedis('Redis out of reach', () => describeOutages(() => startThrowawayRedis(forOutage)), forOutage);
describeWithRedis('a Redis Cluster out of reach', () => describeOutages(startThrowawayRedisCluster), forOutage);

function describeOutages(start: () => Promise<ThrowawayServer>): void {
  let server: ThrowawayServer;
  let store: EphemeralStore;

  beforeAll(async () => {
    server = await start();
    store = openRedis({ url: server.url });
  });
  afterEach(async () => {
    await server.restart();
    await expectRecovery();
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  /** Enough keys to meet every node of a Cluster. */
  const recoveryKeys = Array.from({ length: 30 }, (_, i) => `recovered-${i}`);
  const expectRecovery = () =>
    vi.waitFor(() => Promise.all(recoveryKeys.map((key) => store.set(key, 'yes', 60))), {
      timeout: 25_000,
      interval: 50,
    });
  const commands: Record<string, () => Promise<unknown>> = {
    get: () => store.get('key'),
    set: () => store.set('key', 'value', 60),
    create: () => store.create('key', 'value', 60),
    compareAndSet: () => store.compareAndSet('key', 'value', 'next', 60),
    take: () => store.take('key'),
    delete: () => store.delete('key'),
    increment: () => store.increment('key', 60),
    addToIndex: () => store.addToIndex('key', 'member', 60),
    removeFromIndex: () => store.removeFromIndex('key', 'member'),
    listIndex: () => store.listIndex('key'),
    ping: () => store.ping(),
  };
  const expectUnavailable = async (command: () => Promise<unknown>) => {
    const start = performance.now();
    await expect(command()).rejects.toMatchObject({ name: 'StoreUnavailableError', store: 'ephemeral' });
    expect(performance.now() - start).toBeLessThan(3_500);
  };

  it('every command against a dead Redis is refused within seconds and works again by itself', async () => {
    await server.kill();
    await Promise.all(Object.values(commands).map(expectUnavailable));
    await server.restart();
    await expectRecovery();
    for (const command of [commands['increment'], commands['get'], commands['delete']]) await command?.();
  });

  it('a Redis that hangs is given up, and served again when it answers', async () => {
    await store.ping();
    server.pause();
    await Promise.all(Object.values(commands).map(expectUnavailable));
    server.resume();
    await expectRecovery();
  });

  it('a restarted Redis, which has forgotten the scripts, still runs them', async () => {
    await store.increment('before', 60);
    await server.restart();
    await expectRecovery();
    expect(await store.increment('after', 60)).toEqual({ count: 1, ttlSeconds: 60 });
    await store.set('swap', 'a', 60);
    expect(await store.compareAndSet('swap', 'a', 'b')).toBe(true);
  });

  it('what was refused while Redis was dead is not carried out later', async () => {
    await server.kill();
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => expectUnavailable(() => store.set(`late-${i}`, 'value', 60))),
    );
    await server.restart();
    await expectRecovery();
    const found = await Promise.all(Array.from({ length: 100 }, (_, i) => store.get(`late-${i}`)));
    expect(found.filter((value) => value !== undefined)).toEqual([]);
  });
}

describeWithRedis(
  'one Redis',
  () => {
    let server: ThrowawayServer;
    beforeAll(async () => {
      server = await startThrowawayRedis(forOutage);
    });
    afterAll(() => server.stop());

    it('a store opened while Redis is away answers as soon as it is there', async () => {
      await server.kill();
      const store = openRedis({ url: server.url });
      await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
      await server.restart();
      await vi.waitFor(() => store.ping(), { timeout: 10_000, interval: 50 });
      await store.close();
      await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
    });

    it('keys stand under the prefix, in scripts too, and carry an expiry', async () => {
      const store = openRedis({ url: server.url, keyPrefix: 'postern:' });
      await store.set('a', 'value', 60);
      await store.increment('b', 60);
      await store.addToIndex('c', 'member', 60);
      await store.create('d', 'value', 60);
      const keys = (await runRedisCommand(server.url, 'KEYS', '*')) as string[];
      expect(keys.sort()).toEqual(['postern:a', 'postern:b', 'postern:c', 'postern:d']);
      for (const key of keys) expect(await runRedisCommand(server.url, 'TTL', key)).toBeGreaterThan(0);
      await store.close();
    });

    it('a refusal of another kind stays what it is, without the values that were sent', async () => {
      const store = openRedis({ url: server.url });
      await store.addToIndex('a-set', 'member', 60);
      const refusal = await store.compareAndSet('a-set', 'canary-old', 'canary-new').catch((error: unknown) => error);
      expect(refusal).not.toBeInstanceOf(StoreUnavailableError);
      expect(refusal).toMatchObject({ name: 'ReplyError', message: expect.stringContaining('WRONGTYPE') });
      expect(JSON.stringify({ ...(refusal as object) })).not.toContain('canary');
      await store.close();
    });

    it('a database number of the address is used', async () => {
      const store = openRedis({ url: `${server.url}/3` });
      await store.set('in-three', 'value', 60);
      expect(await runRedisCommand(`${server.url}/3`, 'EXISTS', 'in-three')).toBe(1);
      expect(await runRedisCommand(server.url, 'EXISTS', 'in-three')).toBe(0);
      await store.close();
    });
  },
  forOutage,
);
