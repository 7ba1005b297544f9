import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '../support/throwaway-process.ts';

const main = join(import.meta.dirname, '../../src/main.ts');

/** A process of the command line: what it says, and how it ends. */
export interface CliProcess {
  readonly said: () => string;
  /** Resolves once the text is on either output; rejects if the process ends without it. */
  readonly saying: (text: string) => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<number | null>;
}

export function startCli(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): CliProcess {
  const child = spawn(process.execPath, [main, ...args], { env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' });
  const output: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output.push(chunk);
      for (const listener of listeners) listener();
    });
  }
  child.stdin.end(input);
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const ended = once(child, 'close').then(() => {
    process.off('exit', killWithUs);
    return child.exitCode;
  });
  const said = () => output.join('');
  return {
    said,
    saying: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!said().includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        ended.then(() => reject(new Error(`ended without "${text}":\n${said()}`)), reject);
      }),
    signal: (signal) => child.kill(signal),
    ended,
  };
}

const firstRun = z.strictObject({
  publicUrl: z.string(),
  alias: z.string(),
  accountId: z.string(),
  adminUserName: z.string(),
  initialPassword: z.string(),
  accessKeyId: z.string(),
  accessKeySecret: z.string(),
});

export const readFirstRun = (dataDir: string) =>
  firstRun.parse(JSON.parse(readFileSync(join(dataDir, 'first-run.json'), 'utf8')));

/** What a server needs to stand beside others: a directory and ports of its own. */
export async function newPlace(): Promise<{ directory: string; env: Record<string, string>; remove: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-cli-'));
  const [port, managementPort] = [await freePort(), await freePort()];
  const env = { DATA_DIR: join(directory, 'data'), PORT: String(port), MANAGEMENT_PORT: String(managementPort) };
  return { directory, env, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** What a served Postern says last when it takes requests. */
export const readyLine = 'Short-lived data:';
