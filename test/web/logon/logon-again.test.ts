import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
let user: TestUser;
let browser: HttpBrowser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
});
beforeEach(async () => {
  account = await server.account();
  app = await connectRelyingParty(account);
  user = await account.createUser();
  browser = createHttpBrowser();
  return () => app.close();
});
afterAll(() => server.close());

const ask = async (parameters: Record<string, string> = {}, from = '127.0.0.1'): Promise<BrowserPage> =>
  await browser.open((await app.request(parameters)).url, { headers: { 'x-forwarded-for': from } });
const answerOf = (page: BrowserPage): string =>
  callbackOf(app, page).searchParams.get('error') ?? (callbackOf(app, page).searchParams.has('code') ? 'code' : '');
const enterPassword = (page: BrowserPage, who: TestUser = user) =>
  browser.submit(page, { username: who.userName, password: who.password });

describe('a live session', () => {
  it('of a user whose password has passed its age goes on with the new one that they choose', async () => {
    await app.signIn(browser, user);
    await account.manage('PATCH /account/password-policy', { maxPasswordAge: 30 });
    await server.backend.db
      .update(loginProfiles)
      .set({ passwordSetAt: sql`now() - interval '31 days'` })
      .where(eq(loginProfiles.userId, user.userId));
    const wish = newPassword();
    const request = await app.request({ prompt: 'login' });
    const course = await walkThroughLogon(browser, await browser.open(request.url), { ...user, newPassword: wish });
    expect(course.steps).toEqual(['password', 'reset']);
    const tokens = await app.redeem(request, callbackOf(app, course.page));
    expect(tokens.claims()?.sub).toBe(user.userId);
    expect(answerOf(await ask({ prompt: 'none' }))).toBe('code');
  });

  it('from a network that is not allowed any more is asked to log on, and is good where it is', async () => {
    await app.signIn(browser, user);
    await account.manage('PATCH /account/security-preferences', { loginNetworkMasks: ['198.51.100.0/24'] });
    const elsewhere = await ask({}, '192.0.2.1');
    expect(stepOf(elsewhere)).toBe('password');
    expect((await enterPassword(elsewhere)).status).toBe(401);
    expect(answerOf(await ask({ prompt: 'none' }, '192.0.2.1'))).toBe('login_required');
    expect(answerOf(await ask({ prompt: 'none' }, '198.51.100.7'))).toBe('code');
  });

  it('and a hint at another user: whoever sits there is asked, once, and either may log on', async () => {
    const bob = await account.createUser();
    await app.signIn(browser, user);
    for (const login_hint of [bob.userName, `${bob.userName}@${account.alias}`, 'nobody-at-all']) {
      const page = await ask({ login_hint });
      expect([stepOf(page), page.forms[0]?.fields['username']]).toEqual(['password', login_hint.split('@')[0]]);
      expect(answerOf(await ask({ login_hint, prompt: 'none' }))).toBe('code');
    }
    expect(answerOf(await enterPassword(await ask({ login_hint: bob.userName })))).toBe('code');
    const handover = await enterPassword(await ask({ login_hint: bob.userName }), bob);
    expect(answerOf(await browser.submit(handover, {}))).toBe('code');
    expect(answerOf(await ask({ login_hint: bob.userName }))).toBe('code');
  });

  it.each([
    ['the same user', () => user.userName],
    ['the same user in capitals, with the alias', () => `${user.userName.toUpperCase()}@${account.alias}`],
    ['a user of another account', () => 'alice@elsewhere'],
    ['an e-mail address', () => 'alice@example.com'],
    ['what can be nobody’s name', () => '@'],
  ])('and a hint at %s asks nobody', async (_whom, hint) => {
    await app.signIn(browser, user);
    expect(answerOf(await ask({ login_hint: hint() }))).toBe('code');
  });
});

describe('a logon that begins again', () => {
  const changed = 'Something about your logon has changed';

  it('says why, once, where something has happened to the user in between', async () => {
    const given = await account.createUser({ resetRequired: true });
    const reset = await enterPassword(await ask(), given);
    expect(stepOf(reset)).toBe('reset');
    const password = newPassword();
    await account.manage(`PUT /users/${given.userName}/login-profile`, { password, resetRequired: false });
    const wish = newPassword();
    const begun = await browser.submit(reset, { new_password: wish, confirm_password: wish });
    expect([begun.status, stepOf(begun), begun.html.includes(changed)]).toEqual([200, 'password', true]);
    const again = await browser.open(begun.url);
    expect([stepOf(again), again.html.includes(changed)]).toEqual(['password', false]);
    expect(answerOf(await enterPassword(again, { ...given, password }))).toBe('code');
  });

  it('says nothing of it beside a refusal', async () => {
    const given = await account.createUser({ resetRequired: true });
    const reset = await enterPassword(await ask(), given);
    await account.manage(`PATCH /users/${given.userName}`, { status: 'frozen' });
    const refused = await enterPassword(await browser.open(reset.url), given);
    expect([refused.status, refused.html.includes(changed)]).toEqual([401, false]);
  });
});

it('every page of a logon is in the language that the app asked for, until the user chooses another', async () => {
  const given = await account.createUser({ resetRequired: true });
  const languageOf = ({ headers }: BrowserPage) => headers.get('content-language');
  const page = await ask({ ui_locales: 'xx de-AT fr' });
  expect(languageOf(page)).toBe('de');
  const refused = await browser.submit(page, { username: given.userName, password: 'wrong' });
  expect([refused.status, languageOf(refused)]).toEqual([401, 'de']);
  const reset = await enterPassword(page, given);
  expect([stepOf(reset), languageOf(reset)]).toEqual(['reset', 'de']);
  const chosen = await browser.open(`${reset.url.href}&lang=fr`);
  expect([stepOf(chosen), languageOf(chosen), languageOf(await browser.open(reset.url))]).toEqual([
    'reset',
    'fr',
    'fr',
  ]);
});
