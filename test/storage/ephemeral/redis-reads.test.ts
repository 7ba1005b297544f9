import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openRedis } from '../../../src/storage/ephemeral/redis.ts';
import { describeWithRedis } from '../../support/describe-with-servers.ts';
import { startThrowawayRedis, type ThrowawayRedis } from '../../support/throwaway-redis.ts';

const forOutage = { forOutage: true };

describeWithRedis(
  'reads of one round',
  () => {
    let server: ThrowawayRedis;
    let store: EphemeralStore;
    let observer: Redis;
    beforeAll(async () => {
      server = await startThrowawayRedis(forOutage);
      store = openRedis({ url: server.url, keyPrefix: server.keyPrefix });
      observer = new Redis(server.url);
    });
    afterAll(async () => {
      observer.disconnect();
      await store.close();
      await server.stop();
    });

    const callsOf = async (command: string): Promise<number> =>
      Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(await observer.info('commandstats'))?.[1] ?? 0);

    it('go out as one command, and each is answered with its own value', async () => {
      await Promise.all(['a', 'b', 'c'].map((key) => store.set(key, `value of ${key}`, 60)));
      const before = await callsOf('mget');
      const values = await Promise.all(['c', 'absent', 'a', 'b', 'a'].map((key) => store.get(key)));
      expect(values).toEqual(['value of c', undefined, 'value of a', 'value of b', 'value of a']);
      expect([(await callsOf('mget')) - before, await callsOf('get')]).toEqual([1, 0]);
    });

    it('a read begun after a write was acknowledged sees it, however many are under way', async () => {
      const seen = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          await store.set(`key-${index}`, String(index), 60);
          return await store.get(`key-${index}`);
        }),
      );
      expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
    });
  },
  forOutage,
);
