import { expect, it } from 'vitest';
import { clientAddress, isInNetworks, networkList } from '../../../src/web/http/client-address.ts';

const proxies = networkList(['10.0.0.0/8', '::1', 'fd00::/8']);

it.each([
  ['no proxy, no header', '203.0.113.9', undefined, '203.0.113.9'],
  ['a stranger who claims to be somebody', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a trusted proxy', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a client that wrote a header before the proxy did', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['two trusted proxies', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['nothing but proxies', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['garbage from a trusted proxy', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['garbage before an address', '10.0.0.1', '203.0.113.9, nonsense', '10.0.0.1'],
  ['garbage behind a proxy', '10.0.0.1', 'nonsense, 10.0.0.2', '10.0.0.2'],
  ['an empty header', '10.0.0.1', '', '10.0.0.1'],
  ['only commas', '10.0.0.1', ',,,', '10.0.0.1'],
  ['an address with a port', '10.0.0.1', '203.0.113.9:4711', '10.0.0.1'],
  ['a mapped peer', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a mapped client', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['a mapped stranger', '::ffff:203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['IPv6 throughout', '::1', '2001:db8::5', '2001:db8::5'],
  ['a proxy of a network of IPv6', 'fd00::1', '2001:db8::5', '2001:db8::5'],
  ['no peer any more', undefined, '203.0.113.9', '0.0.0.0'],
])('%s', (_what, peer, header, client) => expect(clientAddress(peer, header, proxies)).toBe(client));

it('without trusted proxies a header never counts', () => {
  for (const header of ['1.2.3.4', '10.0.0.1', '::1', 'x'])
    expect(clientAddress('192.0.2.1', header, networkList([]))).toBe('192.0.2.1');
});

it.each(['', 'nonsense', '10.0.0.1.evil', '10.0.0', '10.0.0.0/8', 'localhost'])('"%s" lies in no network', (text) => {
  expect(isInNetworks(networkList(['0.0.0.0/0', '::/0']), text)).toBe(false);
});
