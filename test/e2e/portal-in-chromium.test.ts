import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeWithChromium, launchChromium, openWindow, type Window } from '../support/chromium.ts';
import { openPortal } from '../support/portal-driver.ts';
import { newPassword, type TestAccount, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { addVirtualAuthenticator } from '../support/virtual-authenticator.ts';

describeWithChromium('the portal in chromium', () => {
  let server: TestServer;
  let account: TestAccount;
  let browser: Browser;
  const windows: Window[] = [];
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    browser = await launchChromium();
  });
  afterEach(async () => {
    const faults = windows.flatMap(({ faults: ofWindow }) => ofWindow);
    await Promise.all(windows.splice(0).map((window) => window.close()));
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const press = (page: Page, selector: string) => Promise.all([page.waitForEvent('load'), page.click(selector)]);
  const heading = (page: Page) => page.locator('h1').textContent();
  const names = (page: Page) => page.locator('.rows .name[dir=auto]').allTextContents();

  async function logOn(user: TestUser, path = '', options: BrowserContextOptions = {}): Promise<Page> {
    const window = await openWindow(browser, options);
    windows.push(window);
    const { page } = window;
    await page.goto(`${account.issuer}/portal${path}`);
    await page.fill('#username', user.userName);
    await page.fill('#password', user.password);
    await press(page, '#continue');
    return page;
  }

  it('sets up a passkey, uses it to set up a security key, and removes it with itself', async () => {
    const user = await account.createUser();
    const page = await logOn(user);
    const computer = await addVirtualAuthenticator(page, 'internal');
    await press(page, 'text=Set up a passkey');
    await page.fill('#name', 'Computer');
    await page.fill('#password', user.password);
    await press(page, '#passkey');
    expect(await heading(page)).toBe('Your new recovery codes');
    expect(await page.locator('#recovery-codes li').count()).toBe(10);
    await press(page, '#continue');
    expect(await names(page)).toEqual(['Computer']);

    await press(page, '#add-passkey');
    await press(page, '#passkey');
    await computer.remove();
    const key = await addVirtualAuthenticator(page, 'usb');
    await page.fill('#name', 'Key ring');
    await press(page, '#passkey');
    expect(await page.locator('#notice').textContent()).toContain('Added.');
    expect(await names(page)).toEqual(['Computer', 'Key ring']);

    await page.locator('text=Remove').first().click();
    expect(await heading(page)).toBe('Remove “Computer”?');
    await press(page, '#passkey');
    expect(await heading(page)).toBe('It is removed');
    await key.remove();
  });

  it('has no passkey made before the rest of its form is filled in', async () => {
    const { authenticator, ...user } = await openPortal(account, { mfaRequired: true });
    const page = await logOn(user);
    await page.fill('#code', (await authenticator?.nextCode()) ?? '');
    await press(page, '#continue');
    const key = await addVirtualAuthenticator(page, 'usb');
    await page.goto(`${account.issuer}/portal/security/passkey?by=password`);
    await page.click('#passkey');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('password');
    expect(await key.credentialCount()).toBe(0);
    await page.fill('#password', user.password);
    await press(page, '#passkey');
    expect(await page.locator('#notice').textContent()).toContain('Added.');
    expect(await key.credentialCount()).toBe(1);
  });

  it('is worked by keyboard alone: past the navigation, into a row, and out', async () => {
    const user = await account.createUser();
    const page = await logOn(user, '/password');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('skip');
    expect(await page.locator('.skip').boundingBox()).toMatchObject({ x: 8 });
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('old_password');
    const next = newPassword();
    await page.keyboard.type(user.password);
    await page.focus('#new_password');
    await page.keyboard.type(next);
    expect(await page.locator('#rules .met').count()).toBeGreaterThan(0);
    await page.focus('#confirm_password');
    await page.keyboard.type(next);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    expect(await heading(page)).toBe('Your password is changed');
  });

  it('works without script, and says what needs it', async () => {
    await account.manage('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });
    const user = await account.createUser();
    const page = await logOn(user, '/access-keys', { javaScriptEnabled: false });
    await press(page, '#create-key');
    const id = await page.locator('#access-key-id').textContent();
    await page.click('summary:has-text("Delete")');
    await press(page, 'text=Delete it for good');
    expect(await page.locator('#notice').textContent()).toContain('is deleted');
    expect(await page.content()).not.toContain(id);
    await page.goto(`${account.issuer}/portal/security/passkey`);
    expect(await page.locator('body').innerText()).toContain('Passkeys need JavaScript');
  });
});
