import { hashToken } from '../../crypto/tokens.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';

/** Tries at one secret of one user from one source before the source has to wait. NIST SP 800-63B-4 allows at most 100 in a row. */
const triesPerWindow = 10;
const windowSeconds = 900;

/** Whose secret is tried, which, and from where. A name nobody has counts the same, so that counting tells nothing. */
export interface ThrottledTry {
  readonly accountId: string;
  readonly userName: string;
  readonly factor: 'password' | 'second-factor';
  readonly sourceIp: string;
}

const keyOf = ({ accountId, userName, factor, sourceIp }: ThrottledTry): string =>
  `throttle:${hashToken(JSON.stringify([accountId, userName.toLowerCase(), factor, sourceNetwork(sourceIp)]))}`;

/** One subscriber has a /64 of IPv6 addresses at the least (RFC 6177), so that much is one source; of IPv4 each address is one. */
function sourceNetwork(sourceIp: string): string {
  if (!sourceIp.includes(':')) return sourceIp;
  const [head = '', tail] = sourceIp.split('::');
  const groupsOf = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/**
 * Counts a try before it is evaluated, so that racing tries cannot slip past. Answers undefined when it may be evaluated, else the
 * seconds to wait.
 */
export async function takeTry(store: EphemeralStore, attempt: ThrottledTry): Promise<{ waitSeconds: number } | undefined> {
  const { count, ttlSeconds } = await store.increment(keyOf(attempt), windowSeconds);
  return count > triesPerWindow ? { waitSeconds: ttlSeconds } : undefined;
}

/** A success clears the count. */
export async function clearTries(store: EphemeralStore, attempt: ThrottledTry): Promise<void> {
  await store.delete(keyOf(attempt));
}
