import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openBackend } from '../../src/compose.ts';
import { serverEnvironment, type TestStores } from './server-environment.ts';
import type { TestAccount } from './test-account.ts';
import { configFrom, keyRingFrom, newTestAccount } from './test-server.ts';

type Environment = Readonly<Record<string, string>>;

/** `postern serve` as a process of its own. */
export interface ServerProcess {
  readonly environment: Environment;
  readonly origin: string;
  readonly port: number;
  /** All it has written so far, both streams. */
  readonly output: () => string;
  /** Undefined while it runs. */
  readonly exitCode: () => number | string | undefined;
  /** As `kill -9`; resolves once it is gone. */
  readonly kill: () => Promise<void>;
  /** Asks it to stop and waits. */
  readonly stop: () => Promise<void>;
  /** Starts it again, with the same environment. */
  readonly start: () => Promise<void>;
}

const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const startTimeoutMs = 60_000;

/** Starts a server over these stores and waits until it takes requests. */
export async function startServerProcess(stores: TestStores, changes: Environment = {}): Promise<ServerProcess> {
  const environment = await serverEnvironment(stores, changes);
  const run: { child: ChildProcess | undefined; output: string } = { child: undefined, output: '' };
  const start = async () => {
    run.child = spawnServer(environment);
    await untilListening(run.child, (text) => {
      run.output += text;
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    const { child } = run;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    ...{ environment, start },
    origin: environment['PUBLIC_URL'] ?? '',
    port: Number(environment['PORT']),
    output: () => run.output,
    exitCode: () => run.child?.exitCode ?? run.child?.signalCode ?? undefined,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** Nothing of our own environment but where programs are found: a setting there must not reach the server under test. */
function spawnServer(environment: Environment): ChildProcess {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [mainFile, 'serve'], {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  return child;
}

function untilListening(child: ChildProcess, keep: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`the server ${why}:\n${output}`));
    const timer = setTimeout(() => fail('did not get ready'), startTimeoutMs);
    child.once('exit', () => fail('ended early'));
    const read = (chunk: Buffer) => {
      keep(chunk.toString());
      output += chunk.toString();
      // The start-up block is printed when the port is open.
      if (!/^Listening/m.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
}

/** Makes an account in stores that several processes share, as `postern init` would. Not for an embedded database, which one process holds. */
export async function newAccountIn(stores: TestStores, publicUrl: string, alias?: string): Promise<TestAccount> {
  const config = configFrom(await serverEnvironment(stores, { PUBLIC_URL: publicUrl }));
  const backend = await openBackend(config, await keyRingFrom(config), process.pid);
  try {
    return await newTestAccount(config, backend, alias);
  } finally {
    await backend.close();
  }
}
