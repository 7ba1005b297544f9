import { expect, test } from 'vitest';
import { retryDelaySeconds } from '../../../src/domain/logout-deliveries/retry-delay.ts';

const [minute, hour] = [60, 3600];

test.each([
  [1, 5],
  [2, 30],
  [3, 2 * minute],
  [4, 10 * minute],
  [5, hour],
  [6, 3 * hour],
  [7, 6 * hour],
  [8, 12 * hour],
  [9, 12 * hour],
  [50, 12 * hour],
])('after %i tries that failed the next comes in %i seconds, and up to a tenth later', (failures, seconds) => {
  expect(retryDelaySeconds(failures, 0)).toBe(seconds);
  expect(retryDelaySeconds(failures, 1)).toBeCloseTo(seconds * 1.1);
});

test('tries that failed together do not come again together', () => {
  expect(new Set(Array.from({ length: 20 }, () => retryDelaySeconds(4))).size).toBeGreaterThan(10);
});
