import { hashToken } from '../../crypto/tokens.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { type Factor, type Limit, limitsOf } from './limits.ts';
import { sourceNetwork } from './source-network.ts';

/** Whose secret is tried, which, and from where. A name nobody has counts the same, so that counting tells nothing. */
export interface ThrottledTry {
  readonly accountId: string;
  readonly userName: string;
  readonly factor: Factor;
  readonly sourceIp: string;
  /** The record of the device, where this user is known on the one that tries: its tries are counted on their own. */
  readonly knownDevice?: string | undefined;
  /** Passwords of one user that the account's policy lets be tried (RAM: MaxLoginAttemps); 0: as many as are allowed anyway. */
  readonly triesPerHour?: number | undefined;
}

/** A try that is not evaluated. */
export interface RefusedTry {
  readonly waitSeconds: number;
  /** True for one of the refusals of a window: what is to be told once is told then. */
  readonly isFirst: boolean;
}

/** What of a try a limit tells apart. */
const subjects: Readonly<
  Record<Limit['per'], (attempt: ThrottledTry) => Readonly<Record<string, string | undefined>>>
> = {
  device: ({ userName, knownDevice }) => ({ user: userName.toLowerCase(), device: knownDevice }),
  'user and source': ({ userName, sourceIp }) => ({
    user: userName.toLowerCase(),
    source: sourceNetwork(sourceIp),
  }),
  source: ({ sourceIp }) => ({ source: sourceNetwork(sourceIp) }),
  user: ({ userName }) => ({ user: userName.toLowerCase() }),
  account: () => ({}),
};

function keyOf(attempt: ThrottledTry, { per, windowSeconds }: Limit): string {
  const counted = [attempt.accountId, attempt.factor, windowSeconds, subjects[per](attempt)];
  return `throttle:${hashToken(JSON.stringify(counted))}`;
}

/** Where the tries that were right are counted, to be set off against all. */
const passedKeyOf = (key: string): string => `${key}:passed`;

const countsFailuresAlone = ({ per }: Limit): boolean => per === 'source' || per === 'account';

/**
 * Counts a try before it is evaluated, so that racing tries cannot slip past. Answers undefined when it may be evaluated. Windows begin with the
 * first try and are fixed: trying on prolongs nothing.
 */
export async function takeTry(store: EphemeralStore, attempt: ThrottledTry): Promise<RefusedTry | undefined> {
  for (const round of limitsOf(attempt)) {
    const counted = await Promise.all(round.map((limit) => countTry(store, keyOf(attempt, limit), limit)));
    const refusals = counted.filter((one) => one !== undefined);
    if (refusals.length > 0) {
      const waitSeconds = Math.max(...refusals.map((one) => one.waitSeconds));
      return { waitSeconds, isFirst: refusals.some(({ isFirst }) => isFirst) };
    }
  }
  return undefined;
}

async function countTry(store: EphemeralStore, key: string, limit: Limit): Promise<RefusedTry | undefined> {
  const { count, ttlSeconds } = await store.increment(key, limit.windowSeconds);
  const passed = countsFailuresAlone(limit) ? await passedTries(store, key, { count, tries: limit.tries }) : 0;
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
    limitsOf(attempt)
      .flat()
      .map(async (limit) => {
        const key = keyOf(attempt, limit);
        await (countsFailuresAlone(limit) ? store.increment(passedKeyOf(key), limit.windowSeconds) : store.delete(key));
      }),
  );
}
