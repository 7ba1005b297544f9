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

const countsFailuresAlone = ({ per }: Limit): boolean => per === 'source' || per === 'account';

/**
 * Counts a try before it is evaluated, so that racing tries cannot slip past. Answers undefined when it may be evaluated. Windows begin with the
 * first try and are fixed: trying on prolongs nothing.
 */
export async function takeTry(store: EphemeralStore, attempt: ThrottledTry): Promise<RefusedTry | undefined> {
  for (const round of limitsOf(attempt)) {
    const refused = await takeRound(store, attempt, round);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/**
 * Counts by all limits of a round at once: one round trip. By those behind the first that refuses it was not to be counted, so that is taken
 * back.
 */
async function takeRound(
  store: EphemeralStore,
  attempt: ThrottledTry,
  round: readonly Limit[],
): Promise<RefusedTry | undefined> {
  const counted = await Promise.all(round.map((limit) => countTry(store, attempt, limit)));
  const refusals = counted.filter(({ waitSeconds }) => waitSeconds > 0);
  if (refusals.length === 0) return undefined;
  const behind = counted.slice(counted.findIndex(({ waitSeconds }) => waitSeconds > 0) + 1);
  const [told] = await Promise.all([
    Promise.all(refusals.map(({ key, waitSeconds }) => store.create(`${key}:told`, '1', waitSeconds))),
    ...behind.map(({ key }) => store.decrement(key)),
  ]);
  return { waitSeconds: Math.max(...refusals.map(({ waitSeconds }) => waitSeconds)), isFirst: told.includes(true) };
}

/** `waitSeconds`: nothing where it may be evaluated. */
async function countTry(
  store: EphemeralStore,
  attempt: ThrottledTry,
  limit: Limit,
): Promise<{ readonly key: string; readonly waitSeconds: number }> {
  const key = keyOf(attempt, limit);
  const { count, ttlSeconds } = await store.increment(key, limit.windowSeconds);
  return { key, waitSeconds: count <= limit.tries ? 0 : Math.max(1, ttlSeconds) };
}

/** A success clears the user's count; over all names it is taken off, no more, lest whoever has one password could go on guessing others. */
export async function clearTries(store: EphemeralStore, attempt: ThrottledTry): Promise<void> {
  await forEachCounter(attempt, (key, limit) =>
    countsFailuresAlone(limit) ? store.decrement(key) : store.delete(key),
  );
}

/** A try that came to nothing after all, for no fault of its own, was none. */
export async function giveTryBack(store: EphemeralStore, attempt: ThrottledTry): Promise<void> {
  await forEachCounter(attempt, (key) => store.decrement(key));
}

async function forEachCounter(
  attempt: ThrottledTry,
  act: (key: string, limit: Limit) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    limitsOf(attempt)
      .flat()
      .map((limit) => act(keyOf(attempt, limit), limit)),
  );
}
