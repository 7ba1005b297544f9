import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasFault, isIssuerName } from '../../../src/domain/accounts/alias-rules.ts';

describe('an alias', () => {
  it.each(['acme', 'a-b', 'a1b', '1ab', 'abc', 'x'.repeat(51), 'a-b-c-d', '0-a-0'])('can be "%s"', (alias) => {
    expect(aliasFault(alias)).toBeUndefined();
    expect(isIssuerName(alias)).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['ab', 'two characters'],
    ['x'.repeat(52), '52 characters'],
    ['-acme', 'a hyphen first'],
    ['acme-', 'a hyphen last'],
    ['ac--me', 'a doubled hyphen'],
    ['123456', 'digits alone'],
    ['1-2-3', 'no letter'],
    ['Acme', 'a capital'],
    ['ACME', 'capitals'],
    ['ac_me', 'an underscore'],
    ['ac.me', 'a dot'],
    ['acme ', 'a space'],
    ['acmé', 'an accent'],
    ['аcme', 'a letter of another alphabet'],
    ['ac/me', 'a slash'],
    ['acme\n', 'a line break'],
    ['xn--acme', 'a doubled hyphen of an encoded name'],
  ])('cannot be "%s": %s', (alias) => {
    expect(aliasFault(alias)).toEqual(expect.any(String));
    expect(isIssuerName(alias)).toBe(false);
  });

  it.each(['admin', 'api', 'oauth2', 'logon', 'portal', 'console', 'well-known', 'www', 'login', 'postern'])(
    'cannot be "%s", which is reserved',
    (alias) => {
      expect(aliasFault(alias)).toContain('reserved');
    },
  );

  it('never is what an address would have to encode, whatever is tried', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        fc.pre(aliasFault(text) === undefined);
        return encodeURIComponent(text) === text && text === text.toLowerCase() && /[a-z]/.test(text);
      }),
    );
    fc.assert(fc.property(fc.stringMatching(/^[a-z][a-z0-9]{8,50}$/), (text) => aliasFault(text) === undefined));
  });
});

describe('an issuer name', () => {
  it.each(['1234567890123456', '9999999999999999'])('can be the account id %s', (id) =>
    expect(isIssuerName(id)).toBe(true),
  );

  it.each(['0234567890123456', '123456789012345', '12345678901234567', '-', '.well-known', 'favicon.ico', '__proto__'])(
    'cannot be "%s"',
    (name) => expect(isIssuerName(name)).toBe(false),
  );
});
