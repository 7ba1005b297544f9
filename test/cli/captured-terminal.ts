import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

interface World {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory?: string;
  /** What is read where a secret is asked for; of several, one after the other. */
  readonly secret?: string | readonly string[];
  /** What stands on standard input. */
  readonly input?: string;
  readonly columns?: number;
  /** Whoever sits at the browser. */
  readonly browser?: (address: string) => void;
}

/** A terminal of which nobody sees anything. */
export const silentTerminal = (): Terminal => terminalOf({}, { out: [], err: [] });

/** Runs a command line in this process and catches what it says. */
export async function run(args: readonly string[], world: World = {}): Promise<Ran> {
  const said: Said = { out: [], err: [] };
  const exitCode = await runCommandLine(args, terminalOf(world, said));
  return { exitCode, out: said.out.join('\n'), err: said.err.join('\n') };
}

interface Said {
  readonly out: string[];
  readonly err: string[];
}

function terminalOf(world: World, said: Said): Terminal {
  const secrets = [world.secret ?? []].flat();
  return {
    env: world.env ?? {},
    homeDirectory: world.homeDirectory ?? '/nonexistent',
    pid: process.pid,
    columns: world.columns,
    out: (text) => said.out.push(text),
    write: (chunk) => {
      said.out.push((typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')).replace(/\n$/, ''));
      return Promise.resolve();
    },
    err: (text) => said.err.push(text),
    progress: () => undefined,
    readSecret: () => {
      const next = secrets.shift();
      return next === undefined ? Promise.reject(new Error('nobody should ask')) : Promise.resolve(next);
    },
    readInput: () =>
      world.input === undefined ? Promise.reject(new Error('nobody should read')) : Promise.resolve(world.input),
    openBrowser: (address) => {
      world.browser?.(address);
      return Promise.resolve(world.browser !== undefined);
    },
    stopRequested: () => Promise.reject(new Error('no server should run')),
  };
}

/** The value of a `Name:  value` line. */
export function field({ out }: Ran, name: string): string {
  const line = out.split('\n').find((one) => one.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`no line "${name}" in:\n${out}`);
  return line.slice(name.length + 1).trim();
}
