import { BlockList, isIP } from 'node:net';

/** Addresses and networks in CIDR form as a list to ask. Entries were checked when the configuration was read. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

const mappedIpv4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** An address in its one canonical form (RFC 5952); an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) is that IPv4 address. */
export function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const canonical = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? address;
  const [, high, low] = mappedIpv4.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}

/** Whether an address lies in one of the networks; never for what is no address. */
export function isInNetworks(networks: BlockList, address: string): boolean {
  const plain = unmapped(address);
  const version = isIP(plain);
  return version !== 0 && networks.check(plain, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The client's address. `X-Forwarded-For` counts only as far as it was written by trusted proxies: read from the right, the first address
 * that is not a trusted proxy is the client. Anything that is no address ends the reading at the hop that sent it, so a header that cannot
 * be parsed never makes a request look better than the connection it came on.
 */
export function clientAddress(
  peerAddress: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: BlockList,
): string {
  let address = unmapped(peerAddress ?? '0.0.0.0');
  if (forwardedFor === undefined) return address;
  const hops = forwardedFor.split(',').reverse();
  for (const hop of hops) {
    if (!isInNetworks(trustedProxies, address)) break;
    const next = unmapped(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}
