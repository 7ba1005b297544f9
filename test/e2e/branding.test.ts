import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { plainPng } from '../support/png-files.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let other: TestAccount;
let user: TestUser;
let app: RelyingParty;
let logoHref: string;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' } });
  [account, other] = [await server.account(), await server.account()];
  user = await account.createUser();
  app = await connectRelyingParty(account);
  await account.manage('PATCH /account/branding', { displayName: 'Acme <b>Corporation</b>', color: '#7A1FA2' });
  const { logo } = await account.manage('PUT /account/branding/logo', { image: plainPng(400, 100).toString('base64') });
  logoHref = (logo as { href: string }).href;
});
afterAll(async () => {
  await app.close();
  await server.close();
});

/** What a page shows of whose it is. */
const brandOn = ({ html }: BrowserPage) => ({
  name: html.includes('<bdi>Acme &lt;b&gt;Corporation&lt;/b&gt;</bdi>'),
  alias: html.includes(`<bdi class="alias">${account.alias}</bdi>`),
  theme: html.includes('<link rel="stylesheet" href="/-/themes/7a1fa2.css">'),
  logo: html.includes(`<img class="logo" src="${logoHref}"`),
});
const branded = { name: true, alias: true, theme: true, logo: true };
const plain = { name: false, alias: false, theme: false, logo: false };

async function signedIn(): Promise<HttpBrowser> {
  const browser = createHttpBrowser();
  await app.signIn(browser, user);
  return browser;
}

describe('the branding of an account', () => {
  it.each([
    ['the logon', () => account.issuer, 200],
    ['the logon by the account id', () => `${server.origin}/${account.accountId}`, 200],
    ['an address that leads nowhere', () => `${account.issuer}/portal/nowhere`, 404],
    ['a logon that is over', () => `${account.issuer}/logon/${'x'.repeat(21)}`, 410],
    [
      'an error of the engine',
      () => `${account.issuer}/oauth2/authorize?client_id=nobody&response_type=code&scope=openid`,
      400,
    ],
  ])('is on %s', async (_what, address, status) => {
    const page = await createHttpBrowser().open(address());
    expect([page.status, brandOn(page)]).toEqual([status, branded]);
  });

  it('is on the refusal of a password, and on the portal', async () => {
    const browser = createHttpBrowser();
    const first = await browser.open(account.issuer);
    const refused = await browser.submit(first, { username: user.userName, password: 'wrong' });
    expect([refused.status, brandOn(refused)]).toEqual([401, branded]);
    const portal = await browser.submit(refused, { username: user.userName, password: user.password });
    expect(portal.html).toContain('id="sign-out"');
    expect([portal.url.href.startsWith(account.issuer), brandOn(portal)]).toEqual([true, branded]);
  });

  it('is on the way out, as the question and when it is done', async () => {
    const browser = await signedIn();
    const question = await browser.open(`${account.issuer}/oauth2/logout`);
    expect([question.html.includes('id="stay"'), brandOn(question)]).toEqual([true, branded]);
    const done = await browser.submit(question, {}, { button: 'continue' });
    expect([done.status, brandOn(done)]).toEqual([200, branded]);
    expect(brandOn(await browser.open(`${account.issuer}/portal/signed-out`))).toEqual(branded);
  });

  it('is on the page that hands over to an app by a form', async () => {
    const browser = await signedIn();
    const { url } = await app.request({ response_mode: 'form_post' });
    const page = await browser.open(url);
    expect([page.html.includes('handover'), brandOn(page)]).toEqual([true, branded]);
  });

  it('is on no page of another account, and on none that is nobody’s', async () => {
    const browser = createHttpBrowser();
    expect(brandOn(await browser.open(other.issuer))).toEqual(plain);
    for (const address of ['/', '/no-such-account', '/-/nowhere']) {
      const page = await browser.open(`${server.origin}${address}`);
      expect([address, brandOn(page)]).toEqual([address, plain]);
      expect(page.html).toContain('<bdi>Postern</bdi>');
    }
  });

  it('cannot make one account look like another: the alias stays', async () => {
    await other.manage('PATCH /account/branding', { displayName: account.alias });
    const page = await createHttpBrowser().open(other.issuer);
    expect(page.html).toContain(`<bdi>${account.alias}</bdi>`);
    expect(page.html).toContain(`<bdi class="alias">${other.alias}</bdi>`);
  });

  it('is gone from the next page on, once it is taken away', async () => {
    await other.manage('PATCH /account/branding', { displayName: 'Other', color: '#7a1fa2' });
    expect((await createHttpBrowser().open(other.issuer)).html).toContain('/-/themes/7a1fa2.css');
    await other.manage('PATCH /account/branding', { displayName: null, color: null });
    const { html } = await createHttpBrowser().open(other.issuer);
    expect([html.includes('/-/themes/'), html.includes(`<bdi>${other.alias}</bdi>`)]).toEqual([false, true]);
  });
});

describe('the files of a brand', () => {
  const fileHeaders = {
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
  const headersOf = ({ headers }: Response) =>
    Object.fromEntries(Object.keys(fileHeaders).map((name) => [name, headers.get(name)]));
  const get = (path: string, method = 'GET') => fetch(`${server.origin}${path}`, { method, redirect: 'manual' });

  it('are a PNG of our own making, good forever and harmless wherever it is opened', async () => {
    const answer = await get(logoHref);
    expect([answer.status, answer.headers.get('content-type'), headersOf(answer)]).toEqual([
      200,
      'image/png',
      fileHeaders,
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { width, height, text } = decode(await answer.arrayBuffer());
    expect({ width, height, text }).toEqual({ width: 320, height: 80, text: {} });
  });

  it('are a style sheet made of six digits', async () => {
    const answer = await get('/-/themes/7a1fa2.css');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(headersOf(answer)).toEqual(fileHeaders);
    expect(await answer.text()).toContain('--accent:#7a1fa2');
    expect(await (await get('/-/themes/7a1fa2.css', 'HEAD')).text()).toBe('');
  });

  it.each([
    '/-/themes/7A1FA2.css',
    '/-/themes/7a1fa.css',
    '/-/themes/red.css',
    '/-/themes/7a1fa2;}body{display:none.css',
    '/-/themes/%37a1fa2.css',
    '/-/themes/',
    `/-/logos/${'a'.repeat(43)}.png`,
    '/-/logos/..%2f..%2fpackage.json',
    `/-/logos/${"'".repeat(43)}.png`,
    '/-/logos/',
  ])('are nothing at %s', async (path) => {
    const answer = await get(path);
    expect([answer.status < 500, answer.status >= 400]).toEqual([true, true]);
    expect(answer.headers.get('cache-control')).not.toContain('immutable');
  });

  it('are only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await get(logoHref, method)).status).toBe(404);
  });

  it('are gone once the logo is removed', async () => {
    const { logo } = await other.manage('PUT /account/branding/logo', { image: plainPng(30, 30).toString('base64') });
    const { href } = logo as { href: string };
    expect((await get(href)).status).toBe(200);
    await other.manage('DELETE /account/branding/logo');
    expect((await get(href)).status).toBe(404);
    expect((await createHttpBrowser().open(other.issuer)).html).not.toContain('/-/logos/');
  });
});
