import { expect, test } from 'vitest';
import { open, seal } from '../../src/crypto/envelope.ts';
import { type KeyRing, newKeyRingEntry, parseKeyRing } from '../../src/crypto/key-ring.ts';

const place = { accountId: '5123456789012345', row: 'row', column: 'table.column' };

function newRing(id: string): KeyRing {
  const parsed = parseKeyRing(newKeyRingEntry(id));
  if (!('ring' in parsed)) throw new Error(parsed.faults.join());
  return parsed.ring;
}

const ring = newRing('first');
const sealed = seal(ring, 'a secret', place);

test('what was sealed opens in its place, and says nothing of what it holds', () => {
  expect(open(ring, sealed, place)).toBe('a secret');
  expect(sealed).not.toContain('a secret');
  expect(seal(ring, 'a secret', place)).not.toBe(sealed);
});

test.each([
  ['another account', { ...place, accountId: '6123456789012345' }],
  ['another row', { ...place, row: 'other' }],
  ['another column', { ...place, column: 'table.other' }],
])('it does not open in %s', (_where, other) => {
  expect(() => open(ring, sealed, other)).toThrow();
});

test('it does not open under another ring, even one whose key has the same id', () => {
  expect(() => open(newRing('second'), sealed, place)).toThrow('not in the ring');
  expect(() => open(newRing('first'), sealed, place)).toThrow();
});

const end = sealed.at(-2) === 'A' ? 'B' : 'A';

test.each([
  ['a character more', `${sealed}A`],
  ['a blank behind it', `${sealed} `],
  ['padding', `${sealed}=`],
  ['a sign that is skipped when decoding', sealed.replace(/.$/, (last) => `*${last}`)],
  ['another character', `${sealed.slice(0, -2)}${end}${sealed.slice(-1)}`],
  ['its end cut off', sealed.slice(0, -4)],
  ['no body', sealed.slice(0, sealed.lastIndexOf('.') + 1)],
])('it does not open with %s', (_what, changed) => {
  expect(() => open(ring, changed, place)).toThrow();
});
