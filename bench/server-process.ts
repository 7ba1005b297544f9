import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createPasswordHasher } from '../src/crypto/password-hashing.ts';
import type { Handlers } from './child-question.ts';

/** CPU used so far, in microseconds. */
export interface CpuUse {
  /** By all threads together: JavaScript, hashing, signing, garbage collection. */
  readonly process: number;
  /** By the thread that runs JavaScript alone. */
  readonly mainThread: number;
}

const total = ({ user, system }: NodeJS.CpuUsage): number => user + system;

const cpuUse = (): CpuUse => ({ process: total(process.cpuUsage()), mainThread: total(process.threadCpuUsage()) });

export interface HashLoad {
  readonly hashes: number;
  readonly parallel: number;
}

/** CPU of one password hash of the product's library and parameters, in milliseconds. */
async function measureHash({ hashes, parallel }: HashLoad): Promise<number> {
  const hasher = createPasswordHasher({ parallel, queueLimit: hashes });
  const before = cpuUse().process;
  await Promise.all(Array.from({ length: hashes }, () => hasher.hash('correct horse battery staple')));
  return (cpuUse().process - before) / 1000 / hashes;
}

/** Samples what this process does from `startProfile` to `stopProfile`, into a file for Chromium's developer tools or speedscope. */
function createProfiler() {
  const session = new Session();
  session.connect();
  const enabled = session.post('Profiler.enable');
  return {
    startProfile: async () => {
      await enabled;
      await session.post('Profiler.start');
    },
    stopProfile: async (file: unknown) => {
      const { profile } = await session.post('Profiler.stop');
      writeFileSync(String(file), JSON.stringify(profile));
    },
  };
}

/** What every server under measurement answers. */
export const serverHandlers = (): Handlers => ({
  ...createProfiler(),
  cpu: () => cpuUse(),
  memory: () => process.memoryUsage.rss(),
  hash: (input) => measureHash(input as HashLoad),
});
