import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCookieSignatures } from '../../../src/web/oidc/cookie-signatures.ts';

const [newer, older] = [randomBytes(32), randomBytes(32)];

it('what the first key signed holds, for that text alone', () => {
  const cookies = createCookieSignatures([newer, older]);
  const signature = cookies.sign('postern.session=abc');
  expect([cookies.index('postern.session=abc', signature), cookies.verify('postern.session=abc', signature)]).toEqual([
    0,
    true,
  ]);
  expect([cookies.index('postern.session=abd', signature), cookies.verify('postern.session=abd', signature)]).toEqual([
    -1,
    false,
  ]);
});

it('what an older key of the ring signed still holds, and is told apart', () => {
  const signature = createCookieSignatures([older]).sign('a=b');
  expect(createCookieSignatures([newer, older]).index('a=b', signature)).toBe(1);
  expect(createCookieSignatures([newer]).index('a=b', signature)).toBe(-1);
});

it.each(['', 'x', '!!!!', 'A'.repeat(43), 'A'.repeat(5000)])('no signature is made up: %s', (signature) => {
  expect(createCookieSignatures([newer, older]).index('a=b', signature)).toBe(-1);
});
