import { BlockList, isIP } from 'node:net';

/** Whether users may log on from an address (RAM: LoginNetworkMasks). No networks: from anywhere; else never from what is no address. */
export function mayLogOnFrom(networks: readonly string[], sourceIp: string): boolean {
  if (networks.length === 0) return true;
  const version = isIP(sourceIp);
  return version !== 0 && listOf(networks).check(sourceIp, version === 6 ? 'ipv6' : 'ipv4');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
