import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { freePort } from '../support/throwaway-process.ts';
import { type CliProcess, newPlace, readFirstRun, readyLine, startCli } from './served-postern.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Awaited<ReturnType<typeof newPlace>>;
let running: CliProcess[];
beforeEach(async () => {
  place = await newPlace();
  running = [];
});
afterEach(async () => {
  for (const one of running) one.signal('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  place.remove();
});

function start(args: readonly string[], env: Record<string, string> = {}): CliProcess {
  const one = startCli(args, { ...place.env, ...env });
  running.push(one);
  return one;
}

async function serve(env: Record<string, string> = {}, ...options: string[]): Promise<CliProcess> {
  const server = start(['serve', ...options], env);
  await server.saying(readyLine);
  return server;
}

const dataDir = () => place.env['DATA_DIR'] ?? '';

test('the first start makes an account, says once what to hand over, and leaves it in a private file', async () => {
  const server = await serve();
  const firstRun = readFirstRun(dataDir());
  await server.saying(firstRun.accessKeySecret);
  expect(server.said()).toContain(firstRun.initialPassword);
  expect(server.said()).toContain('not a power cut');
  expect(statSync(join(dataDir(), 'first-run.json')).mode & 0o777).toBe(0o600);
  expect(firstRun).toMatchObject({
    alias: 'demo',
    adminUserName: 'admin',
    publicUrl: `http://localhost:${place.env['PORT']}`,
  });
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);

  const again = await serve();
  expect(again.said()).not.toContain('One-time password');
  expect(readFirstRun(dataDir())).toEqual(firstRun);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it cleanly, and the next start finds everything free',
  async (signal) => {
    const server = await serve();
    const health = `http://127.0.0.1:${place.env['MANAGEMENT_PORT']}/readyz`;
    expect((await fetch(health)).status).toBe(200);
    server.signal(signal);
    expect(await server.ended).toBe(0);
    await expect(fetch(health)).rejects.toThrow();
    await serve();
  },
);

test('a second server on the same directory is refused and the first goes on', async () => {
  await serve();
  const second = start(['serve'], { PORT: '1', MANAGEMENT_PORT: '2' });
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain('in use');
  expect((await fetch(`http://127.0.0.1:${place.env['MANAGEMENT_PORT']}/readyz`)).status).toBe(200);
});

test.each(['PORT', 'MANAGEMENT_PORT'])(
  'a first start on a taken %s makes nothing, and one on another port hands over at once',
  async (name) => {
    const squatter = createServer().listen(Number(place.env[name]), '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const server = start(['serve']);
      expect(await server.ended).toBe(1);
      expect(server.said()).toContain('cannot listen');
      expect(server.said()).toContain(place.env[name]);
      expect(existsSync(join(dataDir(), 'first-run.json'))).toBe(false);

      const other = await serve({ [name]: String(await freePort()) });
      await other.saying('The access key "bootstrap"');
      expect(other.said()).toContain(readFirstRun(dataDir()).initialPassword);
    } finally {
      squatter.close();
    }
  },
);

test('while nobody has logged on, a start says where the hand-over is, and not what it is', async () => {
  const first = await serve();
  first.signal('SIGTERM');
  await first.ended;
  const again = await serve();
  await again.saying(`are in ${join(dataDir(), 'first-run.json')}`);
  const { publicUrl, alias, adminUserName, initialPassword } = readFirstRun(dataDir());
  expect(again.said()).not.toContain(initialPassword);
  const browser = createHttpBrowser();
  const logon = await browser.open(`${publicUrl}/${alias}`);
  const reset = await browser.submit(logon, { username: adminUserName, password: initialPassword });
  const newPassword = 'a fine long passphrase, mostly';
  await browser.submit(reset, { new_password: newPassword, confirm_password: newPassword });
  again.signal('SIGTERM');
  await again.ended;

  const used = await serve();
  used.signal('SIGTERM');
  await used.ended;
  expect(used.said()).not.toContain('first-run.json');
});

test('a faulty configuration tells every fault and touches nothing', async () => {
  const server = start(['serve'], { PORT: 'x', LOG_LEVEL: 'loud', POSTERN_DATA: '1' });
  expect(await server.ended).toBe(2);
  for (const name of ['PORT is', 'LOG_LEVEL is', 'POSTERN_DATA is']) expect(server.said()).toContain(name);
  expect(existsSync(dataDir())).toBe(false);
});

test('a list of breached passwords that cannot be searched is refused before anything is made', async () => {
  const list = join(place.directory, 'breached.txt');
  const refused = async (words: string) => {
    const server = start(['serve'], { BREACHED_PASSWORDS_FILE: list });
    expect(await server.ended).toBe(2);
    expect(server.said()).toContain(`BREACHED_PASSWORDS_FILE: ${list} ${words}`);
    expect(existsSync(dataDir())).toBe(false);
  };
  await refused('cannot be read');
  writeFileSync(list, `${'B'.repeat(40)}:1\n${'A'.repeat(40)}:2\n`);
  await refused('is not in the order of its hashes');
  writeFileSync(list, `${'A'.repeat(40)}:1\n${'B'.repeat(40)}:2\n`);
  await serve({ BREACHED_PASSWORDS_FILE: list });
});

test('another PUBLIC_URL than before needs a confirmation, and the file of the first run follows it', async () => {
  const before = await serve();
  const firstRun = readFirstRun(dataDir());
  before.signal('SIGTERM');
  await before.ended;
  const moved = { PUBLIC_URL: 'http://id.localhost:3000' };
  const refused = start(['serve'], moved);
  expect(await refused.ended).toBe(2);
  expect(refused.said()).toContain('PUBLIC_URL was http://localhost');
  expect(refused.said()).toContain('LOGON_DOMAIN was localhost');
  expect(refused.said()).not.toContain(readyLine);
  expect(readFirstRun(dataDir())).toEqual(firstRun);

  const confirmed = await serve(moved, '--confirm');
  await confirmed.saying('first-run.json');
  expect(readFirstRun(dataDir())).toEqual({ ...firstRun, publicUrl: moved.PUBLIC_URL });
  expect(statSync(join(dataDir(), 'first-run.json')).mode & 0o777).toBe(0o600);
  confirmed.signal('SIGTERM');
  await confirmed.ended;
  await serve(moved);
});

test('a database without its key file is refused, and no new key is made', async () => {
  const server = await serve();
  server.signal('SIGTERM');
  await server.ended;
  const keys = join(dataDir(), 'encryption-keys');
  const ring = readFileSync(keys, 'utf8');
  renameSync(keys, `${keys}.moved`);
  const lost = start(['serve']);
  expect(await lost.ended).toBe(2);
  expect(lost.said()).toContain('is missing');
  expect(lost.said()).not.toContain(ring.trim());
  expect(existsSync(keys)).toBe(false);
});

test('killed during the first start, the next one makes an account that can be used', async () => {
  const server = start(['serve']);
  await server.saying(readyLine);
  server.signal('SIGKILL');
  await server.ended;
  const again = await serve();
  const { publicUrl, alias } = readFirstRun(dataDir());
  expect((await fetch(`${publicUrl}/${alias}/.well-known/openid-configuration`)).status).toBe(200);
  expect(again.said()).toContain(readyLine);
});
