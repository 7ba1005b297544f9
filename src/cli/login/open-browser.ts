import { spawn } from 'node:child_process';

interface Machine {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The program that opens an address, and what comes before it; undefined where nobody would see a browser. */
function opener({ platform, env }: Machine): readonly [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasScreen = Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return hasScreen && !env['SSH_CONNECTION'] ? ['xdg-open'] : undefined;
}

/** Shows an address in the person's browser, never through a shell: an address is data. Answers false where that cannot be. */
export function openBrowser(machine: Machine, address: string): Promise<boolean> {
  const [program, ...args] = opener(machine) ?? [];
  const { protocol } = new URL(address);
  if (program === undefined || (protocol !== 'https:' && protocol !== 'http:')) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true, shell: false });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
