import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeWithChromium } from '../../support/chromium.ts';
import {
  closeContexts,
  closePageBrowser,
  handoverScript,
  openContext,
  openPage,
  type PageBrowser,
  pageAddress,
  startPageBrowser,
} from '../../support/page-browser.ts';
import { pageSamples } from '../../support/page-samples.ts';

let around: PageBrowser;

describeWithChromium('forms in a browser', () => {
  beforeAll(async () => {
    around = await startPageBrowser({
      ...pageSamples,
      'handover, here': { ...pageSamples.handover, action: '/callback' },
    });
  });

  afterEach(() => closeContexts(around));

  afterAll(() => closePageBrowser(around));

  describe('focus', () => {
    it.each([
      ['general', 'username'],
      ['password', 'username'],
      ['password, refused', 'password'],
      ['totp, refused', 'code'],
      ['recovery', 'recovery_code'],
      ['reset, expired, refused', 'new_password'],
      ['bind', 'code'],
    ] as const)('of "%s" starts in #%s', async (key, id) => {
      const tab = await openPage(around, key);
      expect(await tab.locator(':focus').getAttribute('id')).toBe(id);
    });

    it('does not start on a button that gives something away', async () => {
      const tab = await openPage(around, 'consent');
      expect(await tab.locator(':focus').count()).toBe(0);
    });
  });

  describe.each([true, false])('with script: %s', (javaScriptEnabled) => {
    it('a logon is sent as typed', async () => {
      const tab = await openPage(around, 'password', { javaScriptEnabled });
      await tab.fill('#username', 'alice');
      await tab.fill('#password', ' pass word ');
      await tab.click('#continue');
      await tab.waitForURL(pageAddress(around, 'stale'));
      const { fields } = around.server.posted.at(-1) ?? {};
      expect(Object.fromEntries(fields ?? [])).toEqual({
        step: 'password',
        csrf: pageSamples.password.csrf,
        // The script adds the alias: all accounts share an origin, and password managers keep what is sent.
        username: javaScriptEnabled ? 'alice@acme' : 'alice',
        password: ' pass word ',
      });
    });

    it.each([
      ['approve', 'approve'],
      ['deny', 'deny'],
    ])('consent is sent as %s', async (id, decision) => {
      const tab = await openPage(around, 'consent', { javaScriptEnabled });
      await tab.click(`#${id}`);
      await tab.waitForURL(pageAddress(around, 'stale'));
      expect(around.server.posted.at(-1)?.fields.get('decision')).toBe(decision);
    });

    it('a pasted whole logon name is taken, without the alias standing there twice', async () => {
      const tab = await openPage(around, 'password', { javaScriptEnabled });
      await tab.fill('#username', 'alice@acme.logon.example');
      expect(await tab.locator('#username-suffix').isVisible()).toBe(false);
      await tab.fill('#password', 'secret');
      await tab.click('#continue');
      await tab.waitForURL(pageAddress(around, 'stale'));
      expect(around.server.posted.at(-1)?.fields.get('username')).toBe('alice@acme.logon.example');
    });

    it('the page can be had in another language', async () => {
      const tab = await openPage(around, 'totp', { javaScriptEnabled });
      await tab.click('.languages summary');
      await tab.click('.languages [lang=ar]');
      await tab.waitForURL(pageAddress(around, 'totp', { lang: 'ar' }));
      expect(await tab.locator('html').getAttribute('dir')).toBe('rtl');
      expect(await tab.locator('.languages summary').textContent()).toContain('العربية');
    });

    it('no control is offered that could not work', async () => {
      const tab = await openPage(around, 'reset, first', { javaScriptEnabled });
      expect(await tab.locator('[data-reveals]:visible').count()).toBe(javaScriptEnabled ? 2 : 0);
    });
  });

  describe('comforts', () => {
    it('show the password on demand, and hide it again before it is sent', async () => {
      const tab = await openPage(around, 'password, refused');
      const password = tab.locator('#password');
      await password.fill('secret');
      await tab.getByRole('button', { name: 'Show password' }).click();
      expect(await password.getAttribute('type')).toBe('text');
      expect(await tab.locator(':focus').getAttribute('id')).toBe('password');
      await tab.evaluate(
        `document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())`,
      );
      await tab.click('#continue');
      expect(await password.getAttribute('type')).toBe('password');
      expect(await tab.getByRole('button', { name: 'Show password' }).isVisible()).toBe(true);
    });

    it('send a form once, however often it is clicked', async () => {
      const tab = await openPage(around, 'totp');
      const before = around.server.posted.length;
      await tab.fill('#code', '123456');
      await tab.evaluate(`for (let click = 0; click < 3; click += 1) document.querySelector('#continue').click()`);
      await tab.waitForURL(pageAddress(around, 'stale'));
      expect(around.server.posted.length - before).toBe(1);
    });

    it('check the rules off as one types, and never for what only the server knows', async () => {
      const tab = await openPage(around, 'reset, first');
      const met = () => tab.evaluate<string[]>(`[...document.querySelectorAll('.rules .met')].map(({ id }) => id)`);
      expect(await met()).toEqual([]);
      await tab.fill('#new_password', 'Alice-2026');
      expect(await met()).toEqual(['rule-no-uppercase', 'rule-no-number']);
      await tab.fill('#new_password', 'Correct horse 42 battery');
      expect(await met()).toEqual([
        ...['rule-too-short', 'rule-no-uppercase', 'rule-no-number', 'rule-contains-user-name'],
      ]);
      // Eleven letters, however many keys it took.
      await tab.fill('#new_password', 'e\u0301'.repeat(11));
      expect(await met()).toEqual(['rule-contains-user-name']);
      await tab.fill('#new_password', '');
      expect(await met()).toEqual([]);
    });

    it('say whether the two new passwords match, once they can', async () => {
      const tab = await openPage(around, 'reset, first');
      const hint = tab.locator('#confirm-hint');
      await tab.fill('#new_password', 'battery staple');
      await tab.fill('#confirm_password', 'battery');
      expect(await hint.textContent()).toBe('');
      await tab.fill('#confirm_password', 'battery stable');
      expect(await hint.textContent()).toBe('The two entries differ.');
      await tab.fill('#confirm_password', 'battery staple');
      expect(await hint.textContent()).toBe('The two entries match');
    });

    it('copy the seed without its spaces, and the codes one to a line', async () => {
      const context = await openContext(around, { permissions: ['clipboard-read', 'clipboard-write'] });
      const tab = await context.newPage();
      const copied = () => tab.evaluate<string>('navigator.clipboard.readText()');
      await tab.goto(pageAddress(around, 'bind'));
      await tab.getByRole('button', { name: 'Copy' }).click();
      await expect.poll(copied).toBe(pageSamples.bind.secret);
      await tab.goto(pageAddress(around, 'recovery codes'));
      await tab.getByRole('button', { name: 'Copy all' }).click();
      await expect.poll(copied).toBe(pageSamples['recovery codes'].codes.join('\n'));
    });

    it('count down the time to wait', async () => {
      const tab = await (await openContext(around)).newPage();
      await tab.clock.install();
      await tab.goto(pageAddress(around, 'password, locked, long names'));
      await tab.clock.runFor(15_000);
      expect(await tab.locator('[data-countdown]').textContent()).toBe('30 seconds');
      await tab.clock.runFor(31_000);
      expect(await tab.getByRole('alert').textContent()).toContain('You can try again now.');
    });

    it('hand over to an app without a click', async () => {
      const context = await openContext(around);
      await context.unroute(handoverScript);
      const tab = await context.newPage();
      await tab.goto(pageAddress(around, 'handover, here'));
      await tab.waitForURL(pageAddress(around, 'stale'));
      expect(Object.fromEntries(around.server.posted.at(-1)?.fields ?? [])).toEqual({
        code: 'a1b2c3',
        state: 'd4e5f6',
      });
    });

    it('tell the last logon in the reader’s own time', async () => {
      const tab = await openPage(around, 'portal, apps', { timezoneId: 'Asia/Shanghai' });
      expect((await tab.locator('time').allTextContents()).join()).toContain('2:19');
    });
  });
});
