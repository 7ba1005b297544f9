import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/throwaway-process.ts';
import { median } from './statistics.ts';

/** The first makes the database and fills the compile cache. */
const starts = 6;
const pollMs = 5;
const longestStartMs = 60_000;

/** Kernel clock ticks per second, fixed for programs whatever the kernel runs at. */
const ticksPerSecond = 100;

interface Start {
  readonly wallMs: number;
  /** Of all threads up to then. */
  readonly cpuMs: number;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const statusOf = (url: string): Promise<number> =>
  new Promise((resolve) => {
    get(url, (answer) => resolve(answer.resume().statusCode ?? 0)).on('error', () => resolve(0));
  });

/** See proc(5): the name in parentheses may hold anything, so fields are counted from behind it. */
async function cpuOf(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return ((user + system) * 1000) / ticksPerSecond;
}

/** From the process's start until it says that it is ready. */
async function startOnce(directory: string): Promise<Start> {
  const [port, managementPort] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const server = spawn(process.execPath, [main, 'serve'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      // The address is kept in the database, and another one is refused.
      PUBLIC_URL: 'http://localhost:3000',
      DATA_DIR: directory,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  try {
    while ((await statusOf(`http://127.0.0.1:${managementPort}/readyz`)) !== 200) {
      if (performance.now() - startedAt > longestStartMs || server.exitCode !== null)
        throw new Error('it never got ready');
      await setTimeout(pollMs);
    }
    return { wallMs: performance.now() - startedAt, cpuMs: await cpuOf(server.pid) };
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

const directory = await mkdtemp(join(tmpdir(), 'postern-start-'));
try {
  const all: Start[] = [];
  for (let start = 0; start < starts; start += 1) all.push(await startOnce(directory));
  const [first, ...later] = all;
  const inWords = ({ wallMs, cpuMs }: Start) => `${Math.round(wallMs)} ms (${Math.round(cpuMs)} ms of CPU)`;
  const ofLater = { wallMs: median(later.map(({ wallMs }) => wallMs)), cpuMs: median(later.map(({ cpuMs }) => cpuMs)) };
  if (first !== undefined) process.stdout.write(`first start: ${inWords(first)}\n`);
  process.stdout.write(`median of ${later.length} later starts: ${inWords(ofLater)}\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}
