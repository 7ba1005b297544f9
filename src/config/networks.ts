import { isIP } from 'node:net';

const prefixPattern = /^\d{1,3}$/;

/** Whether a text is one address or one CIDR block (`10.0.0.0/8`, `fd00::/8`, `192.0.2.7`). */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return prefixPattern.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** Reads a comma-separated list of networks; empty entries do not count. Answers the good and the faulty ones apart. */
export function parseNetworks(text: string): { networks: string[]; faulty: string[] } {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return { networks: entries.filter(isNetwork), faulty: entries.filter((entry) => !isNetwork(entry)) };
}
