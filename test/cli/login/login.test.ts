import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { type LogonCourse, type Person, walkThroughLogon } from '../../support/logon-driver.ts';
import { field, run } from '../captured-terminal.ts';
import { type CliProcess, newPlace, readFirstRun, readyLine, startCli } from '../served-postern.ts';

let place: Awaited<ReturnType<typeof newPlace>>;
let server: CliProcess;
let issuer: string;
const admin: { person: Person } = { person: { userName: 'admin', password: '' } };

beforeAll(async () => {
  place = await newPlace();
  server = startCli(['serve'], place.env);
  await server.saying(readyLine);
  const { publicUrl, initialPassword } = readFirstRun(place.env['DATA_DIR'] ?? '');
  issuer = `${publicUrl}/demo`;
  const newPassword = 'Quiet-marble-harbour-38';
  const browser = createHttpBrowser();
  await walkThroughLogon(browser, await browser.open(issuer), {
    userName: 'admin',
    password: initialPassword,
    newPassword,
  });
  admin.person = { userName: 'admin', password: newPassword };
});
afterAll(async () => {
  server.signal('SIGTERM');
  await server.ended;
  place.remove();
});

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'postern-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const directory = () => join(home, '.config', 'postern');
const profilesFile = () => join(directory(), 'profiles.json');
const login = z.object({ accessToken: z.string(), accessTokenExpiresAt: z.string(), refreshToken: z.string() });
const profiles = z.record(z.string(), z.looseObject({ issuer: z.string(), login: z.looseObject(login.shape) }));
const readProfiles = () => profiles.parse(JSON.parse(readFileSync(profilesFile(), 'utf8')));

/** Signs in as a person would: the command line opens the browser, which brings the answer. */
async function signIn(
  args: readonly string[] = [],
  browser: HttpBrowser = createHttpBrowser(),
  person: Partial<Person> = {},
) {
  let course: Promise<LogonCourse> | undefined;
  let opened = '';
  const ran = await run(['login', '--issuer', issuer, ...args], {
    homeDirectory: home,
    browser: (address) => {
      opened = address;
      course = browser.open(address).then((page) => walkThroughLogon(browser, page, { ...admin.person, ...person }));
    },
  });
  return { ran, opened: new URL(opened), course: await course };
}

const postern = (...args: string[]) => run(args, { homeDirectory: home });

/** Makes the stored token look as if its time were up. */
function letTokenExpire(profile = 'default'): void {
  const all = readProfiles();
  const { issuer: at, login: present } = all[profile] ?? { issuer: '', login: {} };
  const expired = {
    ...all,
    [profile]: { issuer: at, login: { ...present, accessTokenExpiresAt: '2020-01-01T00:00:00Z' } },
  };
  writeFileSync(profilesFile(), JSON.stringify(expired));
}

test('signing in asks for consent, and verbs act as that person from then on', async () => {
  const { ran, opened, course } = await signIn();
  expect(ran).toMatchObject({ exitCode: 0 });
  expect(ran.out).toContain('admin@demo.localhost');
  expect(course?.steps).toEqual(['password', 'consent']);
  expect(course?.page.html).toContain('You are signed in');
  expect(opened.searchParams.get('code_challenge_method')).toBe('S256');
  expect(opened.searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  const who = await postern('whoami');
  expect(field(who, 'User')).toBe('admin@demo.localhost');
  expect(field(who, 'Signed in by')).toContain('postern login (profile default)');
  expect(field(who, 'Until')).toMatch(/UTC$/);
  expect((await postern('user', 'create', 'made-by-login')).exitCode).toBe(0);
});

test('tokens stand in a file for its owner alone, and are never said', async () => {
  const { ran } = await signIn();
  expect(statSync(profilesFile()).mode & 0o777).toBe(0o600);
  expect(statSync(directory()).mode & 0o777).toBe(0o700);
  const { accessToken, refreshToken } = readProfiles()['default']?.login ?? {};
  const said = [ran, await postern('whoami', '--json'), await postern('profile', 'list', '--json')];
  for (const { out, err } of said) {
    expect(out + err).not.toContain(accessToken);
    expect(out + err).not.toContain(refreshToken);
  }
});

test('consent is asked each time, although the browser is signed in and said yes before', async () => {
  const browser = createHttpBrowser();
  await signIn([], browser);
  const again = await signIn([], browser);
  expect(again.course?.steps).toEqual(['consent']);
  const refused = await signIn(['--profile', 'other'], browser, { decision: 'deny' });
  expect(refused.ran).toMatchObject({ exitCode: 1, out: '' });
  expect(refused.ran.err).toContain('refused in the browser');
  expect(Object.keys(readProfiles())).toEqual(['default']);
});

test('a login for looking changes nothing', async () => {
  await signIn(['--read-only', '--profile', 'looking']);
  expect((await postern('user', 'list', '--profile', 'looking')).exitCode).toBe(0);
  const ran = await postern('user', 'create', 'not-to-be', '--profile', 'looking');
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('NoPermission');
  expect((await postern('user', 'show', 'not-to-be', '--profile', 'looking')).err).toContain('EntityNotExist.User');
});

test('a token whose time is up is renewed, once for any number of processes', async () => {
  await signIn();
  letTokenExpire();
  const before = readProfiles()['default']?.login;
  const ran = await Promise.all(Array.from({ length: 5 }, () => postern('whoami', '--json')));
  expect(ran.map(({ exitCode, err }) => [exitCode, err])).toEqual(ran.map(() => [0, '']));
  const after = readProfiles()['default']?.login;
  expect(after?.refreshToken).not.toBe(before?.refreshToken);
  letTokenExpire();
  expect((await postern('whoami')).exitCode).toBe(0);
});

test('signing out ends the login at the server and on this machine', async () => {
  await signIn();
  const { accessToken } = readProfiles()['default']?.login ?? {};
  const asked = () => fetch(`${issuer}/api/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect((await asked()).status).toBe(200);
  expect(await postern('logout')).toMatchObject({ exitCode: 0, err: '' });
  expect((await asked()).status).toBe(401);
  expect(Object.keys(readProfiles())).toEqual([]);
  expect((await postern('logout')).exitCode).toBe(2);
});

test('when the login has ended at the server, the way back in is named', async () => {
  await signIn();
  await fetch(`${issuer}/oauth2/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: readProfiles()['default']?.login.refreshToken ?? '', client_id: 'postern-cli' }),
  });
  const ran = await postern('user', 'list');
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('postern login --profile default');
  letTokenExpire();
  expect((await postern('user', 'list')).err).toContain('LoginEnded');
});

test('an answer with another state, of another issuer or without any is not taken', async () => {
  const browser = createHttpBrowser();
  const ran = await run(['login', '--issuer', issuer], {
    homeDirectory: home,
    browser: (address) => {
      const url = new URL(address);
      const callback = new URL(url.searchParams.get('redirect_uri') ?? '');
      const state = url.searchParams.get('state') ?? '';
      const go = async () => {
        callback.search = new URLSearchParams({ code: 'stolen', state: 'guessed', iss: issuer }).toString();
        expect((await browser.open(callback)).status).toBe(404);
        callback.search = new URLSearchParams({ code: 'stolen', state, iss: 'https://evil.example/demo' }).toString();
        expect((await browser.open(callback)).status).toBe(200);
      };
      go().catch(() => undefined);
    },
  });
  expect(ran).toMatchObject({ exitCode: 1, out: '' });
  expect(ran.err).toContain('another issuer');
});

test.each([
  ['an address that is no issuer', '/nothing-here', 1],
  ['an address of another form', 'demo', 2],
])('%s is refused before any browser opens', async (_name, end, exitCode) => {
  const at = end.startsWith('/') ? `${new URL(issuer).origin}${end}` : end;
  const ran = await run(['login', '--issuer', at], {
    homeDirectory: home,
    browser: () => {
      throw new Error('a browser was opened');
    },
  });
  expect(ran).toMatchObject({ exitCode, out: '' });
});

test('profiles are listed, and the one that is chosen is used', async () => {
  await signIn(['--profile', 'work']);
  const list = await postern('profile', 'list');
  expect(list.out).toContain('work');
  expect((await postern('profile', 'use', 'play')).exitCode).toBe(2);
  expect((await postern('whoami')).exitCode).toBe(2);
  expect((await postern('profile', 'use', 'work')).exitCode).toBe(0);
  expect((await postern('whoami')).exitCode).toBe(0);
  await postern('logout');
  // Nobody acts as somebody else because a profile is gone.
  const { err } = await run(['whoami'], { homeDirectory: home, env: place.env });
  expect(err).toContain('no profile "work"');
});

test('an access key that somebody wrote down is not overwritten', async () => {
  await signIn(['--profile', 'other']);
  const key = { issuer, accessKeyId: 'PSTKx', accessKeySecret: 'y' };
  writeFileSync(profilesFile(), JSON.stringify({ ...readProfiles(), keyed: key }));
  const ran = await run(['login', '--issuer', issuer, '--profile', 'keyed'], { homeDirectory: home });
  expect(ran.err).toContain('holds an access key');
  expect(JSON.parse(readFileSync(profilesFile(), 'utf8'))).toMatchObject({ keyed: key });
});
