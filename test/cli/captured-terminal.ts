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
  /** What is read where a secret is asked for. */
  readonly secret?: string;
}

/** Runs a command line in this process and catches what it says. */
export async function run(args: readonly string[], world: World = {}): Promise<Ran> {
  const said = { out: [] as string[], err: [] as string[] };
  const terminal: Terminal = {
    env: world.env ?? {},
    homeDirectory: world.homeDirectory ?? '/nonexistent',
    pid: process.pid,
    out: (text) => said.out.push(text),
    err: (text) => said.err.push(text),
    readSecret: () =>
      world.secret === undefined ? Promise.reject(new Error('nobody should ask')) : Promise.resolve(world.secret),
    stopRequested: () => Promise.reject(new Error('no server should run')),
  };
  const exitCode = await runCommandLine(args, terminal);
  return { exitCode, out: said.out.join('\n'), err: said.err.join('\n') };
}

/** The value of a `Name:  value` line. */
export function field({ out }: Ran, name: string): string {
  const line = out.split('\n').find((one) => one.startsWith(`${name}:`));
  if (line === undefined) throw new Error(`no line "${name}" in:\n${out}`);
  return line.slice(name.length + 1).trim();
}
