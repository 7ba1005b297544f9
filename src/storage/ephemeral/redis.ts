import type { EphemeralStore } from './ephemeral-store.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import { connectRedis, runCommand } from './redis-connection.ts';
import { createSharedReads } from './redis-reads.ts';

interface RedisStoreOptions {
  /** See `parseRedisUrl`. */
  readonly url: string;
  /** Stands before every key, for servers that hold more than this. */
  readonly keyPrefix?: string;
}

const orUndefined = (value: string | null): string | undefined => value ?? undefined;

/**
 * The store on Redis 6.2 or later: one server, the master a Sentinel names, or a Cluster. It connects in the background, so a
 * Redis that is away at the start is no error here. Errors: RedisUrlError.
 */
export function openRedis({ url, keyPrefix = '' }: RedisStoreOptions): EphemeralStore {
  const target = parseRedisUrl(url);
  const client = connectRedis(target, keyPrefix);
  const run = <T>(command: () => Promise<T>) => runCommand(client, command);
  const readAlone = (key: string) => run(() => client.get(key).then(orUndefined));
  return {
    get: target.kind === 'cluster' ? readAlone : createSharedReads(client),
    set: async (key, value, ttlSeconds) => {
      await run(() => client.set(key, value, 'EX', ttlSeconds));
    },
    create: async (key, value, ttlSeconds) =>
      (await run(() => client.set(key, value, 'EX', ttlSeconds, 'NX'))) === 'OK',
    compareAndSet: async (key, expected, next, ttlSeconds) =>
      (await run(() => client.compareAndSetEntry(key, expected, next, ttlSeconds?.toString() ?? ''))) === 1,
    take: async (key) => (await run(() => client.getdel(key))) ?? undefined,
    delete: async (key) => (await run(() => client.del(key))) === 1,
    increment: async (key, ttlSeconds) => {
      const [count, ttlMs] = await run(() => client.incrementCounter(key, ttlSeconds));
      return { count, ttlSeconds: Math.ceil(ttlMs / 1_000) };
    },
    decrement: async (key) => {
      await run(() => client.decrementCounter(key));
    },
    addToIndex: async (key, member, ttlSeconds) => {
      await run(() => client.addIndexMember(key, member, ttlSeconds));
    },
    removeFromIndex: async (key, member) => {
      await run(() => client.srem(key, member));
    },
    listIndex: (key) => run(() => client.smembers(key)),
    ping: async () => {
      await run(() => client.ping());
    },
    close: () => {
      client.disconnect();
      return Promise.resolve();
    },
  };
}
