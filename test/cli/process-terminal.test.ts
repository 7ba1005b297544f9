import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProcessTerminal } from '../../src/cli/process-terminal.ts';

type Host = Parameters<typeof createProcessTerminal>[0];

/** A process whose streams a test holds; its screen has 40 columns. */
function hostWith({ isTTY, highWaterMark = 1024 }: { isTTY: boolean; highWaterMark?: number }) {
  const stream = () => Object.assign(new PassThrough({ highWaterMark }), { isTTY, columns: 40 });
  const streams = { stdin: new PassThrough(), stdout: stream(), stderr: stream() };
  const host = { env: {}, pid: 1, platform: 'linux', once: () => undefined, ...streams } as unknown as Host;
  return { ...streams, terminal: createProcessTerminal(host) };
}

const readAll = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString('utf8') ?? '';

test('on a screen progress replaces itself, and what is said after it begins a line of its own', () => {
  const { terminal, stderr } = hostWith({ isTTY: true });
  terminal.progress('1 of 3');
  terminal.progress('2 of 3');
  terminal.err('stopped');
  terminal.err('really');
  expect(readAll(stderr)).toBe('\r1 of 3\u001b[K\r2 of 3\u001b[K\nstopped\nreally\n');
  expect(terminal.columns).toBe(40);
});

test('elsewhere progress is told now and then, a line each, and nothing is cut to a width', () => {
  const { terminal, stderr } = hostWith({ isTTY: false });
  terminal.progress('1 of 3');
  terminal.progress('2 of 3');
  terminal.err('done');
  expect(readAll(stderr)).toBe('1 of 3\ndone\n');
  expect(terminal.columns).toBeUndefined();
});

test('a long result waits for whoever takes it', async () => {
  const { terminal, stdout } = hostWith({ isTTY: false, highWaterMark: 4 });
  let written = false;
  const writing = terminal.write('0123456789').then(() => {
    written = true;
  });
  await Promise.resolve();
  expect(written).toBe(false);
  stdout.resume();
  await writing;
  expect(written).toBe(true);
});

test('secrets come a line each from one pipe, documents whole', async () => {
  const { terminal, stdin } = hostWith({ isTTY: false });
  stdin.write('first\nsecond\n');
  expect(await terminal.readSecret('')).toBe('first');
  expect(await terminal.readSecret('')).toBe('second');
  const other = hostWith({ isTTY: false });
  other.stdin.end('{\n}');
  expect(await other.terminal.readInput()).toBe('{\n}');
});

test('whoever stops reading the results gets no fault thrown at them', async () => {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const child = spawn(process.execPath, [main, 'completion', 'bash', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  await once(child, 'close');
  expect(said.join('')).toBe('');
});
