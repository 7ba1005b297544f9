import { setTimeout as pause } from 'node:timers/promises';

interface SweepPace {
  /** Rows of each table taken in one round. */
  readonly limit: number;
  /** Between rounds while there may be more to take, so that requests get their turn. */
  readonly roundPauseMs: number;
  /** After a round that found less than its limit. */
  readonly everyMs: number;
}

const usualPace: SweepPace = { limit: 5000, roundPauseMs: 100, everyMs: 60_000 };

/**
 * Sweeps now and then for as long as the process runs, and on and on while a sweep takes as much as it may. Never two at once.
 * A sweep that fails is made up for by the next. Answers how to end it: that resolves when no sweep is under way any more.
 */
export function keepSwept(sweep: (limit: number) => Promise<number>, pace: SweepPace = usualPace): () => Promise<void> {
  const ending = new AbortController();
  const sweeping = sweepUntil(ending.signal, sweep, pace);
  return async () => {
    ending.abort();
    await sweeping;
  };
}

async function sweepUntil(
  signal: AbortSignal,
  sweep: (limit: number) => Promise<number>,
  pace: SweepPace,
): Promise<void> {
  const { limit, roundPauseMs, everyMs } = pace;
  while (!signal.aborted) {
    const swept = await sweep(limit).catch(() => 0);
    // Waiting keeps no process alive; being told to end is the one way a pause can fail.
    await pause(swept >= limit ? roundPauseMs : everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
