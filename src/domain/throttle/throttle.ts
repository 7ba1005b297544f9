import { hashToken } from '../../crypto/tokens.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';

/** What is tried. `reset` is the choice of a password in place of a given one: it proves nothing, but costs hashes. */
type Factor = 'password' | 'second-factor' | 'reset';

/**
 * How many tries are evaluated in a window. Over all names of one source only those that failed count, since an office may sit
 * behind one address; over all sources of one user, and of the two together, a success begins anew.
 */
interface Limit {
  readonly per: 'user and source' | 'source' | 'user';
  readonly tries: number;
  readonly windowSeconds: number;
  /** Set where the account asks for a limit of its own, which is counted beside the others. */
  readonly setBy?: 'account';
}

/**
 * The first is what an owner meets, so a stranger elsewhere cannot lock them out. The second is for guesses spread over names
 * (passwords) or over sources (second factors: NIST SP 800-63B-4, section 3.2.2, allows 100 failures; only who has the password
 * gets there, so it is no weapon against its owner).
 */
const limits: Readonly<Record<Factor, readonly Limit[]>> = {
  password: [
    { per: 'user and source', tries: 10, windowSeconds: 900 },
    { per: 'source', tries: 100, windowSeconds: 900 },
  ],
  'second-factor': [
    { per: 'user and source', tries: 10, windowSeconds: 900 },
    { per: 'user', tries: 100, windowSeconds: 86_400 },
  ],
  reset: [{ per: 'user and source', tries: 20, windowSeconds: 900 }],
};

/** Whose secret is tried, which, and from where. A name nobody has counts the same, so that counting tells nothing. */
export interface ThrottledTry {
  readonly accountId: string;
  readonly userName: string;
  readonly factor: Factor;
  readonly sourceIp: string;
  /** What the account's policy allows of one user from one source (RAM: MaxLoginAttemps); 0: no more than is allowed anyway. */
  readonly triesPerHour?: number;
}

const limitsOf = ({ factor, triesPerHour = 0 }: ThrottledTry): readonly Limit[] =>
  triesPerHour === 0
    ? limits[factor]
    : [...limits[factor], { per: 'user and source', tries: triesPerHour, windowSeconds: 3600, setBy: 'account' }];

/** A try that is not evaluated. */
export interface RefusedTry {
  readonly waitSeconds: number;
  /** True for one of the refusals of a window: what is to be told once is told then. */
  readonly isFirst: boolean;
}

function keyOf({ accountId, userName, factor, sourceIp }: ThrottledTry, { per, setBy }: Limit): string {
  const user = per === 'source' ? null : userName.toLowerCase();
  const source = per === 'user' ? null : sourceNetwork(sourceIp);
  return `throttle:${hashToken(JSON.stringify([accountId, user, factor, source, ...(setBy === undefined ? [] : [setBy])]))}`;
}

/** Where the tries that were right are counted, to be set off against all. */
const passedKeyOf = (key: string): string => `${key}:passed`;

/** One subscriber has a /64 of IPv6 addresses at the least (RFC 6177), so that much is one source; of IPv4 each address is one. */
export function sourceNetwork(sourceIp: string): string {
  if (!sourceIp.includes(':')) return sourceIp;
  const [head = '', tail] = sourceIp.split('::');
  const groupsOf = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(':'));
  const [left, right] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/**
 * Counts a try before it is evaluated, so that racing tries cannot slip past. Answers undefined when it may be evaluated. A try
 * that one limit refuses is not counted against the next.
 */
export async function takeTry(store: EphemeralStore, attempt: ThrottledTry): Promise<RefusedTry | undefined> {
  for (const limit of limitsOf(attempt)) {
    const refused = await countTry(store, keyOf(attempt, limit), limit);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

async function countTry(store: EphemeralStore, key: string, limit: Limit): Promise<RefusedTry | undefined> {
  const { count, ttlSeconds } = await store.increment(key, limit.windowSeconds);
  const passed = limit.per === 'source' ? await passedTries(store, key, { count, tries: limit.tries }) : 0;
  if (count - passed <= limit.tries) return undefined;
  const waitSeconds = Math.max(1, ttlSeconds);
  return { waitSeconds, isFirst: await store.create(`${key}:told`, '1', waitSeconds) };
}

/** How many of the window's tries were right. A new window begins without those of the one before; looked up only where it matters. */
async function passedTries(
  store: EphemeralStore,
  key: string,
  { count, tries }: { count: number; tries: number },
): Promise<number> {
  if (count === 1) await store.delete(passedKeyOf(key));
  return count <= tries ? 0 : Number((await store.get(passedKeyOf(key))) ?? 0);
}

/** A success clears the user's count; over all names it is set off, no more, lest whoever has one password could go on guessing others. */
export async function clearTries(store: EphemeralStore, attempt: ThrottledTry): Promise<void> {
  await Promise.all(
    limitsOf(attempt).map(async (limit) => {
      const key = keyOf(attempt, limit);
      await (limit.per === 'source' ? store.increment(passedKeyOf(key), limit.windowSeconds) : store.delete(key));
    }),
  );
}
