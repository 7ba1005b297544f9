import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback, obtainTokens } from './support/code-flow.ts';
import { sendRaw } from './support/raw-http.ts';
import { lookalikes } from './support/lookalike-addresses.ts';

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

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});
