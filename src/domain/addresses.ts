import { isIP } from 'node:net';

/** One address. Of version 4 a number, of version 6 a bigint: each in a space of its own. */
export interface Address {
  readonly version: 4 | 6;
  readonly value: number | bigint;
}

/** The addresses from `low` to `high`, both included. */
export interface Network {
  readonly version: 4 | 6;
  readonly low: number | bigint;
  readonly high: number | bigint;
}

const prefixPattern = /^(0|[1-9]\d{0,2})$/;
const mappedPrefix = 96;

/**
 * Reads the address of a request. An IPv4 address mapped into IPv6 (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2) is that IPv4
 * address; a zone (`%eth0`) says which link and not which address. Undefined for what is no address.
 */
export function parseAddress(text: string): Address | undefined {
  const [address = ''] = text.split('%', 1);
  const network = parseNetwork(address);
  return network === undefined || address.includes('/') ? undefined : { version: network.version, value: network.low };
}

/**
 * Reads an address or a CIDR block of either version; bits behind the prefix do not count. A block within `::ffff:0:0/96` is the IPv4
 * block that it maps. `::/0` is all of IPv6 and nothing of IPv4. Undefined for what is neither.
 */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0 || (prefix !== undefined && !prefixPattern.test(prefix))) return undefined;
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  return version === 4 ? ipv4Network(ipv4Value(address), length) : ipv6Network(ipv6Value(address), length);
}

export const contains = ({ version, low, high }: Network, address: Address): boolean =>
  version === address.version && low <= address.value && address.value <= high;

function ipv4Network(value: number, length: number): Network {
  const size = 2 ** (32 - length);
  const low = value - (value % size);
  return { version: 4, low, high: low + size - 1 };
}

function ipv6Network(value: bigint, length: number): Network {
  if (length >= mappedPrefix && value >> 32n === 0xffffn) {
    return ipv4Network(Number(value & 0xffff_ffffn), length - mappedPrefix);
  }
  const size = 1n << BigInt(128 - length);
  const low = value - (value % size);
  return { version: 6, low, high: low + size - 1n };
}

const ipv4Value = (text: string): number => text.split('.').reduce((value, part) => value * 256 + Number(part), 0);

/** Of what `isIP` found to be one: eight groups of 16 bits, `::` for as many zeros as are missing, the last two perhaps dotted. */
function ipv6Value(text: string): bigint {
  const [before = [], after = []] = text.split('::').map(groupsOf);
  const zeros = Array<string>(8 - before.length - after.length).fill('0000');
  return BigInt(`0x${[...before, ...zeros, ...after].join('')}`);
}

/** Groups in hexadecimal, four digits each. */
const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':').flatMap(groupDigits));

const groupDigits = (group: string): string | string[] =>
  group.includes('.') ? dottedGroups(ipv4Value(group)) : group.padStart(4, '0');

const dottedGroups = (value: number): string[] =>
  [Math.floor(value / 65_536), value % 65_536].map((group) => group.toString(16).padStart(4, '0'));
