import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../../examples/sign-in-app/app.ts';
import { findCredentials, registerApp } from '../../examples/sign-in-app/register.ts';
import { newPlace, readFirstRun, readyLine, startCli } from '../cli/served-postern.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { freePort } from '../support/throwaway-process.ts';

let place: Awaited<ReturnType<typeof newPlace>>;
let server: ReturnType<typeof startCli>;
let app: Awaited<ReturnType<typeof startApp>>;
let url: string;
const firstRunFile = () => `${place.env['DATA_DIR']}/first-run.json`;
beforeAll(async () => {
  place = await newPlace();
  server = startCli(['serve'], place.env);
  await server.saying(readyLine);
  const port = await freePort();
  url = `http://localhost:${port}`;
  const registration = await registerApp(await findCredentials({}, firstRunFile()), url);
  app = await startApp({ ...registration, url, port });
});
afterAll(async () => {
  await app.close();
  server.signal('SIGTERM');
  await server.ended;
  place.remove();
});

/** Sends one of the app's own forms. */
function press(browser: HttpBrowser, page: BrowserPage, action: string): Promise<BrowserPage> {
  const form = page.forms.find((one) => one.action === action);
  if (form === undefined) throw new Error(`no form to ${action} on ${page.url.href}:\n${page.html}`);
  return browser.submit(page, {}, { form });
}

test('a newcomer signs in, sees the claims, refreshes, asks userinfo and signs out', async () => {
  const { initialPassword, adminUserName } = readFirstRun(place.env['DATA_DIR'] ?? '');
  const newPassword = 'a fine long passphrase, mostly';
  const browser = createHttpBrowser();
  const logon = await browser.open(`${url}/sign-in`);
  const reset = await browser.submit(logon, { username: adminUserName, password: initialPassword });
  const signedIn = await browser.submit(reset, { new_password: newPassword, confirm_password: newPassword });
  expect(signedIn.url.href).toBe(`${url}/`);
  expect(signedIn.html).toContain('Signed in as');
  expect(signedIn.html).toMatch(/<th scope="row">sub<\/th><td>\d{18}<\/td>/);

  const asked = await press(browser, signedIn, '/userinfo');
  expect(asked.html).toContain('What userinfo says');
  const refreshed = await press(browser, asked, '/refresh');
  expect(refreshed.html).toContain('The tokens are new.');
  const left = await press(browser, refreshed, '/sign-out');
  expect(left.url.href).toBe(`${url}/`);
  expect(left.html).toContain('Nobody is signed in here');

  const again = await browser.open(`${url}/sign-in`);
  expect(again.html).toContain('name="password"');
});

test('registered again it keeps its client id and gets another secret', async () => {
  const credentials = await findCredentials({}, firstRunFile());
  const first = await registerApp(credentials, 'http://localhost:4999');
  const second = await registerApp(credentials, 'http://localhost:4999');
  expect(second.clientId).toBe(first.clientId);
  expect(second.clientSecret).not.toBe(first.clientSecret);
});

test('without a server the file that was looked for is named', async () => {
  await expect(findCredentials({}, '/nowhere/first-run.json')).rejects.toThrow('There is no /nowhere/first-run.json');
});

test('half of the environment is refused, and the file is not used instead', async () => {
  const half = { POSTERN_ISSUER: 'http://localhost:3000/demo' };
  await expect(findCredentials(half, firstRunFile())).rejects.toThrow('all three or none');
});

const main = join(import.meta.dirname, '../../examples/sign-in-app/main.ts');

test('--help names the settings, and arguments that do not exist are refused before anything happens', () => {
  const env = { PATH: process.env['PATH'], DATA_DIR: '/nowhere' };
  const ran = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
  const help = ran('--help');
  expect(help.status).toBe(0);
  for (const name of ['EXAMPLE_PORT', 'DATA_DIR', 'POSTERN_ISSUER']) expect(help.stdout).toContain(name);
  for (const args of [['--port', '1'], ['now']]) {
    expect(ran(...args)).toMatchObject({ status: 2, stdout: '' });
    expect(ran(...args).stderr).not.toContain('/nowhere');
  }
});

test('an answer that nobody asked for signs nobody in', async () => {
  const page = await createHttpBrowser().open(`${url}/callback?code=stolen&state=forged`);
  expect(page.html).toContain('No sign-in is under way');
  expect(page.html).not.toContain('Signed in as');
});

test('what a server says is shown as text', async () => {
  const page = await createHttpBrowser().open(`${url}/callback?error=<script>alert(1)</script>`);
  expect(page.html).not.toContain('<script>');
});

test('forms of other sites are refused', async () => {
  const answer = await fetch(`${url}/sign-out`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    redirect: 'manual',
  });
  expect(answer.status).toBe(403);
});
