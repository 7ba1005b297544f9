import { eq, sql } from 'drizzle-orm';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal, logOnWithPasskey, stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty, type Tokens } from '../../support/relying-party.ts';
import { createPasskeyProvider } from '../../support/software-authenticator.ts';
import { accessKeyToken, callApi, newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
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

const prefer = (changes: object) => account.manage('PATCH /account/security-preferences', changes);
const setPolicy = (policy: object) => account.manage('PATCH /account/password-policy', policy);
const age = (days: number) =>
  server.backend.db
    .update(loginProfiles)
    .set({ passwordSetAt: sql`now() - make_interval(days => ${days}::int, secs => 5)` })
    .where(eq(loginProfiles.userId, user.userId));
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const home = '192.0.2.1';

/** What the app is told without anybody being asked. */
const silently = async (): Promise<string> => {
  const { searchParams } = callbackOf(app, await browser.open((await app.request({ prompt: 'none' })).url));
  return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : '');
};
const refresh = ({ refresh_token: token = '' }: Tokens) => oidc.refreshTokenGrant(app.configuration, token);
/** The step that the portal leads to; undefined where it shows its page. */
const portal = async (path = '', address = home) => {
  const page = await browser.open(`${account.issuer}${path}`, from(address));
  const step = stepOf(page);
  if (step !== undefined) expect(page.html).not.toContain('/portal/sign-out');
  return step;
};

describe('a demand that comes into force while somebody is signed in', () => {
  it.each([
    [
      'a second factor for everybody',
      () => prefer({ mfaOperationForLogin: 'mandatory' }),
      ['password', 'bind', 'recovery-codes'],
    ],
    ['an age that the password has passed', () => setPolicy({ maxPasswordAge: 30 }), ['password', 'reset']],
  ])('%s: is met before anything new is given, and then all goes on', async (_what, demand, steps) => {
    await age(31);
    const { tokens } = await app.signIn(browser, user);
    await demand();
    expect(await silently()).toBe('login_required');
    await expect(refresh(tokens)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await portal()).toBe('password');
    const done = await app.signIn(browser, { ...user, newPassword: newPassword() });
    expect([done.course.steps, done.claims.sub]).toEqual([steps, user.userId]);
    expect(await silently()).toBe('code');
    expect(await portal()).toBeUndefined();
    expect((await refresh(done.tokens)).access_token).toBeDefined();
  });

  it('a password that opens nothing past its age: neither does its session', async () => {
    const { tokens } = await app.signIn(browser, user);
    await setPolicy({ maxPasswordAge: 30, hardExpire: true });
    expect([await silently(), await portal()]).toEqual(['code', undefined]);
    const refreshed = { ...tokens, ...(await refresh(tokens)) };
    await age(31);
    expect([await silently(), await portal()]).toEqual(['login_required', 'password']);
    await expect(refresh(refreshed)).rejects.toMatchObject({ error: 'invalid_grant' });
    const page = await browser.open((await app.request()).url);
    expect((await browser.submit(page, { username: user.userName, password: user.password })).status).toBe(401);
  });

  it('a code that was given out before is not redeemed', async () => {
    const request = await app.request();
    const course = await walkThroughLogon(browser, await browser.open(request.url), user);
    await prefer({ mfaOperationForLogin: 'mandatory' });
    await expect(app.redeem(request, callbackOf(app, course.page))).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is no trouble for who meets it already, nor for anybody once it is withdrawn', async () => {
    const { tokens } = await app.signIn(browser, user);
    await prefer({ mfaOperationForLogin: 'mandatory' });
    await setPolicy({ maxPasswordAge: 30 });
    expect([await silently(), await portal()]).toEqual(['login_required', 'password']);
    await giveAuthenticatorApp(server, account, user);
    expect([await silently(), await portal()]).toEqual(['code', undefined]);
    await age(31);
    expect(await silently()).toBe('login_required');
    await setPolicy({ maxPasswordAge: 0 });
    expect([await silently(), await portal()]).toEqual(['code', undefined]);
    expect((await refresh(tokens)).access_token).toBeDefined();
  });

  it('is met after a passkey too: a new password is chosen once, and the app gets its answer', async () => {
    const passkey = createPasskeyProvider(server.origin);
    await givePasskey(server, account, user, passkey);
    await setPolicy({ maxPasswordAge: 30 });
    await age(31);
    const request = await app.request();
    const reset = await logOnWithPasskey(browser, await browser.open(request.url), passkey);
    expect(stepOf(reset)).toBe('reset');
    const course = await walkThroughLogon(browser, reset, { ...user, newPassword: newPassword() });
    expect(course.steps).toEqual(['reset']);
    expect((await app.redeem(request, callbackOf(app, course.page))).claims()?.sub).toBe(user.userId);
    expect([await silently(), await portal()]).toEqual(['code', undefined]);
  });

  it('is none of an access key’s: no page is opened with it', async () => {
    const made = (await account.manage(`POST /users/${user.userName}/access-keys`, {}))['accessKey'] as {
      id: string;
      secret: string;
    };
    await prefer({ mfaOperationForLogin: 'mandatory' });
    const token = await accessKeyToken(account.issuer, made);
    expect((await callApi(account.issuer, token, 'GET /me')).status).not.toBe(401);
  });
});

describe('the portal', () => {
  it('is closed to a session in a network that is not allowed any more, its forms too, and open where it is', async () => {
    await logOnToPortal(browser, account.issuer, user);
    const page = await browser.open(`${account.issuer}/portal/password`, from(home));
    const form = page.forms.find(({ action }) => action.endsWith('/portal/password'));
    if (form === undefined) throw new Error('there is no form');
    await prefer({ loginNetworkMasks: ['198.51.100.0/24'] });
    expect([await portal('', home), await portal('/portal/security', home)]).toEqual(['password', 'password']);
    const wish = newPassword();
    const fields = { old_password: user.password, new_password: wish, confirm_password: wish };
    expect(stepOf(await browser.submit(page, fields, { ...from(home), form }))).toBe('password');
    expect(await portal('', '198.51.100.7')).toBeUndefined();
    // The password is as it was.
    await prefer({ loginNetworkMasks: [] });
    const { steps, page: inside } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect([steps, inside.status]).toEqual([['password'], 200]);
  });
});
