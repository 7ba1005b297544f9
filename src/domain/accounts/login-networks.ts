import { contains, parseAddress, parseNetwork } from '../addresses.ts';

/** Whether users may log on from an address (RAM: LoginNetworkMasks). No networks: from anywhere; else never from what is no address. */
export function mayLogOnFrom(networks: readonly string[], sourceIp: string): boolean {
  if (networks.length === 0) return true;
  const address = parseAddress(sourceIp);
  if (address === undefined) return false;
  return networks.some((text) => {
    const network = parseNetwork(text);
    return network !== undefined && contains(network, address);
  });
}
