import { expect, test } from 'vitest';
import { createLanes } from '../../../src/domain/logout-deliveries/lanes.ts';

/** Work that is finished when the test says so. */
function workbench(waiting: string[]) {
  const begun: string[] = [];
  const finishers = new Map<string, () => void>();
  const failures: unknown[] = [];
  const state = { claims: 0, claiming: 0, mostClaiming: 0 };
  const setup = {
    width: 3,
    claim: async (underWay: readonly string[]) => {
      state.claims += 1;
      state.claiming += 1;
      state.mostClaiming = Math.max(state.mostClaiming, state.claiming);
      await Promise.resolve();
      state.claiming -= 1;
      expect(underWay.length).toBeLessThan(3);
      return waiting.shift();
    },
    work: async (job: string, signal: AbortSignal) => {
      begun.push(job);
      await new Promise<void>((resolve) => {
        finishers.set(job, resolve);
        signal.addEventListener('abort', () => resolve());
      });
      if (job.startsWith('bad')) throw new Error(job);
    },
    onFailure: (error: unknown) => void failures.push(error),
  };
  const finish = (job: string) => finishers.get(job)?.();
  return { setup, begun, failures, state, finish };
}

test('as many as there are lanes are under way, and who finishes one takes up the next', async () => {
  const { setup, begun, finish, state } = workbench(['a', 'b', 'c', 'd', 'e']);
  const lanes = createLanes(setup);
  lanes.look();
  lanes.look();
  await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
  finish('b');
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
  for (const job of ['a', 'c', 'd']) finish(job);
  await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  finish('e');
  await lanes.settle();
  expect(state.mostClaiming).toBe(1);
});

test('work that comes while the last claim is under way is not overlooked', async () => {
  const waiting: string[] = [];
  const { setup, begun, finish } = workbench(waiting);
  const state: { lanes?: ReturnType<typeof createLanes<string>> } = {};
  let claims = 0;
  const lanes = createLanes({
    ...setup,
    claim: (underWay) => {
      claims += 1;
      const answer = setup.claim(underWay);
      if (claims === 1) {
        // The first claim has found nothing by the time this is there.
        state.lanes?.look();
        return answer.then((job) => {
          waiting.push('late');
          return job;
        });
      }
      return answer;
    },
  });
  state.lanes = lanes;
  lanes.look();
  await expect.poll(() => begun).toEqual(['late']);
  finish('late');
  await lanes.settle();
});

test('a job that fails, or a claim, is told of and stops nothing', async () => {
  const { setup, begun, failures, finish } = workbench(['bad', 'good']);
  let claims = 0;
  const lanes = createLanes({
    ...setup,
    claim: (underWay) => {
      claims += 1;
      return claims === 1 ? Promise.reject(new Error('away')) : setup.claim(underWay);
    },
  });
  lanes.look();
  await expect.poll(() => failures).toEqual([new Error('away')]);
  expect(begun).toEqual([]);
  lanes.look();
  await expect.poll(() => begun).toEqual(['bad', 'good']);
  finish('bad');
  finish('good');
  await lanes.settle();
  expect(failures).toEqual([new Error('away'), new Error('bad')]);
});

test('closed, it lets what is under way finish and takes up nothing more', async () => {
  const { setup, begun, state } = workbench(['a', 'b', 'c', 'd']);
  const lanes = createLanes(setup);
  lanes.look();
  await expect.poll(() => begun).toHaveLength(3);
  await lanes.close();
  const { claims } = state;
  lanes.look();
  await lanes.settle();
  expect([begun, state.claims]).toEqual([['a', 'b', 'c'], claims]);
});
