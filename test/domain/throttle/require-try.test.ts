import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireTry } from '../../../src/domain/throttle/require-try.ts';
import type { ThrottledTry } from '../../../src/domain/throttle/throttle.ts';
import { type Harness, openHarness, refusal } from '../operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

test('ten tries may be made, and the eleventh is told how long to wait', async () => {
  const attempt: ThrottledTry = { accountId: '1', userName: 'alice', factor: 'password', sourceIp: '192.0.2.1' };
  for (let at = 0; at < 10; at += 1) await requireTry(harness.deps.ephemeral, attempt);
  const refused = await refusal(requireTry(harness.deps.ephemeral, attempt));
  expect(refused.code).toBe('Throttling');
  expect(refused.retryAfterSeconds).toBeGreaterThan(880);
  expect(refused.retryAfterSeconds).toBeLessThanOrEqual(900);
  await requireTry(harness.deps.ephemeral, { ...attempt, userName: 'bob' });
});
