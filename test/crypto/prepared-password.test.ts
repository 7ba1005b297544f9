import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPasswordHasher } from '../../src/crypto/password-hashing.ts';
import { breachHash, preparedPassword } from '../../src/crypto/prepared-password.ts';

const composed = 'caf\u00e9 \u00c5ngstr\u00f6m';
const decomposed = 'cafe\u0301 A\u030angstro\u0308m';

test.each([
  ['composed letters have one form', decomposed, composed],
  ['Hangul has one form', '\u1112\u1161\u11ab', '\ud55c'],
  ['a space that does not break is a space', 'four\u00a0words', 'four words'],
  ['an ideographic space is a space', '正しい\u3000馬', '正しい 馬'],
  ['spaces at the ends stay', '  ab  ', '  ab  '],
  ['several spaces stay several', 'a  b', 'a  b'],
  ['case stays', 'AbC', 'AbC'],
  ['a ligature stays', 'o\ufb03ce', 'o\ufb03ce'],
  ['a tab stays', 'a\tb', 'a\tb'],
  ['half a surrogate stays', 'a\ud800b', 'a\ud800b'],
])('%s', (_rule, typed, prepared) => {
  expect(preparedPassword(typed)).toBe(prepared);
  expect(preparedPassword(prepared)).toBe(prepared);
});

test('a hash to look up is SHA-1 of the prepared password, as lists write it', () => {
  expect(breachHash('password')).toBe('5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8');
  expect(breachHash(decomposed)).toBe(createHash('sha1').update(composed).digest('hex').toUpperCase());
});

describe('a password typed on another keyboard', () => {
  const hasher = createPasswordHasher({ parallel: 2, queueLimit: 10 });

  test.each([
    [composed, decomposed],
    [decomposed, composed],
    ['four\u00a0words here', 'four words here'],
  ])('opens what was stored as %j', async (stored, typed) => {
    const hash = await hasher.hash(stored);
    expect(await hasher.verify(typed, hash)).toBe(true);
    expect(await hasher.verify(`${typed}x`, hash)).toBe(false);
  });

  test('that differs in more than form opens nothing', async () => {
    const hash = await hasher.hash(composed);
    for (const other of [composed.toLowerCase(), 'cafe Angstrom', `${composed} `, composed.trim().replace(' ', '')])
      expect(await hasher.verify(other, hash)).toBe(false);
  });

  test('is verified as it was typed where another system made the hash', async () => {
    const { hash: hashBcrypt } = await import('@node-rs/bcrypt');
    const imported = await hashBcrypt(decomposed, 4);
    expect(await hasher.verify(decomposed, imported)).toBe(true);
    expect(await hasher.verify(composed, imported)).toBe(false);
  });
});
