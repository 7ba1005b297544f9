import { expect, test } from 'vitest';
import { inGroups } from '../../src/domain/in-groups.ts';

const numbered = (count: number): number[] => Array.from({ length: count }, (_none, at) => at);

/** Does nothing for a moment, and notes what was begun, and how many were at it at once. */
function watched(failsAt?: number) {
  const seen = { begun: [] as number[], now: 0, most: 0 };
  const act = async (item: number): Promise<void> => {
    seen.begun.push(item);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await Promise.resolve();
    seen.now -= 1;
    if (item === failsAt) throw new Error(`no ${item}`);
  };
  return { seen, act };
}

test.each([
  [0, 0],
  [1, 1],
  [10, 10],
  [11, 10],
  [35, 10],
])('of %i each is dealt with once, and %i at a time', async (count, most) => {
  const { seen, act } = watched();
  await inGroups(numbered(count), act);
  expect(seen).toEqual({ begun: numbered(count), now: 0, most });
});

test('a failure is told, and none is begun after those that were under way with it', async () => {
  const { seen, act } = watched(3);
  await expect(inGroups(numbered(35), act)).rejects.toThrow('no 3');
  expect(seen.begun).toEqual(numbered(10));
});
