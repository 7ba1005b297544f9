import { generateSync } from 'otplib';
import { expect, it } from 'vitest';
import { matchTotpStep, newTotpSecret, totpUri } from '../../../src/domain/mfa/totp.ts';

const secret = newTotpSecret();
const nowSeconds = 1_800_000_015;
const present = Math.floor(nowSeconds / 30);
const codeOf = (step: number) => generateSync({ secret, epoch: step * 30 });
const match = (code: string, lastUsedStep = 0, now = nowSeconds) =>
  matchTotpStep(secret, code, { lastUsedStep, nowSeconds: now });

it.each([
  ['two steps ago', -2, undefined],
  ['one step ago', -1, present - 1],
  ['now', 0, present],
  ['one step ahead', 1, present + 1],
  ['two steps ahead', 2, undefined],
])('a code of %s', async (_when, offset, step) => expect(await match(codeOf(present + offset))).toBe(step));

it('a step that was used, and any before it, is over', async () => {
  expect(await match(codeOf(present), present)).toBeUndefined();
  expect(await match(codeOf(present - 1), present)).toBeUndefined();
  expect(await match(codeOf(present + 1), present)).toBe(present + 1);
  expect(await match(codeOf(present), present - 1)).toBe(present);
});

it('nothing is right once every step that may be used now is used', async () => {
  for (const lastUsedStep of [present + 1, present + 2, Number.MAX_SAFE_INTEGER]) {
    for (const offset of [-1, 0, 1]) expect(await match(codeOf(present + offset), lastUsedStep)).toBeUndefined();
  }
});

it('agrees with the values of RFC 6238, appendix B', async () => {
  // The seed is the ASCII text 12345678901234567890; six of the eight digits given there.
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const samples = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ] as const;
  for (const [time, code] of samples) {
    expect(await matchTotpStep(seed, code, { lastUsedStep: 0, nowSeconds: time })).toBe(Math.floor(time / 30));
  }
});

it.each(['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６', '-12345', '1e5000', '0x1234', "' or 1"])(
  '"%s" is no code',
  async (typed) => {
    expect(await match(typed)).toBeUndefined();
  },
);

it('a seed has 160 random bits, and the address for apps says what they must know', () => {
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(secret);
  const uri = new URL(totpUri(secret, 'acme', 'alice@acme'));
  expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
  expect(decodeURIComponent(uri.pathname)).toBe('/acme:alice@acme');
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(uri.searchParams.get('issuer')).toBe('acme');
});
