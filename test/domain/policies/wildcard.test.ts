import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileWildcard, compileWildcards } from '../../../src/domain/policies/wildcard.ts';

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['**', 'anything', true],
  ['?', '', false],
  ['??', 'a', false],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbd', false],
  ['ab*bc', 'abc', false],
  ['*b*b', 'ababab', true],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['*?b*', 'b', false],
  ['*?b*', 'ab', true],
  ['a.c', 'abc', false],
  ['abc', 'abcd', false],
  ['abcd', 'abc', false],
  ['*x', 'x', true],
  ['x*', 'ax', false],
  ['[a]$^(', '[a]$^(', true],
])('%s against %s is %s', (pattern, text, expected) => {
  expect(compileWildcard(pattern)(text)).toBe(expected);
  expect(compileWildcards([pattern])(text)).toBe(expected);
});

test('agrees with the same pattern as a regular expression', () => {
  const symbols = fc.constantFrom('a', 'b', '*', '?');
  const letters = fc.constantFrom('a', 'b');
  fc.assert(
    fc.property(fc.array(symbols, { maxLength: 8 }), fc.array(letters, { maxLength: 10 }), (pattern, text) => {
      const expression = pattern.map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one)).join('');
      const expected = new RegExp(`^${expression}$`).test(text.join(''));
      expect(compileWildcard(pattern.join(''))(text.join(''))).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [[], 'a', false],
  [['a', 'b'], 'b', true],
  [['a', 'b'], 'c', false],
  [['a', 'b*'], 'bc', true],
  [['a?', '**'], 'anything', true],
])('of several (%j) against %s one is enough: %s', (patterns, text, expected) => {
  expect(compileWildcards(patterns)(text)).toBe(expected);
});

test.each([
  ['stars', `${'*a'.repeat(1000)}b`],
  ['stars and single characters', `${'*?a'.repeat(1000)}b`],
  ['one long piece that nearly fits', `*${'a'.repeat(2000)}?b*`],
])('a pattern made to backtrack does not stall: %s', (_name, pattern) => {
  const started = performance.now();
  expect(compileWildcard(pattern)('a'.repeat(5000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(1000);
});
