import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesWildcard } from '../../../src/domain/policies/wildcard.ts';

test.each([
  ['', '', true],
  ['*', '', true],
  ['**', 'anything', true],
  ['?', '', false],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbd', false],
  ['*b*b', 'ababab', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['abc', 'abcd', false],
  ['abcd', 'abc', false],
  ['*x', 'x', true],
])('%s against %s is %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

test('agrees with the same pattern as a regular expression', () => {
  const symbols = fc.constantFrom('a', 'b', '*', '?');
  const letters = fc.constantFrom('a', 'b');
  fc.assert(
    fc.property(fc.array(symbols, { maxLength: 8 }), fc.array(letters, { maxLength: 10 }), (pattern, text) => {
      const expression = pattern.map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one)).join('');
      expect(matchesWildcard(pattern.join(''), text.join(''))).toBe(new RegExp(`^${expression}$`).test(text.join('')));
    }),
  );
});

test('a pattern made to backtrack does not stall', () => {
  const started = performance.now();
  expect(matchesWildcard(`${'*a'.repeat(1000)}b`, 'a'.repeat(5000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
