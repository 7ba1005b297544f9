import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearTries, type ThrottledTry, takeTry } from '../../../src/domain/throttle/throttle.ts';
import type { EphemeralStore } from '../../../src/storage/ephemeral/ephemeral-store.ts';
import { openRedis } from '../../../src/storage/ephemeral/redis.ts';
import { describeWithRedis } from '../../support/describe-with-servers.ts';
import { openEmbeddedPair } from '../../support/store-pairs.ts';
import { startThrowawayRedis } from '../../support/throwaway-redis.ts';

interface Opened {
  readonly store: EphemeralStore;
  readonly close: () => Promise<void>;
}

describe('throttling over the database', () => {
  throttling(async () => {
    const { stores, close } = await openEmbeddedPair();
    return { store: stores[0], close };
  });
});
describeWithRedis('throttling over Redis', () => {
  throttling(async () => {
    const server = await startThrowawayRedis();
    const store = openRedis(server);
    return {
      store,
      close: async () => {
        await store.close();
        await server.stop();
      },
    };
  });
});

function throttling(open: () => Promise<Opened>): void {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());

  const base: ThrottledTry = { accountId: '1', userName: 'alice', factor: 'password', sourceIp: '192.0.2.1' };
  const named = (userName: string): ThrottledTry => ({ ...base, userName });
  const take = (attempt: ThrottledTry) => takeTry(opened.store, attempt);
  const exhaust = async (attempt: ThrottledTry) => {
    for (let i = 0; i < 10; i += 1) expect(await take(attempt)).toBeUndefined();
  };

  it('ten tries are evaluated, the eleventh waits, and says how long', async () => {
    await exhaust(named('ten'));
    const refused = await take(named('ten'));
    expect(refused?.waitSeconds).toBeGreaterThan(800);
    expect(refused?.waitSeconds).toBeLessThanOrEqual(900);
  });

  it('of fifty parallel tries exactly ten are evaluated', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => take(named('racing'))));
    expect(results.filter((result) => result === undefined).length).toBe(10);
  });

  it('trying on does not prolong the wait', async () => {
    await exhaust(named('patient'));
    const first = (await take(named('patient')))?.waitSeconds ?? 0;
    for (let i = 0; i < 20; i += 1) await take(named('patient'));
    expect((await take(named('patient')))?.waitSeconds).toBeLessThanOrEqual(first);
  });

  it('case does not make another name', async () => {
    await exhaust(named('Bob'));
    expect(await take(named('BOB'))).toBeDefined();
  });

  it.each<[string, Partial<ThrottledTry>]>([
    ['another user', { userName: 'carol2' }],
    ['another account', { accountId: '2' }],
    ['another source: the owner is not locked out by a stranger', { sourceIp: '198.51.100.7' }],
    ['the second factor', { factor: 'second-factor' }],
  ])('is none of the business of %s', async (_what, change) => {
    const attempt = { ...base, userName: `carol-${JSON.stringify(change)}` };
    await exhaust(attempt);
    expect(await take(attempt)).toBeDefined();
    expect(await take({ ...attempt, ...change })).toBeUndefined();
  });

  it('names cannot be made to run into one another', async () => {
    await exhaust({ ...base, userName: 'x","password' });
    expect(await take({ ...base, userName: 'x' })).toBeUndefined();
  });

  it('a success clears the count', async () => {
    await exhaust(named('dave'));
    await clearTries(opened.store, named('dave'));
    expect(await take(named('dave'))).toBeUndefined();
  });
}
