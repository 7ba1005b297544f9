import fc from 'fast-check';
import { expect, it } from 'vitest';
import { requestPath } from '../../../src/web/http/request-path.ts';

it.each([
  ['/', '/'],
  ['/acme', '/acme'],
  ['/acme?x=//;%2f', '/acme'],
  ['/acme/oauth2/token', '/acme/oauth2/token'],
  ['/.well-known/oauth-authorization-server/acme', '/.well-known/oauth-authorization-server/acme'],
  ['/acme/.well-known/openid-configuration', '/acme/.well-known/openid-configuration'],
  ['/acme/api/v1/users/a.b', '/acme/api/v1/users/a.b'],
  ['/acme/api/v1/users/%C3%A9', '/acme/api/v1/users/%C3%A9'],
])('%s is asked for as %s', (target, path) => expect(requestPath(target)).toBe(path));

it.each([
  ['a doubled slash', '//acme'],
  ['a doubled slash inside', '/acme//logon'],
  ['another host', 'http://evil.example/acme'],
  ['no slash first', 'acme'],
  ['nothing', ''],
  ['an asterisk', '*'],
  ['a dot segment', '/acme/../beta'],
  ['a dot segment last', '/acme/..'],
  ['a single dot', '/./acme'],
  ['an encoded dot', '/acme/%2e%2e/beta'],
  ['an encoded dot, capitals', '/acme/%2E%2E/beta'],
  ['an encoded slash', '/acme%2flogon'],
  ['a backslash', '/acme\\logon'],
  ['an encoded backslash', '/acme%5Clogon'],
  ['a path parameter', '/acme;x=1/logon'],
  ['an encoded semicolon', '/acme%3Bx/logon'],
  ['a dot segment behind a parameter', '/acme/..;/beta'],
  ['NUL', '/acme%00'],
  ['a raw NUL', '/acme\u0000'],
  ['a tab', '/ac\tme'],
  ['a space', '/ac me'],
  ['a line break', '/acme\r\nX: y'],
  ['raw bytes beyond ASCII', '/acmé'],
  ['double encoding', '/acme%252f'],
  ['a hidden file', '/.git/config'],
  ['something like .well-known', '/.well-knownx/y'],
  ['too long', `/${'x'.repeat(2048)}`],
])('%s is no address: %s', (_what, target) => expect(requestPath(target)).toBeUndefined());

it('what is let through reads the same to every parser of addresses', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const path = requestPath(`/${text}`);
      fc.pre(path !== undefined && !text.includes('#'));
      return new URL(`http://host${path ?? ''}`).pathname === path;
    }),
    { numRuns: 2000 },
  );
});
