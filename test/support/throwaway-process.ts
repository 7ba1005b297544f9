import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';

/** A server of the machine's own binaries, for one suite. It can be paused, killed and brought back on the same port. */
export interface ThrowawayServer {
  readonly url: string;
  /** Stops it and removes its files. */
  readonly stop: () => Promise<void>;
  /** Hangs it: connections stay open and nothing answers. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** As `kill -9`; resolves once it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port, with the same files. */
  readonly restart: () => Promise<void>;
}

interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What it prints once it takes connections. */
  readonly readyLine: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** A running server process with everything it forked. */
export interface ServerProcess {
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
}

const startTimeoutMs = 30_000;

export function findBinary(name: string, folders: readonly string[] = []): string | undefined {
  const candidates = [...folders, ...(process.env['PATH'] ?? '').split(delimiter)].map((folder) => join(folder, name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const { uid, gid, cwd } = command;
  const child = spawn(command.file, command.args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  await waitForLine(child, command);
  return {
    signal: (signal) => signalTree(child, signal),
    end: async (signal) => {
      process.off('exit', killWithUs);
      if (signal === 'SIGKILL') signalTree(child, signal);
      else child.kill(signal);
      await exited;
    },
  };
}

function waitForLine(child: ChildProcess, { file, readyLine }: ServerCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`${file} ${why}:\n${output}`));
    const timer = setTimeout(() => fail('did not get ready'), startTimeoutMs);
    child.once('error', reject);
    child.once('exit', () => fail('ended early'));
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
      if (!output.includes(readyLine)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
}

/** Postgres gives each backend a process group of its own, so the children are signalled one by one. */
function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = rows.filter(([, parent]) => parent === child.pid).map(([pid]) => pid);
  child.kill(signal);
  for (const pid of children) if (pid !== undefined) signalQuietly(pid, signal);
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the listing and the signal.
  }
}
