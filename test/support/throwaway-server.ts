import { rmSync } from 'node:fs';
import type { ServerProcess, ThrowawayServer } from './throwaway-process.ts';

/** The handle of a server of our own, which keeps its port and its directory over restarts. */
export function controlServer(
  url: string,
  directory: string,
  first: ServerProcess,
  start: () => Promise<ServerProcess>,
): ThrowawayServer {
  let running: ServerProcess | undefined = first;
  const kill = async () => {
    await running?.end('SIGKILL');
    running = undefined;
  };
  return {
    url,
    pause: () => running?.signal('SIGSTOP'),
    resume: () => running?.signal('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      running = await start();
    },
    stop: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** The handle of a server that others use too. */
export function refuseOutages(url: string, stop: () => Promise<void> = () => Promise.resolve()): ThrowawayServer {
  const refuse = () => {
    throw new Error('a shared server is neither paused nor killed: start one with forOutage');
  };
  return { url, stop, pause: refuse, resume: refuse, kill: refuse, restart: refuse };
}
