/** Works off what waits in the database, several at a time. */
export interface Lanes {
  /** Takes up what is waiting, as far as lanes are free. Returns at once. */
  readonly look: () => void;
  /** Resolves when nothing is under way and nothing was found waiting. */
  readonly settle: () => Promise<void>;
  /** Takes up nothing more; resolves when nothing is under way. */
  readonly close: () => Promise<void>;
}

interface LanesSetup<Job> {
  readonly width: number;
  /** Claims one more job beside those under way; undefined where nothing is waiting. */
  readonly claim: (underWay: readonly Job[]) => Promise<Job | undefined>;
  /** Is told by the signal to come to an end soon. */
  readonly work: (job: Job, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Whoever finishes a job looks for the next, so lanes stay filled while there is work. Never two claims at once. */
export function createLanes<Job>({ width, claim, work, onFailure }: LanesSetup<Job>): Lanes {
  const underWay = new Map<Job, Promise<void>>();
  const ending = new AbortController();
  const { signal } = ending;
  let isLooking = false;
  let lookAgain = false;
  let looking = Promise.resolve();

  const begin = (job: Job): void => {
    const working = work(job, signal)
      .catch(onFailure)
      .then(() => {
        underWay.delete(job);
        look();
      });
    underWay.set(job, working);
  };

  const fill = async (): Promise<void> => {
    while (!signal.aborted && underWay.size < width) {
      const job = await claim([...underWay.keys()]);
      if (job === undefined) return;
      begin(job);
    }
  };

  const look = (): void => {
    if (signal.aborted) return;
    // Whoever asks in the meantime may mean something that came after the last claim.
    lookAgain = isLooking;
    if (isLooking) return;
    isLooking = true;
    looking = fill()
      .catch(onFailure)
      .then(() => {
        isLooking = false;
        if (lookAgain) look();
      });
  };

  const settleWork = async (): Promise<void> => {
    while (isLooking || underWay.size > 0) await Promise.all([looking, ...underWay.values()]);
  };

  return {
    look,
    settle: async () => {
      look();
      await settleWork();
    },
    close: async () => {
      ending.abort();
      await settleWork();
    },
  };
}
