import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clearTries, type RefusedTry, type ThrottledTry, takeTry } from '../../../src/domain/throttle/throttle.ts';
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
  // Each test in an account of its own: tries are also counted over all names of one.
  beforeEach(() => {
    Object.assign(base, { accountId: randomUUID() });
  });
  const named = (userName: string): ThrottledTry => ({ ...base, userName });
  const take = (attempt: ThrottledTry) => takeTry(opened.store, attempt);
  const exhaust = async (attempt: ThrottledTry) => {
    for (let i = 0; i < 10; i += 1) expect(await take(attempt)).toBeUndefined();
  };

  it('what an account asks for itself ends tries sooner and for longer, beside what is counted anyway', async () => {
    const strict = { ...base, triesPerHour: 3 };
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => take(strict)));
    expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(3);
    expect(verdicts.find((verdict) => verdict?.waitSeconds === 3600)).toBeDefined();
    expect(await take({ ...strict, sourceIp: '192.0.2.2' })).toBeUndefined();
    expect(await take({ ...strict, userName: 'bob' })).toBeUndefined();
    await clearTries(opened.store, strict);
    expect(await take(strict)).toBeUndefined();
  });

  it('an account that asks for more than is evaluated anyway gets no more', async () => {
    const lax = { ...base, triesPerHour: 32 };
    await exhaust(lax);
    expect((await take(lax))?.waitSeconds).toBeLessThanOrEqual(900);
  });

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

  const numbered = (count: number) => Array.from({ length: count }, (_none, at) => at);
  const spray = (count: number, change: Partial<ThrottledTry> = {}) =>
    Promise.all(numbered(count).map((at) => take({ ...base, userName: `sprayed-${at}`, ...change })));
  const evaluatedOf = (answers: readonly (RefusedTry | undefined)[]) =>
    answers.filter((one) => one === undefined).length;

  it('of passwords spread over many names of an account from one source a hundred are evaluated, whatever the name', async () => {
    expect(evaluatedOf(await spray(130))).toBe(100);
    expect((await take(named('never-tried')))?.waitSeconds).toBeGreaterThan(800);
    expect(await take({ ...named('never-tried'), sourceIp: '198.51.100.8' })).toBeUndefined();
    expect(await take({ ...named('never-tried'), accountId: randomUUID() })).toBeUndefined();
    expect(await take({ ...named('never-tried'), factor: 'second-factor' })).toBeUndefined();
  });

  it('logons that are right hold up nobody behind the same address', async () => {
    for (const at of numbered(150)) {
      expect(await take(named(`colleague-${at % 20}`))).toBeUndefined();
      await clearTries(opened.store, named(`colleague-${at % 20}`));
    }
    expect(evaluatedOf(await spray(130))).toBe(100);
  });

  it('one’s own right password buys no further guesses at others', async () => {
    const guess = async (at: number) => {
      const evaluated = (await take(named(`victim-${at}`))) === undefined;
      if ((await take(named('insider'))) === undefined) await clearTries(opened.store, named('insider'));
      return evaluated;
    };
    const guesses: boolean[] = [];
    for (const at of numbered(120)) guesses.push(await guess(at));
    expect(guesses.filter(Boolean).length).toBeLessThanOrEqual(100);
    expect(guesses.filter(Boolean).length).toBeGreaterThan(90);
  });

  it('of second factors of one user a hundred are evaluated a day, from wherever they come; a success begins anew', async () => {
    const from = (at: number): ThrottledTry => ({ ...base, factor: 'second-factor', sourceIp: `203.0.113.${at}` });
    const answers = await Promise.all(numbered(130).map((at) => take(from(at))));
    expect(evaluatedOf(answers)).toBe(100);
    const refused = await take(from(200));
    expect(refused?.waitSeconds).toBeGreaterThan(86_000);
    expect(await take({ ...from(200), userName: 'somebody-else' })).toBeUndefined();
    await clearTries(opened.store, from(201));
    expect(await take(from(202))).toBeUndefined();
  });

  it('twenty choices of a password are hashed, the next waits', async () => {
    const choice: ThrottledTry = { ...base, factor: 'reset' };
    expect(evaluatedOf(await Promise.all(numbered(30).map(() => take(choice))))).toBe(20);
    expect(await take({ ...choice, factor: 'password' })).toBeUndefined();
  });

  it('one of the refusals of a window is the first, also when they race', async () => {
    const narrow = await Promise.all(numbered(40).map(() => take(named('told-once'))));
    const wide = await spray(150);
    for (const answers of [narrow, wide]) expect(answers.filter((one) => one?.isFirst === true)).toHaveLength(1);
  });

  it('a success clears the count', async () => {
    await exhaust(named('dave'));
    await clearTries(opened.store, named('dave'));
    expect(await take(named('dave'))).toBeUndefined();
  });
}
