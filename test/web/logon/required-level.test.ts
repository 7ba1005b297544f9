import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuthenticatorApp } from '../../support/authenticator-app.ts';
import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, type Person, stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import { createSecurityKey, type SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const [pwd, mfa, phr] = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'] as const;
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
});
beforeEach(async () => {
  account = await server.account();
  app = await connectRelyingParty(account, { application: { displayName: 'Payroll' } });
  return () => app.close();
});
afterAll(() => server.close());

const withApp = async (user: TestUser): Promise<TestUser & { authenticator: AuthenticatorApp }> => ({
  ...user,
  authenticator: await giveAuthenticatorApp(server, account, user),
});

async function withKey<User extends TestUser>(user: User): Promise<User & { passkey: SoftwareAuthenticator }> {
  const passkey = createSecurityKey(server.origin);
  await givePasskey(server, account, user, passkey);
  return { ...user, passkey };
}

/** A browser in which a user is signed in with the password alone. */
async function signedIn(user: TestUser) {
  const browser = createHttpBrowser();
  const { claims } = await app.signIn(browser, user);
  expect(claims['acr']).toBe(pwd);
  return { browser, claims };
}

async function errorOf(browser: HttpBrowser, person: Person, parameters: Record<string, string>, party = app) {
  const request = await party.request(parameters);
  const course = await walkThroughLogon(browser, await browser.open(request.url), person);
  const { searchParams } = callbackOf(party, course.page);
  expect(searchParams.has('code')).toBe(false);
  expect(searchParams.get('state')).toBe(request.checks.expectedState);
  return [course.steps, searchParams.get('error')];
}

const unmet = 'unmet_authentication_requirements';

describe('the level that an application requires', () => {
  const demand = (requiredAcr: string | null) =>
    account.manage(`PATCH /applications/${app.application.clientId}`, { requiredAcr });

  it('holds whatever the app asks for, and for no other app', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withApp(user);
    await demand(mfa);
    expect(await errorOf(browser, person, { prompt: 'none' })).toEqual([[], 'login_required']);
    const { course, claims } = await app.signIn(browser, person, essential(pwd));
    expect([course.steps, claims['acr']]).toEqual([['totp'], mfa]);
    await demand(phr);
    expect(await errorOf(browser, person, {})).toEqual([[], unmet]);
    const other = await connectRelyingParty(account);
    expect((await other.signIn(browser, person)).course.steps).toEqual([]);
    await other.close();
    await demand(null);
    expect((await app.signIn(browser, person)).course.steps).toEqual([]);
  });

  it('holds for a logon that began before it was set', async () => {
    const person = await withApp(await account.createUser({ resetRequired: false }));
    const keyed = await withKey(person);
    const browser = createHttpBrowser();
    const request = await app.request();
    const factor = await browser.submit(await browser.open(request.url), {
      username: keyed.userName,
      password: keyed.password,
    });
    expect(factor.html).toContain('factor=totp');
    await demand(phr);
    const page = await browser.submit(factor, { step: 'totp', code: await keyed.authenticator.nextCode() });
    expect(stepOf(page)).toBe('passkey-factor');
    const done = await browser.submit(page, { passkey_response: keyed.passkey.assert(passkeyOptionsOn(page)) });
    expect((await app.redeem(request, callbackOf(app, done))).claims()?.['acr']).toBe(phr);
  });

  it('holds for a logon that was just complete: no code comes of it, and what is missing is asked for', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    const request = await app.request();
    const isResume = ({ pathname }: URL) => /\/oauth2\/authorize\/./.test(pathname);
    const complete = await browser.submit(
      await browser.open(request.url),
      { username: user.userName, password: user.password },
      { stopAt: isResume },
    );
    const person = await withApp(user);
    await demand(mfa);
    const resumed = await browser.open(complete.leftFor ?? '');
    expect(stepOf(resumed)).toBe('totp');
    const done = await browser.submit(resumed, { code: await person.authenticator.nextCode() });
    expect((await app.redeem(request, callbackOf(app, done))).claims()).toMatchObject({ sub: user.userId, acr: mfa });
  });

  it('ends codes that were drawn below it', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const request = await app.request();
    const callback = callbackOf(app, await browser.open(request.url));
    await demand(mfa);
    await expect(app.redeem(request, callback)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a remembered device', () => {
  it('stands in for the second factor of an everyday logon, and for no level that an app asks for', async () => {
    await account.manage('PATCH /account/security-preferences', { enableSaveMFATicket: true });
    const person = await withApp(await account.createUser());
    const browser = createHttpBrowser();
    const factor = await browser.submit(await browser.open((await app.request()).url), {
      username: person.userName,
      password: person.password,
    });
    await browser.submit(factor, { code: await person.authenticator.nextCode(), remember_device: 'yes' });
    // The next day: the device is known, and nobody is signed in. Within one second two logons of one session are one, at its highest level.
    browser.cookies.remove(({ name }) => !name.endsWith('postern.device'));
    const everyday = await app.signIn(browser, person);
    expect([everyday.course.steps, everyday.claims['acr']]).toEqual([['password'], pwd]);
    const raised = await app.signIn(browser, person, essential(mfa));
    expect([raised.course.steps, raised.claims['acr']]).toEqual([['totp'], mfa]);
    const fresh = await browser.open((await app.request({ ...essential(mfa), prompt: 'login' })).url);
    const asked = await browser.submit(fresh, { username: person.userName, password: person.password });
    expect(stepOf(asked)).toBe('totp');
    const liked = await browser.open((await app.request({ acr_values: mfa, prompt: 'login' })).url);
    const wished = await browser.submit(liked, { username: person.userName, password: person.password });
    expect([stepOf(wished), wished.html.includes('id="decline"')]).toEqual(['totp', true]);
    const declined = await browser.submit(wished, {}, { button: 'decline' });
    expect(callbackOf(app, declined).searchParams.has('code')).toBe(true);
  });
});
