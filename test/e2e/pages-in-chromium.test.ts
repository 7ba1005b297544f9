import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AuthenticatorApp, createAuthenticatorApp } from '../support/authenticator-app.ts';
import { describeWithChromium, launchChromium, openWindow, type Window } from '../support/chromium.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { newPassword, type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

describeWithChromium('the pages in chromium', () => {
  let server: TestServer;
  let account: TestAccount;
  let browser: Browser;
  let app: RelyingParty;
  let thirdParty: RelyingParty;
  const windows: Window[] = [];
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded', settings: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' } });
    account = await server.account();
    browser = await launchChromium();
    app = await connectRelyingParty(account);
    thirdParty = await connectRelyingParty(account, {
      application: { firstParty: false, displayName: 'Field Reports' },
    });
  });
  afterEach(async () => {
    const faults = windows.flatMap(({ faults: ofWindow }) => ofWindow);
    await Promise.all(windows.splice(0).map((window) => window.close()));
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([app.close(), thirdParty.close(), browser.close()]);
    await server.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const window = await openWindow(browser, options);
    windows.push(window);
    return window.page;
  }

  describe.each([
    ['with script', true],
    ['without script', false],
  ])('%s', (_how, javaScriptEnabled) => {
    const openNarrow = () => open({ javaScriptEnabled });

    it('a new user goes the whole way: general page, wrong password, reset, app, recovery codes, portal, sign-out', async () => {
      const user = await account.createUser({ resetRequired: true, mfaRequired: true });
      const chosen = newPassword();
      const page = await openNarrow();
      await page.goto(`${server.origin}/`);
      await fits(page);
      await fill(page, { username: `${user.userName}@${account.alias}` });
      expect(new URL(page.url()).pathname).toMatch(new RegExp(`^/${account.alias}/logon/`));
      expect(await page.inputValue('#username')).toBe(user.userName);

      await fill(page, { password: 'not-the-password' });
      expect(await page.textContent('#error')).toContain('not right');
      await fits(page);
      await fill(page, { username: user.userName, password: user.password });

      await fits(page);
      await fill(page, { new_password: 'short', confirm_password: 'short' });
      expect(await page.locator('#new_password').count()).toBe(1);
      await fill(page, { new_password: chosen, confirm_password: chosen });

      await fits(page);
      const authenticator = await bindShownSecret(page);
      await fits(page);
      const codes = await page.locator('#recovery-codes code').allTextContents();
      expect(codes.length).toBe(10);
      await page.click('#continue');

      await page.waitForURL(`${account.issuer}/portal`);
      expect(await page.textContent('h1')).toContain(user.userName);
      await fits(page);
      await page.click('#sign-out');
      await page.waitForURL(/signed-out$/);
      expect(await page.textContent('h1')).toBe('You are signed out');
      await fits(page);

      await signInAgain(page, { ...user, password: chosen }, authenticator, codes[0] ?? '');
    }, 90_000);

    it('an app asks for consent, is denied and allowed, and an app that leads on to another origin arrives there', async () => {
      const user = await account.createUser();
      const page = await openNarrow();
      await page.goto((await thirdParty.request({ scope: 'openid profile email' })).url.href);
      await fill(page, { username: user.userName, password: user.password });
      expect(await page.textContent('h1')).toContain('Field Reports');
      await fits(page);
      await page.click('#deny');
      await page.waitForURL(/error=access_denied/);

      await page.goto((await thirdParty.request({ scope: 'openid profile email' })).url.href);
      const elsewhere = app.server.origin.replace('127.0.0.1', 'localhost');
      thirdParty.server.redirectCallbackTo(`${elsewhere}/welcome`);
      await page.click('#approve');
      await page.waitForURL(`${elsewhere}/welcome`);
      expect(await page.textContent('#app')).toBe('This is the app');
      thirdParty.server.redirectCallbackTo(undefined);

      const direct = await openNarrow();
      app.server.redirectCallbackTo(`${thirdParty.server.origin.replace('127.0.0.1', 'localhost')}/welcome`);
      await direct.goto((await app.request()).url.href);
      await fill(direct, { username: user.userName, password: user.password });
      await direct.waitForURL(/\/welcome$/);
      app.server.redirectCallbackTo(undefined);
    });

    it('sign-out asked for by an app: the question, staying, leaving', async () => {
      const user = await account.createUser();
      const page = await openNarrow();
      await page.goto((await app.request()).url.href);
      await fill(page, { username: user.userName, password: user.password });
      await page.waitForURL(/\/callback/);
      const parameters = new URLSearchParams({
        client_id: app.application.clientId,
        post_logout_redirect_uri: app.server.signedOutUri,
      });
      const address = `${account.issuer}/oauth2/logout?${parameters.toString()}`;
      await page.goto(address);
      await fits(page);
      await page.click('#stay');
      await page.waitForURL(app.server.signedOutUri);
      await page.goto(address);
      await page.click('#continue');
      await page.waitForURL(app.server.signedOutUri);
      await page.goto(account.issuer);
      expect(await page.locator('#password').count()).toBe(1);

      // Nobody is signed in any more: the engine's way back to the app is a form, which sends itself where script runs.
      await page.goto(address);
      if (!javaScriptEnabled) await page.click('#continue');
      await page.waitForURL(app.server.signedOutUri);
    });

    it('a page that is out of date says so and leads back to the app', async () => {
      const user = await account.createUser();
      const page = await openNarrow();
      await page.goto((await app.request()).url.href);
      const stale = page.url();
      await fill(page, { username: user.userName, password: user.password });
      await page.waitForURL(/\/callback/);
      const answer = await page.goto(stale);
      expect(answer?.status()).toBe(410);
      expect(await page.textContent('main')).toContain(app.application.displayName);
      await fits(page);
      await page.click('#continue');
      await page.waitForURL(`${app.server.origin}/`);
    });

    it('what a policy forbids is noticed by these tests', async () => {
      const page = await open({ javaScriptEnabled: true });
      await page.goto(`${server.origin}/`);
      await page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:1/x.png' }))",
      );
      await expect.poll(() => windows.at(-1)?.faults.length).toBeGreaterThan(0);
      const window = windows.pop();
      expect(window?.faults.join()).toContain('Content Security Policy');
      await window?.close();
    });

    it.each([
      ['an address that leads nowhere', () => `${server.origin}/nowhere-at-all/x`, 404],
      ['an unknown account', () => `${server.origin}/no-such-account`, 404],
      [
        'an unknown app',
        () => `${account.issuer}/oauth2/authorize?client_id=app_00000000000000000000&response_type=code&scope=openid`,
        400,
      ],
    ])('%s gets a page that says so', async (_what, address, status) => {
      const page = await openNarrow();
      const answer = await page.goto(address());
      expect(answer?.status()).toBe(status);
      expect(await page.locator('h1').count()).toBe(1);
      await fits(page);
    });
  });

  async function signInAgain(
    page: Page,
    user: { readonly userName: string; readonly password: string },
    authenticator: AuthenticatorApp,
    recoveryCode: string,
  ): Promise<void> {
    await page.goto(account.issuer);
    await fill(page, { username: user.userName, password: user.password });
    await fits(page);
    await fill(page, { code: authenticator.lastCode() });
    expect(await page.textContent('#error')).toContain('used already');
    await fill(page, { code: await authenticator.nextCode() });
    await page.waitForURL(`${account.issuer}/portal`);
    await page.click('#sign-out');
    await page.waitForURL(/signed-out$/);

    await page.goto(account.issuer);
    await fill(page, { username: user.userName, password: user.password });
    await page.click('text=recovery code');
    await fits(page);
    await fill(page, { recovery_code: recoveryCode });
    await page.waitForURL(`${account.issuer}/portal`);
  }
});

/** Types into fields by their names and sends the form. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
  await Promise.all([page.waitForEvent('load'), page.click('#continue')]);
}

async function bindShownSecret(page: Page): Promise<AuthenticatorApp> {
  const secret = ((await page.textContent('#totp-secret')) ?? '').replace(/\s/g, '');
  expect(await page.locator('svg.qr path').count()).toBe(1);
  const authenticator = createAuthenticatorApp(secret);
  await fill(page, { code: await authenticator.nextCode() });
  return authenticator;
}

/** WCAG 2.2, 1.4.10: nothing at this width needs scrolling sideways. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
}
