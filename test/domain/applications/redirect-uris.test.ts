import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ApplicationType,
  backchannelLogoutUriFault,
  isAllowedRedirectUri,
} from '../../../src/domain/applications/redirect-uris.ts';

const signingIn: readonly ApplicationType[] = ['web', 'spa', 'native'];

test.each([
  'https://app.example.com/callback',
  'https://app.example.com',
  'https://app.example.com/',
  'https://app.example.com:8443/a/b?tenant=1&x=%20',
  'https://xn--bcher-kva.example/cb',
  'http://localhost/cb',
  'http://localhost:4000/cb',
  'http://127.0.0.1:4000/cb',
  'http://[::1]:4000/cb',
])('every type that signs people in may have %s', (uri) => {
  for (const type of signingIn) expect(isAllowedRedirectUri(uri, type)).toBe(true);
});

test.each(['com.example.app:/callback', 'com.example.app://callback', 'org.example-1.x:/cb'])(
  'a scheme of its own, with a dot, is for native applications alone: %s',
  (uri) => {
    expect(isAllowedRedirectUri(uri, 'native')).toBe(true);
    expect(isAllowedRedirectUri(uri, 'web')).toBe(false);
    expect(isAllowedRedirectUri(uri, 'spa')).toBe(false);
  },
);

const hostile: readonly (readonly [string, string])[] = [
  ['script', 'javascript:alert(1)'],
  ['script that looks like an address', 'javascript://app.example.com/%0aalert(1)'],
  ['script in capitals', 'JavaScript:alert(1)'],
  ['script behind a space', ' javascript:alert(1)'],
  ['script split by a tab', 'java\tscript:alert(1)'],
  ['script behind a control character', '\u0001javascript:alert(1)'],
  ['script behind view-source', 'view-source:javascript:alert(1)'],
  ['old script', 'vbscript:msgbox(1)'],
  ['data', 'data:text/html,<script>alert(1)</script>'],
  ['a file', 'file:///etc/passwd'],
  ['a blob', 'blob:https://app.example.com/0f7b'],
  ['a filesystem address', 'filesystem:https://app.example.com/x'],
  ['about', 'about:blank'],
  ['a web socket', 'wss://app.example.com/cb'],
  ['ftp', 'ftp://app.example.com/cb'],
  ['a scheme without a dot', 'myapp://callback'],
  ['a scheme of its own and nothing behind it', 'com.example.app:'],
  ['a scheme of its own without a slash', 'com.example.app:callback'],
  ['mail', 'mailto:a@example.com'],
  ['http off loopback', 'http://app.example.com/cb'],
  ['http to a name that begins like loopback', 'http://localhost.example.com/cb'],
  ['http to a name that ends like loopback', 'http://examplelocalhost/cb'],
  ['http to another loopback address', 'http://127.0.0.2/cb'],
  ['http to loopback in another notation', 'http://2130706433/cb'],
  ['http to everything', 'http://0.0.0.0/cb'],
  ['http to a mapped address', 'http://[::ffff:127.0.0.1]/cb'],
  ['a fragment', 'https://app.example.com/cb#x'],
  ['an empty fragment', 'https://app.example.com/cb#'],
  ['user-info', 'https://app.example.com@evil.example/cb'],
  ['user-info with a password', 'https://a:b@app.example.com/cb'],
  ['empty user-info', 'https://@app.example.com/cb'],
  ['a wildcard host', 'https://*.example.com/cb'],
  ['a wildcard path', 'https://app.example.com/*'],
  ['a backslash', 'https://app.example.com\\@evil.example/cb'],
  ['backslashes for slashes', 'https:\\\\app.example.com/cb'],
  ['a tab', 'https://app.example.com/\tcb'],
  ['a line feed', 'https://app.example.com/cb\n'],
  ['a carriage return', 'https://app.example.com/cb\r\nset-cookie: a=b'],
  ['a NUL', 'https://app.example.com/cb\0'],
  ['a space', 'https://app.example.com/c b'],
  ['a leading space', ' https://app.example.com/cb'],
  ['a path that climbs', 'https://app.example.com/cb/../admin'],
  ['an encoded path that climbs', 'https://app.example.com/cb/%2e%2e/admin'],
  ['no scheme', '//evil.example/cb'],
  ['a path alone', '/cb'],
  ['three slashes', 'https:///app.example.com/cb'],
  ['one slash', 'https:/app.example.com/cb'],
  ['no slash', 'https:app.example.com/cb'],
  ['capitals in the host', 'https://APP.example.com/cb'],
  ['capitals in the scheme', 'HTTPS://app.example.com/cb'],
  ['letters beyond ASCII in the host', 'https://bücher.example/cb'],
  ['a full-width dot', 'https://app\uff0eexample.com/cb'],
  ['letters beyond ASCII in the path', 'https://app.example.com/ü'],
  ['a host that is no name', 'https://app_%00.example/cb'],
  ['a port out of range', 'https://app.example.com:99999/cb'],
  ['markup', 'https://app.example.com/"><script>'],
  ['the empty text', ''],
  ['2049 characters', `https://app.example.com/${'a'.repeat(2049 - 24)}`],
];

test.each(hostile)('no type may have %s', (_name, uri) => {
  for (const type of [...signingIn, 'service'] as const) expect(isAllowedRedirectUri(uri, type)).toBe(false);
});

test('2048 characters are accepted', () => {
  expect(isAllowedRedirectUri(`https://app.example.com/${'a'.repeat(2048 - 24)}`, 'web')).toBe(true);
});

test('a native application does not claim https on loopback', () => {
  expect(isAllowedRedirectUri('https://localhost/cb', 'native')).toBe(false);
  expect(isAllowedRedirectUri('https://localhost/cb', 'web')).toBe(true);
});

test('whatever is allowed leads exactly where it says, by a scheme of the list', () => {
  const pieces = fc.constantFrom(
    'https:',
    'http:',
    'a.b:',
    'javascript:',
    '//',
    '/',
    '\\',
    '@',
    '#',
    '..',
    '%2e',
    'evil.example',
    'localhost',
    ':80',
    '\t',
    '?',
  );
  const uris = fc.oneof(
    fc.webUrl({ withQueryParameters: true }),
    fc.array(pieces, { maxLength: 8 }).map((some) => some.join('')),
  );
  fc.assert(
    fc.property(uris, fc.constantFrom(...signingIn), (uri, type) => {
      if (!isAllowedRedirectUri(uri, type)) return;
      const url = new URL(uri);
      expect([uri, `${uri}/`]).toContain(url.href);
      expect(url.protocol).toMatch(type === 'native' ? /^(https?|.+\..+):$/ : /^https?:$/);
      if (url.protocol === 'http:') expect(['localhost', '127.0.0.1', '[::1]']).toContain(url.hostname);
      expect(url.username + url.password + url.hash).toBe('');
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['web', 'https://app.example.com/out?x=1', true],
  ['web', 'http://app.internal:8080/out', true],
  ['web', 'http://app.internal:8080/out#x', false],
  ['web', 'http://u:p@app.internal/out', false],
  ['web', 'javascript:alert(1)', false],
  ['web', 'com.example.app:/out', false],
  ['spa', 'https://app.example.com/out', true],
  ['spa', 'http://app.internal/out', false],
  ['native', 'com.example.app:/out', false],
  ['service', 'https://app.example.com/out', false],
] as const)('logout tokens of a %s application to %s: %s', (type, uri, allowed) => {
  expect(backchannelLogoutUriFault(uri, type) === undefined).toBe(allowed);
});
