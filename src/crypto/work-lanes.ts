/** Runs work, as much of it at a time as there are lanes. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Makes lanes for work that holds memory or a processor. `parallel` runs at once, up to `queueLimit` waits; whatever comes beyond that
 * rejects at once with what `overloaded` makes.
 */
export function createLanes({
  parallel,
  queueLimit,
  overloaded,
}: {
  readonly parallel: number;
  readonly queueLimit: number;
  readonly overloaded: () => Error;
}): Lanes {
  let running = 0;
  const waiting: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (running < parallel) {
      running += 1;
      return;
    }
    if (waiting.length >= queueLimit) throw overloaded();
    // The one who leaves hands its place over, so `running` stays as it is.
    await new Promise<void>((resume) => waiting.push(resume));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
