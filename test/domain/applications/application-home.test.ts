import { expect, it } from 'vitest';
import { homeOf } from '../../../src/domain/applications/application-home.ts';

it.each([
  ['web', 'https://payroll.example.com/deep/callback?x=1', 'https://payroll.example.com/'],
  ['web', 'https://payroll.example.com:8443/callback', 'https://payroll.example.com:8443/'],
  ['spa', 'http://localhost:3000/callback', 'http://localhost:3000/'],
] as const)('a %s app with %s lives at %s', (type, address, home) => {
  expect(homeOf({ type, redirectUris: [address, 'https://other.example.com/'] })).toBe(home);
});

it.each([
  ['native', 'http://127.0.0.1/callback'],
  ['native', 'https://app.example.com/callback'],
  ['native', 'com.example.app:/callback'],
  ['service', 'https://app.example.com/callback'],
  // Such rows come by other ways than the API.
  ['web', 'javascript:alert(1)'],
  ['web', 'data:text/html,x'],
  ['spa', 'com.example.app://host/callback'],
  ['web', 'no address'],
] as const)('a %s app with %s cannot be linked to', (type, address) => {
  expect(homeOf({ type, redirectUris: [address] })).toBeUndefined();
});

it('an app without an address cannot be linked to', () => {
  expect(homeOf({ type: 'web', redirectUris: [] })).toBeUndefined();
});
