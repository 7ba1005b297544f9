import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { decideInTurns } from '../../../src/domain/policies/decide-in-turns.ts';
import { refusal } from '../operation-harness.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_none, at) => at);

function busyFor(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test('every question is answered, in its place', async () => {
  expect(await decideInTurns(numbers(1000), (at) => at * 2)).toEqual(numbers(1000).map((at) => at * 2));
});

test('others get their turn between dear questions', async () => {
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    for (; !isDone; turns += 1) await nextTurn();
  })();
  await decideInTurns(numbers(10), () => busyFor(15));
  isDone = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(9);
});

test('a call that takes too long ends, with nothing decided after it', async () => {
  let asked = 0;
  const refused = await refusal(
    decideInTurns(numbers(1000), () => {
      asked += 1;
      busyFor(100);
    }),
  );
  expect(refused.code).toBe('RequestTooLarge');
  expect(asked).toBeLessThan(20);
});
