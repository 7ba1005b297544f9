import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chore, chores, keepHouse } from '../../src/domain/housekeeping.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { idempotencyKeys } from '../../src/storage/db/schema/idempotency-keys.ts';
import { type Harness, newAccount, openHarness } from './operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const quick = { firstAfterMs: 1, everyMs: 1, roundPauseMs: 1, limit: 2 };
const failures: unknown[] = [];
const deps = () => ({ db: harness.deps.db, onFailure: (error: unknown, name: string) => failures.push([name, error]) });

/** A chore with so much to do; notes each round. */
function chore(name: string, todo: number): Chore & { readonly rounds: number[] } {
  const rounds: number[] = [];
  let left = todo;
  const round = (_db: unknown, limit: number): Promise<number> => {
    const done = Math.min(left, limit);
    left -= done;
    rounds.push(done);
    return Promise.resolve(done);
  };
  return { name, rounds, round };
}

test('each chore is done in small rounds until nothing is left, again and again', async () => {
  const [first, second] = [chore('first', 5), chore('second', 0)];
  const end = keepHouse(deps(), quick, [first, second]);
  await expect.poll(() => second.rounds.length).toBeGreaterThan(3);
  await end();
  expect(first.rounds.slice(0, 5)).toEqual([2, 2, 1, 0, 0]);
});

test('a chore that fails is told of, and stops neither the others nor its next time', async () => {
  const tries = { count: 0 };
  const failing: Chore = {
    name: 'failing',
    round: () => {
      tries.count += 1;
      return Promise.reject(new Error('away'));
    },
  };
  const other = chore('other', 3);
  const end = keepHouse(deps(), quick, [failing, other]);
  await expect.poll(() => tries.count).toBeGreaterThan(2);
  await end();
  expect(other.rounds.slice(0, 2)).toEqual([2, 1]);
  expect(failures).toContainEqual(['failing', new Error('away')]);
});

test('it ends at once while it waits, and never in the middle of a round', async () => {
  const waiting = chore('waiting', 1);
  await keepHouse(deps(), { ...quick, firstAfterMs: 3_600_000 }, [waiting])();
  expect(waiting.rounds).toEqual([]);
  const state = { begun: 0, done: 0 };
  const endless: Chore = {
    name: 'endless',
    round: async (db) => {
      state.begun += 1;
      await db.execute(sql`select 1`);
      state.done += 1;
      return 1;
    },
  };
  const end = keepHouse(deps(), quick, [endless]);
  await expect.poll(() => state.done).toBeGreaterThan(2);
  await end();
  const { begun, done } = state;
  expect(begun).toBe(done);
  await harness.deps.db.execute(sql`select 1`);
  expect(state).toEqual({ begun, done });
});

test('what the server tidies up: events past their retention, and idempotency keys past their time', async () => {
  const { accountId } = await newAccount(harness);
  const { db } = harness.deps;
  const event = { accountId, actorVia: 'system', action: 'x', resource: '*', outcome: 'success' as const, details: {} };
  await db.insert(auditEvents).values([{ ...event, at: sql`now() - interval '401 days'` }, event]);
  const key = { accountId, userId: '1', requestHash: 'r', status: 201, answer: {} };
  await db.insert(idempotencyKeys).values([
    { ...key, keyHash: 'old', expiresAt: sql`now() - interval '1 second'` },
    { ...key, keyHash: 'new', expiresAt: sql`now() + interval '1 hour'` },
  ]);
  const end = keepHouse(deps(), quick);
  await expect.poll(() => db.$count(auditEvents, eq(auditEvents.accountId, accountId))).toBe(1);
  await expect.poll(() => db.$count(idempotencyKeys, eq(idempotencyKeys.accountId, accountId))).toBe(1);
  await end();
  expect(chores.length).toBeGreaterThanOrEqual(2);
});
