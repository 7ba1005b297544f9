import { expect, test } from 'vitest';
import { mayLogOnFrom } from '../../../src/domain/accounts/login-networks.ts';

test.each([
  ['no networks', [], '192.0.2.1'],
  ['no networks and no address', [], ''],
  ['a network', ['198.51.100.0/24', '192.0.2.0/24'], '192.0.2.255'],
  ['one address', ['192.0.2.1'], '192.0.2.1'],
  ['a network of IPv6', ['2001:db8::/32'], '2001:db8:ffff::1'],
  ['everywhere', ['0.0.0.0/0'], '203.0.113.9'],
])('allows with %s', (_case, networks, address) => {
  expect(mayLogOnFrom(networks, address)).toBe(true);
});

test.each([
  ['another network', ['192.0.2.0/25'], '192.0.2.128'],
  ['another address', ['192.0.2.1'], '192.0.2.2'],
  ['another kind of address', ['0.0.0.0/0'], '2001:db8::1'],
  ['no address', ['0.0.0.0/0', '::/0'], ''],
  ['what is no address', ['0.0.0.0/0', '::/0'], 'unknown'],
])('refuses %s', (_case, networks, address) => {
  expect(mayLogOnFrom(networks, address)).toBe(false);
});
