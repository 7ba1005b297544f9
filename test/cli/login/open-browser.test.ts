import { chmodSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBrowser } from '../../../src/cli/login/open-browser.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-browser-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const screen = { DISPLAY: ':0' };

test('an address goes to the program as it is, through no shell', async () => {
  const seen = join(directory, 'seen');
  writeFileSync(
    join(directory, 'xdg-open'),
    `#!/bin/sh\nprintf '%s' "$1" > "${seen}.new" && mv "${seen}.new" "${seen}"\n`,
  );
  chmodSync(join(directory, 'xdg-open'), 0o755);
  vi.stubEnv('PATH', `${directory}${delimiter}${process.env['PATH'] ?? ''}`);
  const told = new Promise<void>((resolve) => {
    const watcher = watch(directory, (_event, name) => {
      if (name !== 'seen') return;
      watcher.close();
      resolve();
    });
  });
  const address = 'https://id.example.com/demo?a=1&b=$(touch x);`touch y`';
  expect(await openBrowser({ platform: 'linux', env: screen }, address)).toBe(true);
  await told;
  expect(readFileSync(seen, 'utf8')).toBe(address);
});

test.each([
  ['there is no screen', 'linux', {}, 'https://id.example.com/'],
  [
    'the person sits elsewhere',
    'linux',
    { ...screen, SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' },
    'https://id.example.com/',
  ],
  ['the address is none of the web', 'linux', screen, 'file:///etc/passwd'],
])('nothing is opened where %s', async (_why, platform, env, address) => {
  expect(await openBrowser({ platform, env }, address)).toBe(false);
});

test('a machine without such a program says so instead of failing', async () => {
  vi.stubEnv('PATH', directory);
  expect(await openBrowser({ platform: 'linux', env: screen }, 'https://id.example.com/')).toBe(false);
});
