import { expect, test } from 'vitest';
import { isProlongingDue, recordSeconds } from '../../../src/web/oidc/session-life.ts';

const life = { absoluteSeconds: 21_600, idleSeconds: 600 };
const now = 1_000_000;
const prolonged = (secondsAgo: number, idleSeconds = 600) => ({ at: now - secondsAgo, idleSeconds });

test.each([
  ['just now', prolonged(0), false],
  ['less than a tenth of the limit ago', prolonged(59), false],
  ['a tenth of the limit ago', prolonged(60), true],
  ['long ago', prolonged(599), true],
  ['a little ahead of our clock, by another process', prolonged(-59), false],
  ['far ahead of our clock', prolonged(-60), true],
  ['just now, under a longer limit', prolonged(0, 7200), true],
  ['just now, under a shorter limit', prolonged(0, 300), true],
  ['never', undefined, true],
])('a session that was prolonged %s: is prolonged when it is used? %s', (_when, use, isDue) => {
  expect(isProlongingDue(use, life, now)).toBe(isDue);
});

test.each([
  ['the idle limit, where more is left of the session', 601, 600],
  ['what is left of the session, where that is less', 599, 599],
  ['a moment, where nothing is left', 0, 1],
  ['a moment, where it should have ended (the account has shortened its sessions)', -5000, 1],
])('the record of a session stands for %s', (_what, left, seconds) => {
  expect(recordSeconds(left, life)).toBe(seconds);
});
