import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveAuthenticatorApp } from '../support/factors.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, obtainCode } from './support/code-flow.ts';
import { holdRequest } from './support/raw-http.ts';

describe('session fixation and swap', () => {
  let server: TestServer;
  let account: TestAccount;
  let alice: TestUser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    alice = await account.createUser();
  });
  afterAll(() => server.close());

  const sessionCookie = (browser: HttpBrowser) =>
    browser.cookies.all().find(({ name }) => name === 'postern.session')?.value;
  const cookieHeader = (browser: HttpBrowser) => browser.cookies.headerFor(new URL(`${account.issuer}/portal`));
  const portalOf = async (browser: HttpBrowser) => await browser.open(account.issuer);
  const isSignedIn = async (browser: HttpBrowser) => (await portalOf(browser)).html.includes('sign-out');

  /** A browser with a session that nobody is signed in to; its cookie may be planted in another browser. */
  const anonymousBrowser = async () => {
    const browser = createHttpBrowser();
    await browser.open(`${account.issuer}/oauth2/logout`, { stopAt: () => true });
    expect(sessionCookie(browser)).toBeDefined();
    return browser;
  };

  it('a cookie known before the logon is worth nothing after it', async () => {
    const attacker = await anonymousBrowser();
    const victim = createHttpBrowser(attacker.cookies.copy());
    const planted = sessionCookie(victim);
    await logOnToPortal(victim, account.issuer, alice);
    expect(await isSignedIn(victim)).toBe(true);
    expect(sessionCookie(victim)).not.toBe(planted);
    expect(await isSignedIn(attacker)).toBe(false);
  });

  it('a request in flight with the planted cookie does not carry it over the logon', async () => {
    const attacker = await anonymousBrowser();
    const planted = attacker.cookies.copy();
    const victim = createHttpBrowser(attacker.cookies.copy());
    const held = await holdRequest(
      `${account.issuer}/oauth2/logout/confirm`,
      { cookie: cookieHeader(attacker) },
      'xsrf=x',
    );
    await logOnToPortal(victim, account.issuer, alice);
    await held.finish();
    expect(await isSignedIn(victim)).toBe(true);
    expect(await isSignedIn(createHttpBrowser(planted))).toBe(false);
  });

  it('a request in flight from before a second authentication does not keep the old cookie alive', async () => {
    const victim = createHttpBrowser();
    await logOnToPortal(victim, account.issuer, alice);
    const stolen = victim.cookies.copy();
    const held = await holdRequest(
      `${account.issuer}/oauth2/logout/confirm`,
      { cookie: cookieHeader(victim) },
      'xsrf=x',
    );
    const application = await account.createApplication();
    // A second later, for authentication times are in seconds.
    const loggedOnAt = Math.floor(Date.now() / 1000);
    await expect.poll(() => Math.floor(Date.now() / 1000), { timeout: 5000 }).toBeGreaterThan(loggedOnAt);
    await obtainCode(account.issuer, application, alice, { browser: victim, parameters: { prompt: 'login' } });
    await held.finish();
    expect(await isSignedIn(victim)).toBe(true);
    expect(await isSignedIn(createHttpBrowser(stolen))).toBe(false);
  });

  it('a request in flight from before a step-up does not keep the old cookie alive', async () => {
    const victim = createHttpBrowser();
    const bob = await account.createUser();
    await logOnToPortal(victim, account.issuer, bob);
    const stolen = victim.cookies.copy();
    const held = await holdRequest(
      `${account.issuer}/oauth2/logout/confirm`,
      { cookie: cookieHeader(victim) },
      'xsrf=x',
    );
    const authenticator = await giveAuthenticatorApp(server, account, bob);
    const application = await account.createApplication({ requiredAcr: 'urn:postern:acr:mfa' });
    const before = sessionCookie(victim);
    await obtainCode(account.issuer, application, { ...bob, authenticator }, { browser: victim });
    expect(sessionCookie(victim)).not.toBe(before);
    await held.finish();
    expect(await isSignedIn(victim)).toBe(true);
    expect(await isSignedIn(createHttpBrowser(stolen))).toBe(false);
  });

  it('authenticating again gives a new cookie and ends the old one', async () => {
    const victim = createHttpBrowser();
    await logOnToPortal(victim, account.issuer, alice);
    const stolen = victim.cookies.copy();
    const before = sessionCookie(victim);
    const application = await account.createApplication();
    await obtainCode(account.issuer, application, alice, { browser: victim, parameters: { prompt: 'login' } });
    expect(sessionCookie(victim)).not.toBe(before);
    expect(await isSignedIn(createHttpBrowser(stolen))).toBe(false);
  });

  it('half a logon signs nobody in', async () => {
    const bob = await account.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const first = await portalOf(browser);
    const bind = await browser.submit(first, { username: bob.userName, password: bob.password });
    expect(stepOf(bind)).toBe('bind');
    expect(sessionCookie(browser)).toBeUndefined();
    expect(stepOf(await portalOf(browser))).toBe('password');
  });

  it('a re-authentication that is given up leaves the session as it was', async () => {
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, alice);
    const application = await account.createApplication();
    const again = await browser.open(authorizationUrl(account.issuer, application.clientId, { prompt: 'login' }));
    expect(stepOf(again)).toBe('password');
    const resumed = await browser.open(`${account.issuer}/oauth2/authorize/${again.url.pathname.split('/').at(-1)}`);
    expect(resumed.leftFor).toBeUndefined();
    expect(stepOf(resumed)).toBe('password');
    expect((await portalOf(browser)).html).toContain(`${alice.userName}@`);
  });

  it('another user who signs in in the same browser gets a session of their own, and the first one ends', async () => {
    const bob = await account.createUser();
    const application = await account.createApplication();
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, alice);
    const ofAlice = browser.cookies.copy();
    const address = authorizationUrl(account.issuer, application.clientId, { prompt: 'login' });
    let { page } = await walkThroughLogon(browser, await browser.open(address), bob);
    // The engine's page that changes the user submits itself; it has a button where there is no script.
    for (let hops = 0; page.leftFor === undefined && page.forms.length > 0 && hops < 3; hops += 1)
      page = await browser.submit(page, {});
    expect(page.leftFor?.searchParams.get('code')).toBeTruthy();
    const portal = await portalOf(browser);
    expect(portal.html).toContain(`${bob.userName}@`);
    expect(portal.html).not.toContain(`${alice.userName}@`);
    expect(await isSignedIn(createHttpBrowser(ofAlice))).toBe(false);
  });
});
