import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EphemeralStore } from '../../src/storage/ephemeral/ephemeral-store.ts';

/** Two stores on one backend, so that races run between two connections or processes. */
export interface StorePair {
  readonly stores: readonly [EphemeralStore, EphemeralStore];
  readonly close: () => Promise<void>;
}

const racers = 50;

/** The promises of EphemeralStore, raced. `open` is called once. Most of the time goes into waiting for expiries: side by side. */
export function describeEphemeralStore(open: () => Promise<StorePair>): void {
  describe.concurrent('keeps the promises of the contract', () => describePromises(open));
}

function describePromises(open: () => Promise<StorePair>): void {
  let pair: StorePair;
  let store: EphemeralStore;
  let other: EphemeralStore;

  beforeAll(async () => {
    pair = await open();
    [store, other] = pair.stores;
  });
  afterAll(() => pair.close());

  const newKey = () => `contract:${randomUUID()}`;
  /** Runs the same thing many times at once, over both stores in turn. */
  const race = <T>(run: (racer: EphemeralStore, i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: racers }, (_, i) => run(i % 2 === 0 ? store : other, i)));
  const patience = { timeout: 10_000, interval: 50 };
  const expectExpiry = (key: string) => vi.waitFor(async () => expect(await store.get(key)).toBeUndefined(), patience);
  const expectEmptySet = (key: string) =>
    vi.waitFor(async () => expect(await store.listIndex(key)).toEqual([]), patience);

  it('answers that it is there', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  describe('get and set', () => {
    it('an absent key has no value', async () => {
      expect(await store.get(newKey())).toBeUndefined();
    });

    it('what one process sets the other reads, and a second set replaces it', async () => {
      const key = newKey();
      await store.set(key, 'first', 60);
      expect(await other.get(key)).toBe('first');
      await other.set(key, 'second', 60);
      expect(await store.get(key)).toBe('second');
    });

    it.each(['', ' ', 'käse 🧀 "quoted" \\ \n', '{"a":[1,null]}', '0', 'x'.repeat(200_000)])(
      'a value comes back as it was (%#)',
      async (value) => {
        const key = newKey();
        await store.set(key, value, 60);
        expect(await other.get(key)).toBe(value);
        expect(await other.take(key)).toBe(value);
      },
    );

    it('a key is gone for every method once its time is over', async () => {
      const keys = { get: newKey(), take: newKey(), remove: newKey(), swap: newKey(), swapKeep: newKey() };
      await Promise.all(Object.values(keys).map((key) => store.set(key, 'value', 1)));
      await expectExpiry(keys.get);
      expect(await store.take(keys.take)).toBeUndefined();
      expect(await store.delete(keys.remove)).toBe(false);
      expect(await store.compareAndSet(keys.swap, 'value', 'next', 60)).toBe(false);
      expect(await store.compareAndSet(keys.swapKeep, 'value', 'next')).toBe(false);
      expect(await Promise.all(Object.values(keys).map((key) => store.get(key)))).toEqual(Array(5).fill(undefined));
    });

    it('a set over an expired key starts it anew', async () => {
      const key = newKey();
      await store.set(key, 'old', 1);
      await expectExpiry(key);
      await store.set(key, 'new', 60);
      expect(await other.get(key)).toBe('new');
    });

    it('a second set also replaces the expiry, in both directions', async () => {
      const [longer, shorter] = [newKey(), newKey()];
      await store.set(longer, 'value', 1);
      await store.set(longer, 'value', 60);
      await store.set(shorter, 'value', 60);
      await store.set(shorter, 'value', 1);
      await expectExpiry(shorter);
      expect(await store.get(longer)).toBe('value');
    });
  });

  describe('create', () => {
    it('exactly one of many racing callers creates the key, and its value stays', async () => {
      const key = newKey();
      const won = await race((racer, i) => racer.create(key, `racer ${i}`, 60));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.get(key)).toBe(`racer ${won.indexOf(true)}`);
    });

    it('a key that is there is neither replaced nor prolonged', async () => {
      const key = newKey();
      await store.set(key, 'first', 1);
      expect(await other.create(key, 'second', 60)).toBe(false);
      expect(await store.get(key)).toBe('first');
      await expectExpiry(key);
    });

    it('exactly one of many racing callers takes over an expired key', async () => {
      const key = newKey();
      await store.set(key, 'old', 1);
      await expectExpiry(key);
      const won = await race((racer, i) => racer.create(key, `racer ${i}`, 60));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.get(key)).toBe(`racer ${won.indexOf(true)}`);
    });

    it('a created key expires', async () => {
      const key = newKey();
      expect(await store.create(key, 'value', 1)).toBe(true);
      await expectExpiry(key);
    });
  });

  describe('compareAndSet', () => {
    it('exactly one of many racing callers with the same expectation gets through', async () => {
      const key = newKey();
      await store.set(key, 'start', 60);
      const won = await race((racer, i) => racer.compareAndSet(key, 'start', `racer ${i}`, 60));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.get(key)).toBe(`racer ${won.indexOf(true)}`);
    });

    it('another value than the expected one stays as it is', async () => {
      const key = newKey();
      await store.set(key, 'value', 60);
      expect(await other.compareAndSet(key, 'Value', 'next', 60)).toBe(false);
      expect(await other.compareAndSet(key, '', 'next')).toBe(false);
      expect(await store.get(key)).toBe('value');
    });

    it('an absent key is not made, whatever is expected of it', async () => {
      const key = newKey();
      for (const expected of ['', 'value', 'null', 'false']) {
        expect(await store.compareAndSet(key, expected, 'next', 60)).toBe(false);
      }
      expect(await other.get(key)).toBeUndefined();
    });

    it('a removed key is never brought back by those who saw it before', async () => {
      const key = newKey();
      await store.set(key, 'value', 60);
      const outcomes = await race((racer, i) =>
        i === 25 ? racer.delete(key) : racer.compareAndSet(key, 'value', 'value', 60),
      );
      expect(outcomes[25]).toBe(true);
      expect(await store.get(key)).toBeUndefined();
      expect(await other.compareAndSet(key, 'value', 'value', 60)).toBe(false);
    });

    it('without a time to live the old expiry stays', async () => {
      const key = newKey();
      await store.set(key, 'value', 1);
      expect(await store.compareAndSet(key, 'value', 'next')).toBe(true);
      expect(await store.get(key)).toBe('next');
      await expectExpiry(key);
    });

    it('with a time to live the expiry is new', async () => {
      const [key, witness] = [newKey(), newKey()];
      await store.set(key, 'value', 1);
      await store.set(witness, 'value', 1);
      expect(await store.compareAndSet(key, 'value', 'next', 60)).toBe(true);
      await expectExpiry(witness);
      expect(await store.get(key)).toBe('next');
    });
  });

  describe('take and delete', () => {
    it('exactly one of many racing callers takes the value', async () => {
      const key = newKey();
      await store.set(key, 'value', 60);
      const taken = await race((racer) => racer.take(key));
      expect(taken.filter((value) => value !== undefined)).toEqual(['value']);
      expect(await store.get(key)).toBeUndefined();
    });

    it('exactly one of many racing callers deletes the key', async () => {
      const key = newKey();
      await store.set(key, 'value', 60);
      const deleted = await race((racer) => racer.delete(key));
      expect(deleted.filter(Boolean)).toHaveLength(1);
      expect(await other.get(key)).toBeUndefined();
    });

    it('of a take and a delete that race only one finds the value', async () => {
      const key = newKey();
      await store.set(key, 'value', 60);
      const outcomes = await race<unknown>((racer, i) => (i % 3 === 0 ? racer.take(key) : racer.delete(key)));
      expect(outcomes.filter((outcome) => outcome === true || outcome === 'value')).toHaveLength(1);
    });

    it('other keys are left alone', async () => {
      const [key, neighbour] = [newKey(), newKey()];
      await store.set(key, 'value', 60);
      await store.set(neighbour, 'kept', 60);
      await other.take(key);
      expect(await store.delete(`${neighbour}x`)).toBe(false);
      expect(await store.get(neighbour)).toBe('kept');
    });
  });

  describe('increment', () => {
    it('racing callers each get a different count, from one upwards', async () => {
      const key = newKey();
      const results = await race((racer) => racer.increment(key, 60));
      const counts = results.map(({ count }) => count).sort((a, b) => a - b);
      expect(counts).toEqual(Array.from({ length: racers }, (_, i) => i + 1));
    });

    it('tells the time left, in seconds', async () => {
      const first = await store.increment(newKey(), 60);
      expect(first).toEqual({ count: 1, ttlSeconds: expect.toSatisfy((ttl) => ttl === 59 || ttl === 60) });
    });

    it('trying on does not prolong the window, and a new one starts from one', async () => {
      const key = newKey();
      await store.increment(key, 1);
      const second = await other.increment(key, 600);
      expect(second).toEqual({ count: 2, ttlSeconds: 1 });
      const windows = () => store.increment(key, 600);
      await expectExpiry(key);
      expect(await windows()).toEqual({ count: 1, ttlSeconds: expect.toSatisfy((ttl) => ttl > 590 && ttl <= 600) });
    });

    it('many racing callers on an expired window share one new window', async () => {
      const key = newKey();
      await store.increment(key, 1);
      await expectExpiry(key);
      const counts = (await race((racer) => racer.increment(key, 60))).map(({ count }) => count);
      expect(Math.max(...counts)).toBe(racers);
      expect(new Set(counts).size).toBe(racers);
    });

    it('a deleted counter starts again', async () => {
      const key = newKey();
      await store.increment(key, 60);
      await store.increment(key, 60);
      expect(await store.get(key)).toBe('2');
      expect(await other.delete(key)).toBe(true);
      expect((await store.increment(key, 60)).count).toBe(1);
    });
  });

  describe('decrement', () => {
    it('takes one off, whoever counted, and racing callers one each', async () => {
      const key = newKey();
      await race((racer) => racer.increment(key, 60));
      await other.decrement(key);
      expect(await store.get(key)).toBe(String(racers - 1));
      await race(async (racer, at) => (at < racers - 3 ? racer.decrement(key) : undefined));
      expect((await store.increment(key, 60)).count).toBe(3);
    });

    it('of a counter that is not there, or came to nothing, changes nothing', async () => {
      const key = newKey();
      await store.decrement(key);
      expect(await store.get(key)).toBeUndefined();
      await store.increment(key, 60);
      await race((racer) => racer.decrement(key));
      expect((await other.increment(key, 60)).count).toBe(1);
    });

    it('leaves the window as it is, also where nothing is left in it', async () => {
      const key = newKey();
      await store.increment(key, 2);
      await store.decrement(key);
      expect(await other.increment(key, 600)).toEqual({ count: 1, ttlSeconds: expect.toSatisfy((ttl) => ttl <= 2) });
      await expectExpiry(key);
      await store.decrement(key);
      expect(await store.get(key)).toBeUndefined();
      expect((await store.increment(key, 600)).count).toBe(1);
    });
  });

  describe('index sets', () => {
    const members = async (key: string) => (await other.listIndex(key)).sort();

    it('an absent set is empty', async () => {
      expect(await store.listIndex(newKey())).toEqual([]);
    });

    it('racing additions are all in it, each once', async () => {
      const key = newKey();
      await race((racer, i) => racer.addToIndex(key, `member ${i % 25}`, 60));
      expect(await members(key)).toEqual(Array.from({ length: 25 }, (_, i) => `member ${i}`).sort());
    });

    it('a removed member is gone and the others stay', async () => {
      const key = newKey();
      await Promise.all(['a', 'b', 'c'].map((member) => store.addToIndex(key, member, 60)));
      await other.removeFromIndex(key, 'b');
      await other.removeFromIndex(key, 'never there');
      expect(await members(key)).toEqual(['a', 'c']);
    });

    it('a shorter addition does not shorten the life of the set', async () => {
      const [key, witness] = [newKey(), newKey()];
      await store.addToIndex(key, 'long', 60);
      await store.addToIndex(key, 'short', 1);
      await store.set(witness, 'value', 1);
      await expectExpiry(witness);
      expect(await members(key)).toEqual(['long', 'short']);
    });

    it('a longer addition prolongs the life of the whole set', async () => {
      const [key, witness] = [newKey(), newKey()];
      await store.addToIndex(key, 'short', 1);
      await store.addToIndex(key, 'long', 60);
      await store.set(witness, 'value', 1);
      await expectExpiry(witness);
      expect(await members(key)).toEqual(['long', 'short']);
    });

    it('an expired set is empty, and what was in it does not come back with the next member', async () => {
      const key = newKey();
      await store.addToIndex(key, 'old', 1);
      await store.addToIndex(key, 'again', 1);
      await expectEmptySet(key);
      await race((racer, i) => racer.addToIndex(key, i % 2 === 0 ? 'again' : `new ${i}`, 60));
      const found = await members(key);
      expect(found).toContain('again');
      expect(found).toHaveLength(1 + racers / 2);
      expect(found).not.toContain('old');
    });
  });
}
