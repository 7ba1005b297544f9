import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applications } from '../../src/storage/db/schema/applications.ts';
import { ephemeralEntries } from '../../src/storage/db/schema/ephemeral.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback } from './support/code-flow.ts';
import { sendRaw } from './support/raw-http.ts';

describe('forged cookies and states', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  let victim: HttpBrowser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication();
    user = await account.createUser();
    victim = createHttpBrowser();
    await logOnToPortal(victim, account.issuer, user);
  });
  afterAll(() => server.close());

  const valueOf = (browser: HttpBrowser, name: string): string =>
    browser.cookies.all().find((cookie) => cookie.name === name)?.value ?? '';

  const isSignedIn = async (cookie: string): Promise<boolean> => {
    const { status, body } = await sendRaw(server.origin, `/${account.alias}`, { headers: { cookie } });
    return status === 200 && body.includes('sign-out');
  };

  /** All that an outsider can compute a signature with: nothing, what is public, and what stands in every answer. */
  const publicKeys = () => [
    '',
    'postern',
    'cookies',
    `cookies:${account.alias}`,
    account.alias,
    account.accountId,
    account.issuer,
    server.origin,
    application.clientId,
    'secret',
    'keyboard cat',
    '0'.repeat(43),
  ];

  const signature = (key: string, name: string, value: string): string =>
    createHmac('sha1', key).update(`${name}=${value}`).digest('base64url');

  it('a session cookie opens a session only with its own signature', async () => {
    const [value, sig] = [valueOf(victim, 'postern.session'), valueOf(victim, 'postern.session.sig')];
    expect(await isSignedIn(`postern.session=${value}; postern.session.sig=${sig}`)).toBe(true);
    const forged = [
      `postern.session=${value}`,
      `postern.session=${value}; postern.session.sig=`,
      `postern.session=${value}; postern.session.sig=${sig.slice(0, -1)}`,
      `postern.session=${value}; postern.session.sig=${sig.split('').reverse().join('')}`,
      `__Secure-postern.session=${value}; __Secure-postern.session.sig=${sig}`,
      ...publicKeys().map(
        (key) => `postern.session=${value}; postern.session.sig=${signature(key, 'postern.session', value)}`,
      ),
    ];
    for (const cookie of forged) expect([cookie, await isSignedIn(cookie)]).toEqual([cookie, false]);
  });

  it('what is known of a user or a session makes no session', async () => {
    const sig = valueOf(victim, 'postern.session.sig');
    const stored = await server.backend.db.select({ key: ephemeralEntries.key }).from(ephemeralEntries);
    expect(stored.length).toBeGreaterThan(0);
    const guesses = [
      user.userId,
      user.userName,
      account.accountId,
      'uid:x',
      '[object Object]',
      'null',
      '__proto__',
      ...stored.flatMap(({ key }) => [key, key.split(':').at(-1) ?? '']),
    ];
    for (const guess of guesses) {
      for (const key of publicKeys()) {
        const value = encodeURIComponent(guess);
        expect(
          await isSignedIn(`postern.session=${value}; postern.session.sig=${signature(key, 'postern.session', value)}`),
        ).toBe(false);
      }
      expect(await isSignedIn(`postern.session=${encodeURIComponent(guess)}; postern.session.sig=${sig}`)).toBe(false);
    }
  });

  it('a cookie signed for one use serves no other', async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(authorizationUrl(account.issuer, application.clientId));
    const [value, sig] = [valueOf(browser, 'postern.logon'), valueOf(browser, 'postern.logon.sig')];
    expect(value).toBe(page.url.pathname.split('/').at(-1));
    expect(await isSignedIn(`postern.session=${value}; postern.session.sig=${sig}`)).toBe(false);
    const session = [valueOf(victim, 'postern.session'), valueOf(victim, 'postern.session.sig')];
    const asLogon = await sendRaw(server.origin, page.url.pathname, {
      headers: { cookie: `postern.logon=${session[0]}; postern.logon.sig=${session[1]}` },
    });
    expect(asLogon.status).toBe(410);
  });

  it('the address of a logon is nothing without its cookie, and the cookie nothing with another address', async () => {
    const [one, other] = [createHttpBrowser(), createHttpBrowser()];
    const [first, second] = [
      await one.open(authorizationUrl(account.issuer, application.clientId)),
      await other.open(authorizationUrl(account.issuer, application.clientId)),
    ];
    const uid = first.url.pathname.split('/').at(-1) ?? '';
    const cookies = [
      '',
      `postern.logon=${uid}`,
      ...publicKeys().map((key) => `postern.logon=${uid}; postern.logon.sig=${signature(key, 'postern.logon', uid)}`),
      other.cookies.headerFor(second.url),
    ];
    const body = new URLSearchParams({
      ...first.forms[0]?.fields,
      username: user.userName,
      password: user.password,
    }).toString();
    for (const cookie of cookies) {
      const headers = { ...(cookie === '' ? {} : { cookie }), 'content-type': 'application/x-www-form-urlencoded' };
      expect((await sendRaw(server.origin, first.url.pathname, { headers })).status).toBe(410);
      const posted = await sendRaw(server.origin, first.url.pathname, { method: 'POST', headers, body });
      expect([cookie, posted.status]).toEqual([cookie, 410]);
      expect(posted.headers['set-cookie']?.join() ?? '').not.toContain('session');
      const resumed = await sendRaw(server.origin, `/${account.alias}/oauth2/authorize/${uid}`, {
        headers: { ...headers, accept: 'text/html' },
      });
      expect([resumed.status, resumed.headers.location]).toEqual([400, undefined]);
    }
    expect(stepOf(await one.open(first.url))).toBe('password');
  });

  it('a state, result or step sent by the browser decides nothing', async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(authorizationUrl(account.issuer, application.clientId));
    const uid = page.url.pathname.split('/').at(-1) ?? '';
    const smuggled = {
      result: JSON.stringify({ login: { accountId: user.userId } }),
      'login[accountId]': user.userId,
      accountId: user.userId,
      userId: user.userId,
      state: JSON.stringify({ userId: user.userId, userEpoch: 1, secondFactor: 'totp' }),
      secondFactor: 'totp',
      userEpoch: '1',
    };
    const posted = await browser.submit(page, { ...smuggled, username: user.userName, password: 'wrong' });
    expect([posted.status, stepOf(posted)]).toEqual([401, 'password']);
    const query = new URLSearchParams(smuggled).toString();
    expect(stepOf(await browser.open(`${page.url.href}&${query}`))).toBe('password');
    const resumed = await browser.open(`${account.issuer}/oauth2/authorize/${uid}?${query}`);
    expect([stepOf(resumed), resumed.leftFor]).toEqual(['password', undefined]);
  });

  it('on https every cookie says so in its name and goes over https alone', async () => {
    const secure = await startTestServer({ stores: 'embedded', settings: { PUBLIC_URL: 'https://id.example.com' } });
    try {
      const tenant = await secure.account('acme');
      // Its own address is behind a proxy that is not there, so the app is put where it belongs by hand.
      const clientId = 'app_aaaaaaaaaaaaaaaaaaaa';
      await secure.backend.db.insert(applications).values({
        clientId,
        accountId: tenant.accountId,
        displayName: 'App',
        type: 'web',
        firstParty: true,
        redirectUris: [callback],
        postLogoutRedirectUris: [],
      });
      const address = new URL(authorizationUrl('https://id.example.com/acme', clientId));
      const answer = await sendRaw(`http://127.0.0.1:${secure.config.port}`, `${address.pathname}${address.search}`, {
        headers: { 'x-forwarded-proto': 'http' },
      });
      const cookies = answer.headers['set-cookie'] ?? [];
      expect(cookies).toHaveLength(4);
      for (const cookie of cookies)
        expect(cookie).toMatch(
          /^__Secure-postern\.(logon|resume)(\.sig)?=.*; path=\/acme\/.*; samesite=lax; secure; httponly/i,
        );
      expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8,}/);
    } finally {
      await secure.close();
    }
  });

  it('cookies are for programs of the server alone, and for this account alone', async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(authorizationUrl(account.issuer, application.clientId));
    await browser.submit(page, { username: user.userName, password: user.password });
    const kept = browser.cookies.all();
    expect(kept.length).toBeGreaterThan(3);
    for (const { name, httpOnly, sameSite, path, host } of kept) {
      expect([name, httpOnly, sameSite, host]).toEqual([name, true, 'lax', 'localhost']);
      expect(path.startsWith(`/${account.alias}`)).toBe(true);
    }
  });
});
