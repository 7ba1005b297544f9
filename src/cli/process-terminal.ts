import { once } from 'node:events';
import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';
import { createSecretReader } from './read-secret.ts';
import type { Terminal } from './terminal.ts';

type Process = Pick<NodeJS.Process, 'env' | 'pid' | 'platform' | 'stdin' | 'stdout' | 'stderr' | 'once'>;

/** Where nobody watches, so often is told how far long work has come. */
const toldEveryMs = 10_000;

/** The world of a process, as verbs see it. */
export function createProcessTerminal(host: Process): Terminal {
  const { env, pid, platform, stdin, stdout, stderr } = host;
  const readSecret = createSecretReader(stdin, stderr);
  const progress = createProgress(stderr);
  return {
    env,
    homeDirectory: homedir(),
    pid,
    columns: stdout.isTTY ? stdout.columns : undefined,
    out: (line) => void stdout.write(`${line}\n`),
    write: async (chunk) => {
      if (!stdout.write(chunk)) await once(stdout, 'drain');
    },
    err: (line) => {
      progress.end();
      stderr.write(`${line}\n`);
    },
    progress: progress.show,
    readSecret,
    readInput: () => text(stdin),
    openBrowser: async (address) => (await import('./login/open-browser.ts')).openBrowser({ platform, env }, address),
    stopRequested: () =>
      new Promise((resolve) => {
        host.once('SIGTERM', () => resolve());
        host.once('SIGINT', () => resolve());
      }),
  };
}

function createProgress(stderr: NodeJS.WriteStream): { show: (text: string) => void; end: () => void } {
  let [shown, toldAt] = [false, 0];
  return {
    show: (line) => {
      if (stderr.isTTY) {
        shown = true;
        // Back to the first column, and what is left of the line before is cleared (ECMA-48).
        stderr.write(`\r${line}\u001b[K`);
      } else if (Date.now() - toldAt >= toldEveryMs) {
        toldAt = Date.now();
        stderr.write(`${line}\n`);
      }
    },
    end: () => {
      if (shown) stderr.write('\n');
      shown = false;
    },
  };
}
