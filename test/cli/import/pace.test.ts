import { expect, test } from 'vitest';
import { paceOf } from '../../../src/cli/import/pace.ts';

test.each([
  [{ done: 0, before: 0, total: 5000 }, 0, '0 of 5,000 users'],
  [{ done: 1200, before: 0, total: 5000 }, 12_000, '1,200 of 5,000 users, 100 a second, 38 s left'],
  [{ done: 1200, before: 1000, total: 50_000 }, 10_000, '1,200 of 50,000 users, 20 a second, 41 min left'],
  [{ done: 5000, before: 0, total: 5000 }, 50_000, '5,000 of 5,000 users, 100 a second'],
  [{ done: 1, before: 0, total: 2 }, 10_000, '1 of 2 users, 1 a second, 10 s left'],
])('%o after %i ms', (counts, elapsedMs, text) => {
  expect(paceOf(counts, elapsedMs)).toBe(text);
});
