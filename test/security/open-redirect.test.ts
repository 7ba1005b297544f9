import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applications } from '../../src/storage/db/schema/applications.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback, obtainTokens } from './support/code-flow.ts';
import { sendRaw } from './support/raw-http.ts';

/** Addresses that some comparison or other has taken for `https://app.example.com/callback`. */
const lookalikes = [
  'https://app.example.com.evil.example/callback',
  'https://app.example.comevil.example/callback',
  'https://evil.example/callback',
  'https://evil.example/?https://app.example.com/callback',
  'https://evil.example/#https://app.example.com/callback',
  'https://app.example.com@evil.example/callback',
  'https://app.example.com:443@evil.example/callback',
  'https://app.example.com:8443/callback',
  'https://app.example.com:443/callback',
  'https://user@app.example.com/callback',
  'https://app.example.com/callback/',
  'https://app.example.com/callback/../evil',
  'https://app.example.com/callback/..;/evil',
  'https://app.example.com/callback/%2e%2e/evil',
  'https://app.example.com/callback%2f..%2fevil',
  'https://app.example.com/callback%252f..%252fevil',
  'https://app.example.com/callback?next=https://evil.example',
  'https://app.example.com/callback#fragment',
  'https://app.example.com/Callback',
  'https://APP.example.com/callback',
  'HTTPS://app.example.com/callback',
  'http://app.example.com/callback',
  'https:/app.example.com/callback',
  'https:app.example.com/callback',
  '//app.example.com/callback',
  '///evil.example/callback',
  '/\\evil.example/callback',
  'https:\\\\app.example.com\\callback',
  'https://app.example.com\\@evil.example/callback',
  'https://app.example.com\t/callback',
  'https://app.example.com/call\nback',
  ' https://app.example.com/callback',
  'https://app.example.com/callback ',
  'https://app.example.com/callback\u0000',
  'https://app.example.com/callback%00',
  'https://app.example.com./callback',
  'https://app。example。com/callback',
  'https://app%2eexample%2ecom/callback',
  'https://appXexample.com/callback',
  'https://xn--pp-eka.example.com/callback',
  'javascript:alert(1)//https://app.example.com/callback',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'callback',
  'null',
];

describe('open redirect and loose comparison of addresses', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication({
      redirectUris: [callback],
      postLogoutRedirectUris: ['https://app.example.com/bye'],
    });
    user = await account.createUser();
  });
  afterAll(() => server.close());

  const ask = async (address: string) => {
    const { pathname, search } = new URL(address);
    return await sendRaw(server.origin, `${pathname}${search}`, { headers: { accept: 'text/html' } });
  };

  it.each(lookalikes)('authorize leads nobody to %j', async (redirectUri) => {
    for (const extra of [{}, { prompt: 'none' }, { scope: 'nonsense' }, { response_type: 'token' }]) {
      const answer = await ask(
        authorizationUrl(account.issuer, application.clientId, { redirect_uri: redirectUri, ...extra }),
      );
      expect(answer.status).toBe(400);
      expect(answer.headers.location).toBeUndefined();
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.body).not.toContain('<form');
    }
  });

  it('authorize refuses an address given twice, whichever comes first', async () => {
    const good = authorizationUrl(account.issuer, application.clientId);
    const evil = `redirect_uri=${encodeURIComponent('https://evil.example/')}`;
    for (const address of [`${good}&${evil}`, good.replace('?', `?${evil}&`)]) {
      const { location = '' } = (await ask(address)).headers;
      // The one address that is registered may be told of the fault.
      const led = new URL(location);
      expect(`${led.origin}${led.pathname}`).toBe(callback);
      expect([led.searchParams.get('error'), led.searchParams.get('code')]).toEqual(['invalid_request', null]);
    }
    const several = await account.createApplication({ redirectUris: [callback, 'https://app.example.com/second'] });
    const answer = await ask(`${authorizationUrl(account.issuer, several.clientId)}&${evil}`);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });

  it('a native app may vary the port of loopback and nothing else', async () => {
    const native = await account.createApplication({
      type: 'native',
      redirectUris: ['http://127.0.0.1/cb', 'com.example.app:/cb'],
    });
    const opens = async (redirectUri: string) =>
      (await ask(authorizationUrl(account.issuer, native.clientId, { redirect_uri: redirectUri }))).status === 303;
    expect(await opens('http://127.0.0.1:54321/cb')).toBe(true);
    for (const other of [
      'http://127.0.0.1:54321/other',
      'http://127.0.0.1.evil.example:1/cb',
      'http://127.0.0.1:1@evil.example/cb',
      'http://127.0.0.2:1/cb',
      'http://localhost:1/cb',
      'https://127.0.0.1:1/cb',
      'http://[::1]:1/cb',
      'com.example.app:/evil',
      'com.example.app.evil:/cb',
      'com.example.app://evil/cb',
    ]) {
      expect([other, await opens(other)]).toEqual([other, false]);
    }
  });

  it.each(lookalikes)('sign-out leads nobody to %j', async (address) => {
    const { idToken, browser } = await signedIn();
    const query = new URLSearchParams({
      id_token_hint: idToken,
      post_logout_redirect_uri: address.replace('/callback', '/bye'),
    });
    const answer = await browser.open(`${account.issuer}/oauth2/logout?${query.toString()}`);
    expect(answer.leftFor).toBeUndefined();
    expect(answer.visited.every(({ origin }) => origin === server.origin)).toBe(true);
    if (answer.forms.length > 0) {
      const after = await browser.submit(answer, {}, { button: 'continue' });
      expect(after.leftFor).toBeUndefined();
    }
  });

  /** One sign-in serves many sign-outs that are refused; it is made anew where one was not. */
  const held: { session?: Awaited<ReturnType<typeof obtainTokens>> } = {};
  const signedIn = async () => {
    const known = held.session;
    if (known !== undefined && (await known.browser.open(account.issuer)).html.includes('sign-out')) return known;
    held.session = await obtainTokens(account.issuer, application, user);
    return held.session;
  };

  it('sign-out without an app, or with another one’s address, ends on a page of ours', async () => {
    const other = await account.createApplication({ postLogoutRedirectUris: ['https://other.example.com/bye'] });
    for (const query of [
      `post_logout_redirect_uri=${encodeURIComponent('https://app.example.com/bye')}`,
      `client_id=${other.clientId}&post_logout_redirect_uri=${encodeURIComponent('https://app.example.com/bye')}`,
      `client_id=postern-portal&post_logout_redirect_uri=${encodeURIComponent('https://evil.example/')}`,
    ]) {
      const browser = createHttpBrowser();
      await logOnToPortal(browser, account.issuer, user);
      const question = await browser.open(`${account.issuer}/oauth2/logout?${query}`);
      const after = question.forms.length === 0 ? question : await browser.submit(question, {}, { button: 'continue' });
      expect([query, after.leftFor]).toEqual([query, undefined]);
    }
  });

  it('the general logon page leads to accounts that exist, and nowhere else', async () => {
    const post = (username: string) =>
      sendRaw(server.origin, '/-/logon?next=https://evil.example&return=//evil.example', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          username,
          next: 'https://evil.example/',
          redirect_uri: 'https://evil.example/',
        }).toString(),
      });
    for (const typed of [
      'a@//evil.example',
      'a@evil.example',
      'a@\\evil.example',
      'a@/evil.example',
      '//evil.example',
      'https://evil.example/@x',
      `a@${account.alias}/../..//evil.example`,
      `a@${account.alias}%2f..`,
      `a@${account.alias}\r\nLocation: https://evil.example`,
      `a@.${account.alias}`,
      `a@${account.alias}@evil.example`,
      'a@-',
      'a@api',
    ]) {
      const answer = await post(typed);
      expect([typed, answer.status, answer.headers.location]).toEqual([typed, 400, undefined]);
    }
    for (const name of [
      '//evil.example',
      'https://evil.example/',
      '?x=',
      '#',
      '/../..',
      '\u202egnp',
      '&redirect_uri=https://evil.example',
      'ünï',
    ]) {
      const answer = await post(`${name}@${account.alias}`);
      expect([name, answer.headers.location]).toEqual([name, `/${account.alias}?username=${encodeURIComponent(name)}`]);
    }
  });

  it('names and hints in addresses choose what is typed into a field, never where anybody is led', async () => {
    for (const value of [
      '//evil.example',
      'https://evil.example/',
      'alice@evil.example',
      '\\\\evil.example',
      'x\r\nLocation: https://evil.example',
    ]) {
      const names = [
        'username',
        'next',
        'return',
        'returnTo',
        'redirect',
        'redirect_uri',
        'url',
        'continue',
        'state',
        'iss',
        'code',
      ];
      const query = new URLSearchParams(names.map((name): [string, string] => [name, value])).toString();
      for (const path of [
        `/${account.alias}`,
        `/${account.alias}/portal/callback`,
        `/${account.alias}/portal/signed-out`,
        '/',
      ]) {
        const { location } = (await sendRaw(server.origin, `${path}?${query}`)).headers;
        if (location === undefined) continue;
        const led = new URL(location, server.origin);
        expect([path, led.origin]).toEqual([path, server.origin]);
        expect(led.searchParams.get('redirect_uri') ?? `${account.issuer}/portal/callback`).toBe(
          `${account.issuer}/portal/callback`,
        );
      }
      const logon = await ask(authorizationUrl(account.issuer, application.clientId, { login_hint: value }));
      expect(logon.headers.location).toMatch(
        new RegExp(`^/${account.alias}/logon/[\\w-]+\\?client_id=${application.clientId}$`),
      );
    }
  });

  it('an address that was removed is not led to by a logon that began before', async () => {
    const brief = await account.createApplication({ redirectUris: [callback, 'https://gone.example.com/cb'] });
    const open = async () => {
      const browser = createHttpBrowser();
      return {
        browser,
        page: await browser.open(
          authorizationUrl(account.issuer, brief.clientId, { redirect_uri: 'https://gone.example.com/cb' }),
        ),
      };
    };
    const waiting = await open();
    expect(stepOf(waiting.page)).toBe('password');
    const finished = await open();
    const { pathname } = new URL(`${account.issuer}/oauth2/authorize/x`);
    const answered = await finished.browser.submit(
      finished.page,
      { username: user.userName, password: user.password },
      { stopAt: (next) => next.pathname.startsWith(pathname.slice(0, -1)) },
    );
    expect(answered.leftFor?.pathname).toMatch(/\/oauth2\/authorize\//);

    await account.manage(`PATCH /applications/${brief.clientId}`, { redirectUris: [callback] });
    const late = await waiting.browser.submit(waiting.page, { username: user.userName, password: user.password });
    expect(late.leftFor).toBeUndefined();
    expect(late.status).toBeGreaterThanOrEqual(400);
    const resumed = await finished.browser.open(answered.leftFor ?? '');
    expect(resumed.leftFor).toBeUndefined();
    expect(resumed.status).toBe(400);
  });

  describe('addresses that run script', () => {
    const running = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java\tscript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'javascript://app.example.com/%0aalert(1)',
      'javascript.x:alert(1)',
      'blob:https://app.example.com/x',
      'file:///x',
      'about:blank',
      'https://app.example.com/<script>',
      'view-source:https://app.example.com/',
    ];

    it.each(running)('%j is refused when an app is registered or changed', async (address) => {
      for (const type of ['web', 'spa', 'native']) {
        if (address.startsWith('javascript.x') && type === 'native') continue;
        for (const field of ['redirectUris', 'postLogoutRedirectUris']) {
          const answer = await account.api('POST /applications', {
            displayName: 'x',
            type,
            redirectUris: [callback],
            [field]: [address],
          });
          expect([type, field, answer.status]).toEqual([type, field, 400]);
        }
      }
      const backchannel = await account.api('POST /applications', {
        displayName: 'x',
        type: 'web',
        redirectUris: [callback],
        backchannelLogoutUri: address,
      });
      expect(backchannel.status).toBe(400);
      expect(
        (await account.api(`PATCH /applications/${application.clientId}`, { redirectUris: [address] })).status,
      ).toBe(400);
    });

    it.each(running.filter((address) => !address.startsWith('javascript.x') && !address.startsWith('https:')))(
      '%j in the database is refused when it is used',
      async (address) => {
        const planted = await account.createApplication({ postLogoutRedirectUris: ['https://app.example.com/bye'] });
        const { idToken, browser } = await obtainTokens(account.issuer, planted, user);
        const { db } = server.backend;
        const asks = async (redirectUri: string) =>
          await ask(authorizationUrl(account.issuer, planted.clientId, { redirect_uri: redirectUri, prompt: 'none' }));

        await db
          .update(applications)
          .set({ redirectUris: [address] })
          .where(eq(applications.clientId, planted.clientId));
        const atAuthorize = await asks(address);
        expect(atAuthorize.status).toBeGreaterThanOrEqual(400);
        expect(atAuthorize.status).toBeLessThan(500);
        expect(atAuthorize.headers.location).toBeUndefined();
        expect((await browser.open(account.issuer)).html).not.toContain(`href="${address}`);

        await db
          .update(applications)
          .set({ redirectUris: [callback], postLogoutRedirectUris: [address] })
          .where(eq(applications.clientId, planted.clientId));
        const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: address });
        const atSignOut = await browser.open(`${account.issuer}/oauth2/logout?${query.toString()}`);
        expect(atSignOut.leftFor).toBeUndefined();
        expect(atSignOut.status).toBeLessThan(500);
        expect(atSignOut.headers.get('location')).toBeNull();
      },
    );
  });

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});
