import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
let user: TestUser;
let browser: HttpBrowser;
let first: BrowserPage;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  app = await connectRelyingParty(account);
});
afterAll(async () => {
  await app.close();
  await server.close();
});
beforeEach(async () => {
  user = await account.createUser({ resetRequired: true });
  browser = createHttpBrowser();
  first = await browser.open((await app.request()).url);
});

const enterPassword = () => browser.submit(first, { username: user.userName, password: user.password });
const choose = (password: string) => ({ new_password: password, confirm_password: password });
const canLogOnWith = async (password: string) =>
  (await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, password, newPassword: newPassword() })).page
    .status === 200;

it.each(['reset', 'bind', 'totp', 'recovery', 'recovery-codes', 'consent', 'nonsense', ''])(
  'an answer to the step "%s" while the password is due is not evaluated: the password is asked for',
  async (step) => {
    const chosen = newPassword();
    const page = await browser.submit(first, { step, ...choose(chosen), code: '123456', decision: 'approve' });
    expect([page.status, stepOf(page), errorOn(page)]).toEqual([200, 'password', undefined]);
    expect(await canLogOnWith(chosen)).toBe(false);
  },
);

it('a page gone back to is not evaluated: what is due is shown', async () => {
  const reset = await enterPassword();
  expect(stepOf(reset)).toBe('reset');
  const again = await browser.submit(first, { username: user.userName, password: 'anything' });
  expect([again.status, stepOf(again)]).toEqual([200, 'reset']);
});

it('an answer sent twice is taken once, and both tabs can go on', async () => {
  const reset = await enterPassword();
  const wishes = [newPassword(), newPassword()];
  const answers = await Promise.all(wishes.map((wish) => browser.submit(reset, choose(wish))));
  const arrived = answers.filter(({ url }) => url.href.startsWith(app.server.redirectUri));
  expect(arrived.length).toBe(1);
  const good = await Promise.all(wishes.map(canLogOnWith));
  expect(good.filter(Boolean).length).toBe(1);
  for (const answer of answers) expect(answer.status).toBeLessThan(500);
});

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['without its token', { csrf: '' }, {}],
  ['with a forged token', { csrf: 'A'.repeat(43) }, {}],
  ['from another site', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['from another site, in an old browser', {}, { origin: 'https://evil.example', 'sec-fetch-site': '' }],
])('a form %s is refused before the password is looked at', async (_what, fields, headers) => {
  const kept = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
  const sent = headers['sec-fetch-site'] === '' ? { ...kept, 'sec-fetch-site': 'cross-site' } : kept;
  const page = await browser.submit(
    first,
    { username: user.userName, password: user.password, ...fields },
    { headers: sent },
  );
  expect(page.status).toBe(403);
  expect(stepOf(await browser.open(first.url))).toBe('password');
});

it("another logon's token does not fit", async () => {
  const other = await createHttpBrowser().open((await app.request()).url);
  const csrf = other.forms[0]?.fields['csrf'] ?? '';
  const page = await browser.submit(first, { username: user.userName, password: user.password, csrf });
  expect(page.status).toBe(403);
});

it('each authentication gives the session a new id, and the one from before opens nothing', async () => {
  const plain = await account.createUser();
  await browser.submit(first, { username: plain.userName, password: plain.password });
  const before = browser.cookies.copy();
  const again = await browser.open((await app.request({ prompt: 'login' })).url);
  await browser.submit(again, { username: plain.userName, password: plain.password });
  const valueIn = (jar: typeof before) => jar.all().find(({ name }) => name === 'postern.session')?.value;
  expect(valueIn(browser.cookies)).not.toBe(valueIn(before));
  const stale = await createHttpBrowser(before).open((await app.request({ prompt: 'none' })).url);
  expect(callbackOf(app, stale).searchParams.get('error')).toBe('login_required');
});

it('no page and no answer to a form may be kept, framed or sniffed', async () => {
  const reset = await enterPassword();
  for (const page of [first, reset]) {
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  }
});

it('cookies are for this account, this logon and no script', async () => {
  await enterPassword();
  for (const { name, path, httpOnly, sameSite } of browser.cookies.all()) {
    expect([name, httpOnly, sameSite]).toEqual([name, true, 'lax']);
    expect(path.startsWith(`/${account.alias}`)).toBe(true);
  }
});

it('a form larger than any of ours, a field sent twice, and another kind of body are refused', async () => {
  const send = (body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(first.url, {
      method: 'POST',
      body,
      headers: { 'content-type': type, cookie: browser.cookies.headerFor(first.url) },
    });
  const statuses = [
    (await send(`username=${'x'.repeat(40_000)}`)).status,
    (await send('step=password&step=reset')).status,
    (await send('{"step":"password"}', 'application/json')).status,
  ];
  expect(statuses).toEqual([413, 400, 415]);
  expect(stepOf(await browser.open(first.url))).toBe('password');
});
