import { LRUCache } from 'lru-cache';
import { hashToken } from '../../crypto/tokens.ts';
import { AppError } from '../../domain/app-error.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';

/** How many requests a window of this many seconds has. */
export interface RequestLimit {
  /** As headers name it. */
  readonly policy: string;
  readonly requests: number;
  readonly windowSeconds: number;
}

/** What is left of a window, as far as this process knows: never more than there is. */
export interface RequestAllowance {
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * Counts the requests of somebody (a caller, a source address) against a limit over all processes.
 *
 * The store counts portions, not requests: a process takes a thirtieth of the limit at a time and spends it without asking. So within a
 * window of the store no more requests are let through than the limit (and what a process holds over from the window before, less than a
 * portion each, for at most a second); a caller spread over several processes may be refused earlier, by less than a portion for each.
 */
export interface RequestLimiter {
  /** Spends one request. Throws `Throttling.User` when the window has no more. */
  take(who: string): Promise<RequestAllowance>;
  readonly limit: RequestLimit;
}

interface Window {
  /** Requests of the portions taken that are not spent yet. */
  held: number;
  /** Requests of the window that no process has taken yet. */
  untaken: number;
  /** Milliseconds, of `now`. */
  endsAt: number;
  /** Under way to the store for another portion. */
  taking?: Promise<void> | undefined;
}

const portionsPerWindow = 30;

/** How many callers a process remembers; one forgotten takes a new portion. */
const callersHeld = 10_000;

export function createRequestLimiter(
  ephemeral: Pick<EphemeralStore, 'increment'>,
  limit: RequestLimit,
  now: () => number = () => performance.now(),
): RequestLimiter {
  const windows = new LRUCache<string, Window>({ max: callersHeld });
  const portion = Math.max(1, Math.floor(limit.requests / portionsPerWindow));

  const windowOf = (who: string): Window => {
    const known = windows.get(who);
    if (known !== undefined && (known.taking !== undefined || now() < known.endsAt)) return known;
    const fresh: Window = { held: 0, untaken: limit.requests, endsAt: Number.POSITIVE_INFINITY };
    windows.set(who, fresh);
    return fresh;
  };

  const takePortion = async (who: string, window: Window): Promise<void> => {
    const key = `requests:${hashToken(JSON.stringify([limit.policy, who]))}`;
    const { count, ttlSeconds } = await ephemeral.increment(key, limit.windowSeconds);
    const taken = Math.min(count * portion, limit.requests);
    window.held += Math.max(0, Math.min(portion, limit.requests - (count - 1) * portion));
    window.untaken = limit.requests - taken;
    window.endsAt = now() + Math.max(1, ttlSeconds) * 1000;
  };

  return {
    limit,
    take: async (who) => {
      const window = windowOf(who);
      while (window.held === 0 && window.untaken > 0) {
        window.taking ??= takePortion(who, window).finally(() => (window.taking = undefined));
        await window.taking;
      }
      const resetSeconds = Math.max(1, Math.ceil((window.endsAt - now()) / 1000));
      if (window.held === 0) throw tooMany(resetSeconds);
      window.held -= 1;
      return { remaining: window.held + window.untaken, resetSeconds };
    },
  };
}

const tooMany = (retryAfterSeconds: number): AppError =>
  new AppError('Throttling.User', 'Too many requests; wait a while.', { retryAfterSeconds });

/** The headers that tell of it (draft-ietf-httpapi-ratelimit-headers-10). */
export const limitHeaders = (
  { policy, requests, windowSeconds }: RequestLimit,
  { remaining, resetSeconds }: RequestAllowance,
): Record<string, string> => ({
  'RateLimit-Policy': `"${policy}";q=${requests};w=${windowSeconds}`,
  RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
});
