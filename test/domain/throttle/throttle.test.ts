import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/crypto/tokens.ts';
import { passkeyRefusalToTell } from '../../../src/domain/throttle/passkey-refusals.ts';
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

/** Under which the tries of a known device are counted, to begin another window without waiting for it. */
function counterOf({ accountId, factor, userName, knownDevice }: ThrottledTry, windowSeconds: number): string {
  const counted = [accountId, factor, windowSeconds, { user: userName, device: knownDevice }];
  return `throttle:${hashToken(JSON.stringify(counted))}`;
}

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
  const from = (at: number, change: Partial<ThrottledTry> = {}): ThrottledTry => ({
    ...base,
    sourceIp: `198.18.${at >> 8}.${at & 255}`,
    ...change,
  });
  const numbered = (count: number) => Array.from({ length: count }, (_none, at) => at);
  const take = (attempt: ThrottledTry) => takeTry(opened.store, attempt);
  const clear = (attempt: ThrottledTry) => clearTries(opened.store, attempt);
  const takeAll = (attempts: readonly ThrottledTry[]) => Promise.all(attempts.map(take));
  const evaluatedOf = (answers: readonly (RefusedTry | undefined)[]) =>
    answers.filter((one) => one === undefined).length;
  const exhaust = async (attempt: ThrottledTry) => {
    for (const _at of numbered(10)) expect(await take(attempt)).toBeUndefined();
  };

  it('ten tries are evaluated, the eleventh waits, and says how long', async () => {
    await exhaust(named('ten'));
    const refused = await take(named('ten'));
    expect(refused?.waitSeconds).toBeGreaterThan(800);
    expect(refused?.waitSeconds).toBeLessThanOrEqual(900);
  });

  it('of fifty parallel tries exactly ten are evaluated', async () => {
    expect(evaluatedOf(await takeAll(numbered(50).map(() => named('racing'))))).toBe(10);
  });

  it('trying on does not prolong the wait', async () => {
    await exhaust(named('patient'));
    const first = (await take(named('patient')))?.waitSeconds ?? 0;
    for (const _at of numbered(20)) await take(named('patient'));
    expect((await take(named('patient')))?.waitSeconds).toBeLessThanOrEqual(first);
  });

  it('case does not make another name', async () => {
    await exhaust(named('Bob'));
    expect(await take(named('BOB'))).toBeDefined();
  });

  it.each<[string, Partial<ThrottledTry>]>([
    ['another user', { userName: 'carol2' }],
    ['another account', { accountId: '2' }],
    ['another source', { sourceIp: '198.51.100.7' }],
    ['the second factor', { factor: 'second-factor' }],
    ['a device that the user is known on', { knownDevice: 'dev_1' }],
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
    await clear(named('dave'));
    expect(await take(named('dave'))).toBeUndefined();
  });

  it('one of the refusals of a window is the first, also when they race', async () => {
    const narrow = await takeAll(numbered(40).map(() => named('told-once')));
    const wide = await takeAll(numbered(150).map((at) => named(`told-${at}`)));
    for (const answers of [narrow, wide]) expect(answers.filter((one) => one?.isFirst === true)).toHaveLength(1);
  });

  describe('passwords tried by strangers', () => {
    it('of one user fifty are evaluated an hour, from however many sources, also when they race', async () => {
      expect(evaluatedOf(await takeAll(numbered(120).map((at) => from(at))))).toBe(50);
      const refused = await take(from(200));
      expect(refused?.waitSeconds).toBeGreaterThan(3500);
      expect(refused?.waitSeconds).toBeLessThanOrEqual(3600);
      expect(await take(from(200, { userName: 'bob' }))).toBeUndefined();
      expect(await take(from(200, { knownDevice: 'dev_1' }))).toBeUndefined();
    });

    it('what an account asks for itself stands in place of the fifty', async () => {
      const strict = (at: number) => from(at, { triesPerHour: 3 });
      const answers = await takeAll(numbered(20).map(strict));
      expect(evaluatedOf(answers)).toBe(3);
      expect(answers.find((answer) => (answer?.waitSeconds ?? 0) > 3500)).toBeDefined();
      expect(await take({ ...strict(0), userName: 'bob' })).toBeUndefined();
      await clear(strict(0));
      expect(await take(strict(21))).toBeUndefined();
    });

    it('an account that asks for more than is evaluated of one source anyway gets no more there', async () => {
      const lax = { ...base, triesPerHour: 32 };
      await exhaust(lax);
      expect((await take(lax))?.waitSeconds).toBeLessThanOrEqual(900);
    });

    it('one source cannot use up what is left for others: what is refused there is not counted against the user', async () => {
      const answers = await takeAll(numbered(200).map(() => from(1)));
      expect(evaluatedOf(answers)).toBe(10);
      expect(evaluatedOf(await takeAll(numbered(40).map((at) => from(at + 2))))).toBe(40);
      expect(await take(from(100))).toBeDefined();
    });

    const spray = (count: number, change: Partial<ThrottledTry> = {}) =>
      takeAll(numbered(count).map((at) => ({ ...base, userName: `sprayed-${at}`, ...change })));

    it('spread over many names of an account from one source a hundred are evaluated, whatever the name', async () => {
      expect(evaluatedOf(await spray(130))).toBe(100);
      expect((await take(named('never-tried')))?.waitSeconds).toBeGreaterThan(800);
      expect(await take({ ...named('never-tried'), sourceIp: '198.51.100.8' })).toBeUndefined();
      expect(await take({ ...named('never-tried'), accountId: randomUUID() })).toBeUndefined();
      expect(await take({ ...named('never-tried'), factor: 'second-factor' })).toBeUndefined();
      expect(await take({ ...named('never-tried'), knownDevice: 'dev_1' })).toBeUndefined();
    });

    it('spread over names and sources two thousand failures of an account are evaluated, and one source uses up a hundred at most', async () => {
      expect(evaluatedOf(await spray(400, { sourceIp: '192.0.2.77' }))).toBe(100);
      const spread = (at: number) => from(Math.floor(at / 40), { userName: `spread-${at}` });
      const answers: (RefusedTry | undefined)[] = [];
      for (const part of numbered(5))
        answers.push(...(await takeAll(numbered(400).map((at) => spread(part * 400 + at)))));
      expect(evaluatedOf(answers)).toBe(1900);
      expect((await take(spread(9999)))?.waitSeconds).toBeLessThanOrEqual(900);
      expect(await take({ ...spread(9999), knownDevice: 'dev_1' })).toBeUndefined();
      expect(await take({ ...spread(9999), accountId: randomUUID() })).toBeUndefined();
    }, 180_000);

    it('logons that are right hold up nobody behind the same address', async () => {
      for (const at of numbered(150)) {
        expect(await take(named(`colleague-${at % 20}`))).toBeUndefined();
        await clear(named(`colleague-${at % 20}`));
      }
      expect(evaluatedOf(await spray(130))).toBe(100);
    });

    it('one’s own right password buys no further guesses at others', async () => {
      const guess = async (at: number) => {
        const evaluated = (await take(named(`victim-${at}`))) === undefined;
        if ((await take(named('insider'))) === undefined) await clear(named('insider'));
        return evaluated;
      };
      const guesses: boolean[] = [];
      for (const at of numbered(120)) guesses.push(await guess(at));
      expect(guesses.filter(Boolean).length).toBeLessThanOrEqual(100);
      expect(guesses.filter(Boolean).length).toBeGreaterThan(90);
    });
  });

  describe('tries on a known device', () => {
    const owner = (): ThrottledTry => ({ ...base, knownDevice: 'dev_1' });

    it('are as few, whatever the source: a stolen cookie gets no further', async () => {
      const answers = await takeAll(numbered(60).map((at) => from(at, { knownDevice: 'dev_1' })));
      expect(evaluatedOf(answers)).toBe(10);
      expect((await take(owner()))?.waitSeconds).toBeGreaterThan(800);
      await clear(owner());
      expect(await take(owner())).toBeUndefined();
    });

    it('neither use up those of strangers, nor those of other devices and users, nor clear them', async () => {
      await exhaust(owner());
      expect(await take(owner())).toBeDefined();
      expect(await take({ ...owner(), knownDevice: 'dev_2' })).toBeUndefined();
      expect(await take({ ...owner(), userName: 'bob' })).toBeUndefined();
      await exhaust(base);
      await clear(owner());
      expect(await take(base)).toBeDefined();
    });

    it('are bound by what the account asks for, too, on their own', async () => {
      const strict = { ...owner(), triesPerHour: 4 };
      await takeAll(numbered(20).map((at) => from(at, { triesPerHour: 4 })));
      const answers = await takeAll(numbered(20).map(() => strict));
      expect(evaluatedOf(answers)).toBe(4);
      expect(Math.max(...answers.map((one) => one?.waitSeconds ?? 0))).toBeGreaterThan(3500);
    });

    it('at second factors are a hundred a day, whatever the quarters of an hour allow; those refused before count for nothing', async () => {
      const code: ThrottledTry = { ...owner(), factor: 'second-factor' };
      const inQuarter = async () => {
        const answers = await takeAll(numbered(15).map(() => code));
        const evaluated = evaluatedOf(answers);
        await opened.store.delete(counterOf(code, 900));
        return evaluated;
      };
      for (const _at of numbered(10)) expect(await inQuarter()).toBe(10);
      expect(await inQuarter()).toBe(0);
      expect((await take(code))?.waitSeconds).toBeGreaterThan(86_000);
      for (const other of [
        { ...code, knownDevice: 'dev_2' },
        { ...code, knownDevice: undefined },
        { ...code, factor: 'password' as const },
      ])
        expect(await take(other)).toBeUndefined();
      await clear(code);
      expect(await take(code)).toBeUndefined();
    });

    it('no number of strangers’ tries holds them up', async () => {
      for (const factor of ['password', 'second-factor'] as const) {
        const strangers = await takeAll(numbered(250).map((at) => from(at, { factor })));
        expect(evaluatedOf(strangers)).toBe(factor === 'password' ? 50 : 100);
        expect(await take({ ...owner(), factor })).toBeUndefined();
      }
    });
  });

  it('of second factors of one user a hundred are evaluated a day, from wherever they come; a success begins anew', async () => {
    const code = (at: number) => from(at, { factor: 'second-factor' });
    expect(evaluatedOf(await takeAll(numbered(130).map(code)))).toBe(100);
    const refused = await take(code(200));
    expect(refused?.waitSeconds).toBeGreaterThan(86_000);
    expect(await take({ ...code(200), userName: 'somebody-else' })).toBeUndefined();
    await clear(code(201));
    expect(await take(code(202))).toBeUndefined();
  });

  it('twenty choices of a password are hashed, the next waits', async () => {
    const choice: ThrottledTry = { ...base, factor: 'reset' };
    expect(evaluatedOf(await takeAll(numbered(30).map(() => choice)))).toBe(20);
    expect(await take({ ...choice, factor: 'password' })).toBeUndefined();
  });

  it('of refused passkeys of one source twenty are told as they are, and one more that there are others', async () => {
    const tell = (sourceIp: string) => passkeyRefusalToTell(opened.store, { ...base, sourceIp }, 'unknown');
    const told = await Promise.all(numbered(130).map(() => tell(base.sourceIp)));
    const count = (what: string | undefined) => told.filter((one) => one === what).length;
    expect([count('unknown'), count('throttled'), count(undefined)]).toEqual([20, 1, 109]);
    expect(await tell('198.51.100.9')).toBe('unknown');
  });

  it('counts are numbers, whatever the driver makes of aggregates', async () => {
    const key = `throttle:${randomUUID()}`;
    const counted = [await opened.store.increment(key, 60), await opened.store.increment(key, 60)];
    expect(counted.map(({ count }) => count)).toEqual([1, 2]);
    for (const { count, ttlSeconds } of counted)
      expect([typeof count, typeof ttlSeconds]).toEqual(['number', 'number']);
    await exhaust(named('typed'));
    const refused = await take(named('typed'));
    expect([typeof refused?.waitSeconds, typeof refused?.isFirst]).toEqual(['number', 'boolean']);
  });
}
