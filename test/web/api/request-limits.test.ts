import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/app-error.ts';
import { createRequestLimiter } from '../../../src/web/api/request-limits.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { newUser, refusal, userRow } from '../../domain/operation-harness.ts';
import { type ApiServer, callerOn, newApiAccount, openApiServer, send } from './api-server.ts';

const limit = { policy: 'caller', requests: 60, windowSeconds: 60 };

/** A store that counts, with a clock of its own. */
function countingStore() {
  const state = { asked: 0, now: 0, counters: new Map<string, { count: number; endsAt: number }>() };
  const increment = async (key: string, ttlSeconds: number) => {
    await Promise.resolve();
    state.asked += 1;
    const known = state.counters.get(key);
    const counter =
      known !== undefined && known.endsAt > state.now ? known : { count: 0, endsAt: state.now + ttlSeconds * 1000 };
    counter.count += 1;
    state.counters.set(key, counter);
    return { count: counter.count, ttlSeconds: Math.ceil((counter.endsAt - state.now) / 1000) };
  };
  return { state, increment, now: () => state.now };
}

const letThrough = async (attempts: readonly Promise<unknown>[]): Promise<number> =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length;

describe('the limit of requests', () => {
  it('lets through as many as the window has and no more, then says when the next begins', async () => {
    const store = countingStore();
    const limiter = createRequestLimiter(store, limit, store.now);
    for (let sent = 1; sent <= 60; sent += 1) expect((await limiter.take('a')).remaining).toBe(60 - sent);
    store.state.now += 20_000;
    const refused = await refusal(limiter.take('a'));
    expect([refused.code, refused.retryAfterSeconds]).toEqual(['Throttling.User', 40]);
    expect((await limiter.take('b')).remaining).toBe(59);
    store.state.now += 40_000;
    expect((await limiter.take('a')).remaining).toBe(59);
  });

  it('asks the store once for a portion, not once a request', async () => {
    const store = countingStore();
    const limiter = createRequestLimiter(store, { ...limit, requests: 600 }, store.now);
    for (let sent = 0; sent < 600; sent += 1) await limiter.take('a');
    expect(store.state.asked).toBe(30);
    for (let sent = 0; sent < 50; sent += 1) await refusal(limiter.take('a'));
    expect(store.state.asked).toBe(30);
  });

  it('holds for racing requests', async () => {
    const store = countingStore();
    const limiter = createRequestLimiter(store, limit, store.now);
    expect(await letThrough(Array.from({ length: 200 }, () => limiter.take('a')))).toBe(60);
  });

  it('holds over processes together; each may keep less than a portion unspent', async () => {
    const store = countingStore();
    const processes = [1, 2, 3].map(() => createRequestLimiter(store, limit, store.now));
    const attempts = Array.from({ length: 300 }, (_none, index) => processes[index % 3]?.take('a') ?? Promise.reject());
    const passed = await letThrough(attempts);
    expect(passed).toBeLessThanOrEqual(60);
    expect(passed).toBeGreaterThanOrEqual(60 - 2 * 1);
  });

  it('spends a limit that portions do not divide', async () => {
    const store = countingStore();
    const limiter = createRequestLimiter(store, { ...limit, requests: 100 }, store.now);
    expect(await letThrough(Array.from({ length: 150 }, () => limiter.take('a')))).toBe(100);
  });

  it('passes on that the store is away, and goes on when it is back', async () => {
    const store = countingStore();
    const away = { is: true };
    const increment: typeof store.increment = (key, ttl) =>
      away.is ? Promise.reject(new StoreUnavailableError('ephemeral', new Error('away'))) : store.increment(key, ttl);
    const limiter = createRequestLimiter({ increment }, limit, store.now);
    await expect(limiter.take('a')).rejects.toBeInstanceOf(StoreUnavailableError);
    away.is = false;
    expect((await limiter.take('a')).remaining).toBe(59);
  });

  it('keeps no name in the store', async () => {
    const store = countingStore();
    await createRequestLimiter(store, limit, store.now).take('192.0.2.1');
    expect([...store.state.counters.keys()].join()).not.toContain('192.0.2.1');
  });

  it('is an error of our vocabulary', async () => {
    const store = countingStore();
    const limiter = createRequestLimiter(store, { ...limit, requests: 0 }, store.now);
    expect(await refusal(limiter.take('a'))).toBeInstanceOf(AppError);
  });
});

describe('over HTTP', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await openApiServer((deps) => ({ ...deps, requestsPerMinute: 5 }));
  });
  afterAll(() => server.close());

  it('every answer tells what is left, and past the limit nothing is done', async () => {
    const { account, call } = await newApiAccount(server);
    for (let left = 4; left >= 0; left -= 1) {
      const answer = await call('GET /me');
      expect(answer.headers.get('ratelimit-policy')).toBe('"caller";q=5;w=60');
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"caller";r=${left};t=[1-9][0-9]?$`));
    }
    const refused = await call('POST /users', { userName: 'late', displayName: 'Late' });
    expect([refused.status, refused.body['code']]).toEqual([429, 'Throttling.User']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await userRow(server.harness.deps.db, account.accountId, 'late')).toBeUndefined();
    const other = await newUser(server.harness.deps.db, account.accountId, 'other');
    expect((await callerOn(server, account, other)('GET /me')).status).toBe(200);
  });

  it('a source that never says who calls is slowed down, and a good token still gets in from there', async () => {
    const { account, call } = await newApiAccount(server);
    const line = `GET /${account.alias}/api/v1/me`;
    const statuses = new Set<number>();
    for (let sent = 0; sent < 10; sent += 1) statuses.add((await send(server, line)).status);
    expect(statuses).toEqual(new Set([401, 429]));
    const refused = await send(server, line);
    expect([refused.status, refused.headers.has('retry-after'), refused.headers.has('www-authenticate')]).toEqual([
      429,
      true,
      false,
    ]);
    expect((await call('GET /me')).status).toBe(200);
  });
});
