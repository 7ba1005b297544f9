import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWithChromium, launchChromium, openWindow, type Window } from '../support/chromium.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

/** The browser's own authenticator: what the user holds in their hand or has in their computer. */
interface VirtualAuthenticator {
  readonly credentialCount: () => Promise<number>;
  /** Whether somebody is there to touch it. */
  readonly attend: (isThere: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
}

async function addAuthenticator(page: Page, options: { readonly isPlatform: boolean }): Promise<VirtualAuthenticator> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: options.isPlatform ? 'internal' : 'usb',
      hasResidentKey: options.isPlatform,
      hasUserVerification: options.isPlatform,
      isUserVerified: options.isPlatform,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentialCount: async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    attend: async (enabled) => {
      await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    remove: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}

describeWithChromium('logging on with passkeys in chromium', () => {
  let server: TestServer;
  let account: TestAccount;
  let app: RelyingParty;
  let browser: Browser;
  const windows: Window[] = [];
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    app = await connectRelyingParty(account);
    browser = await launchChromium();
  });
  afterEach(async () => {
    const faults = windows.flatMap(({ faults: ofWindow }) => ofWindow);
    await Promise.all(windows.splice(0).map((window) => window.close()));
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([app.close(), browser.close()]);
    await server.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const window = await openWindow(browser, options);
    windows.push(window);
    return window.page;
  }

  async function enterPassword(page: Page, { userName, password }: TestUser): Promise<void> {
    await page.fill('#username', userName);
    await page.fill('#password', password);
    await Promise.all([page.waitForEvent('load'), page.click('#continue')]);
  }

  /** Binds a passkey or security key in place of the app that is asked for. */
  async function bind(page: Page, user: TestUser, name: string): Promise<void> {
    await page.goto((await app.request()).url.href);
    await enterPassword(page, user);
    await page.click('text=passkey or security key instead');
    await fits(page);
    await page.fill('#name', name);
    await page.click('#passkey');
    await page.waitForSelector('#recovery-codes');
    await page.click('#continue');
    await page.waitForURL(/\/callback/);
  }

  const signOut = async (page: Page) => {
    await page.context().clearCookies();
  };

  const claimsAfter = async (page: Page, start: () => Promise<void>, parameters: Record<string, string> = {}) => {
    const request = await app.request(parameters);
    await page.goto(request.url.href);
    await start();
    await page.waitForURL(/\/callback/);
    const tokens = await app.redeem(request, new URL(page.url()));
    return tokens.claims();
  };

  it('a passkey is bound, completes a logon by the button, and stands beside the password', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const page = await open();
    const authenticator = await addAuthenticator(page, { isPlatform: true });
    await bind(page, user, 'This computer');
    expect(await authenticator.credentialCount()).toBe(1);
    const devices = (await account.manage(`GET /users/${user.userName}/mfa-devices`))['items'];
    expect(devices).toMatchObject([{ type: 'passkey', name: 'This computer' }]);

    await signOut(page);
    await authenticator.attend(false);
    const alone = await claimsAfter(page, async () => {
      expect(await page.isVisible('#passkey')).toBe(true);
      await fits(page);
      await authenticator.attend(true);
      await page.click('#passkey');
    });
    expect(alone).toMatchObject({ sub: user.userId, acr: 'urn:postern:acr:phr' });
    expect(alone?.['amr']).toContain('user');

    await signOut(page);
    await authenticator.attend(false);
    const beside = await claimsAfter(page, async () => {
      await enterPassword(page, user);
      await fits(page);
      expect(await page.textContent('.keys')).toContain('This computer');
      await authenticator.attend(true);
      await page.click('#passkey');
    });
    expect(beside).toMatchObject({ sub: user.userId, acr: 'urn:postern:acr:phr' });
    expect(beside?.['amr']).toContain('pwd');
  }, 60_000);

  it('a passkey is offered among what the browser fills in, without a button', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const page = await open();
    await addAuthenticator(page, { isPlatform: true });
    await bind(page, user, '');
    await signOut(page);
    const claims = await claimsAfter(page, () => Promise.resolve());
    expect(claims).toMatchObject({ sub: user.userId, acr: 'urn:postern:acr:phr' });
  }, 60_000);

  it('a security key is a second factor, and a request for a passkey that waits is in nobody’s way', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const page = await open();
    const key = await addAuthenticator(page, { isPlatform: false });
    await bind(page, user, 'Key ring');
    const devices = (await account.manage(`GET /users/${user.userName}/mfa-devices`))['items'];
    expect(devices).toMatchObject([{ type: 'security-key', name: 'Key ring' }]);

    await signOut(page);
    await key.attend(false);
    const claims = await claimsAfter(page, async () => {
      // The browser waits for a passkey that nobody has; a password sent meanwhile ends that.
      await page.click('#passkey');
      expect(await page.getAttribute('#passkey', 'aria-busy')).toBe('true');
      await enterPassword(page, user);
      await key.attend(true);
      await page.click('#passkey');
    });
    expect(claims).toMatchObject({ amr: ['pwd', 'hwk', 'mfa'] });
  }, 60_000);

  it('an authenticator that is not there, or not the right one, leaves the page as it was', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const page = await open();
    const key = await addAuthenticator(page, { isPlatform: false });
    await bind(page, user, '');
    await signOut(page);
    await key.remove();
    const other = await addAuthenticator(page, { isPlatform: false });
    expect(await other.credentialCount()).toBe(0);
    await page.goto((await app.request()).url.href);
    await enterPassword(page, user);
    await page.click('#passkey');
    await expect.poll(() => page.textContent('#passkey-status')).toContain('Try again');
    expect(await page.isEnabled('#passkey')).toBe(true);
    expect(await page.getAttribute('#passkey', 'aria-busy')).toBeNull();
    await page.click('text=recovery code');
    expect(await page.locator('#recovery_code').count()).toBe(1);
  }, 60_000);

  it('without script the password page is as it was, and the others say what to do', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const bound = await open();
    await addAuthenticator(bound, { isPlatform: true });
    await bind(bound, user, '');
    const page = await open({ javaScriptEnabled: false });
    await page.goto((await app.request()).url.href);
    expect(await page.isVisible('#passkey')).toBe(false);
    expect(await page.textContent('main')).not.toContain('JavaScript');
    await enterPassword(page, user);
    expect(await page.isVisible('#passkey')).toBe(false);
    expect(await page.textContent('main')).toContain('Passkeys need JavaScript');
    await fits(page);
    await page.click('text=recovery code');
    await fits(page);
    expect(await page.locator('#recovery_code').count()).toBe(1);

    const unbound = await account.createUser({ mfaRequired: true });
    await page.goto((await app.request()).url.href);
    await enterPassword(page, unbound);
    await page.click('text=passkey or security key instead');
    expect(await page.textContent('main')).toContain('Passkeys need JavaScript');
    await page.click('text=authenticator app instead');
    expect(await page.locator('#totp-secret').count()).toBe(1);
  }, 60_000);
});

/** WCAG 2.2, 1.4.10: nothing at this width needs scrolling sideways. */
async function fits(page: Page): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
}
