import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { ephemeralEntries } from '../../../src/storage/db/schema/ephemeral.ts';
import { keepSwept } from '../../../src/storage/ephemeral/keep-swept.ts';
import { sweepExpired } from '../../../src/storage/ephemeral/sql-sweep.ts';
import { openTestDatabase } from '../../support/database.ts';

const hour = 3_600_000;
const patient = { timeout: 10_000, interval: 5 };

/** A sweep that notes how it is called, and ends when it is told to. */
function watchedSweep(answer: () => Promise<number>) {
  const seen = { calls: 0, running: 0, most: 0 };
  const sweep = async () => {
    seen.calls += 1;
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    try {
      return await answer();
    } finally {
      seen.running -= 1;
    }
  };
  return { seen, sweep };
}

describe('keeping a store swept', () => {
  it('goes on while there is more than one round takes, without waiting for the next time', async () => {
    const db = await openTestDatabase();
    const expiresAt = sql`now() - interval '1 second'`;
    const expired = Array.from({ length: 95 }, (_none, at) => ({ key: `key-${at}`, value: 'value', expiresAt }));
    await db.insert(ephemeralEntries).values(expired);
    const stop = keepSwept((limit) => sweepExpired(db, limit), { limit: 10, roundPauseMs: 1, everyMs: hour });
    await vi.waitFor(async () => expect(await db.$count(ephemeralEntries)).toBe(0), patient);
    await stop();
  });

  it('rests once a round found less than it may take', async () => {
    const { seen, sweep } = watchedSweep(() => Promise.resolve(seen.calls < 4 ? 10 : 9));
    const stop = keepSwept(sweep, { limit: 10, roundPauseMs: 1, everyMs: hour });
    await vi.waitFor(() => expect(seen.calls).toBe(4), patient);
    // Were it to go on, it would have gone on by the time that as many pauses have passed again.
    const another = watchedSweep(() => Promise.resolve(10));
    const stopOther = keepSwept(another.sweep, { limit: 10, roundPauseMs: 1, everyMs: hour });
    await vi.waitFor(() => expect(another.seen.calls).toBeGreaterThan(8), patient);
    expect(seen.calls).toBe(4);
    await Promise.all([stop(), stopOther()]);
  });

  it('never sweeps twice at once, and a sweep that fails does not end it', async () => {
    const { seen, sweep } = watchedSweep(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      if (seen.calls % 2 === 1) throw new Error('the database is away');
      return 0;
    });
    const stop = keepSwept(sweep, { limit: 10, roundPauseMs: 1, everyMs: 1 });
    await vi.waitFor(() => expect(seen.calls).toBeGreaterThan(10), patient);
    await stop();
    expect(seen.most).toBe(1);
  });

  it('is ended only when the sweep under way is, and begins none after that', async () => {
    const gate = Promise.withResolvers<number>();
    const { seen, sweep } = watchedSweep(() => gate.promise);
    const stopped = { done: false };
    const stopping = keepSwept(sweep, { limit: 10, roundPauseMs: 1, everyMs: 1 })().then(() => {
      stopped.done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([stopped.done, seen.running]).toEqual([false, 1]);
    gate.resolve(10);
    await stopping;
    expect([seen.calls, seen.running]).toEqual([1, 0]);
  });
});
