import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createPasswordHasher } from '../src/crypto/password-hashing.ts';
import type { Handlers } from './child-question.ts';

/** CPU that this process has used, all its threads together, in microseconds. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export interface HashLoad {
  readonly hashes: number;
  readonly parallel: number;
}

/** CPU of one password hash of the product's library and parameters, in milliseconds. */
async function measureHash({ hashes, parallel }: HashLoad): Promise<number> {
  const hasher = createPasswordHasher({ parallel, queueLimit: hashes });
  const before = cpuMicroseconds();
  await Promise.all(Array.from({ length: hashes }, () => hasher.hash('correct horse battery staple')));
  return (cpuMicroseconds() - before) / 1000 / hashes;
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
  cpu: () => cpuMicroseconds(),
  memory: () => process.memoryUsage.rss(),
  hash: (input) => measureHash(input as HashLoad),
});
