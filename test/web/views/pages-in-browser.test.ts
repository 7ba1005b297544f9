import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../src/web/views/pages.ts';
import { describeWithChromium, launchChromium } from '../../support/chromium.ts';
import { polyglot, textPaths, withText } from '../../support/hostile-page.ts';
import { pageSamples } from '../../support/page-samples.ts';
import { type PageServer, startPageServer } from '../../support/page-server.ts';

type SampleKey = keyof typeof pageSamples;

const sampleKeys = Object.keys(pageSamples) as SampleKey[];
const hostile = Object.fromEntries(
  Object.entries(pageSamples).map(([key, page]): [string, Page] => [
    `hostile ${key}`,
    withText(page, textPaths(page), polyglot),
  ]),
);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const handoverScript = /\/handover\.[0-9a-f]+\.js$/;

// Each visits every page, on machines that may be busy.
const allPages = { timeout: 180_000 };

let server: PageServer;
let browser: Browser;
const opened: BrowserContext[] = [];

async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  opened.push(context);
  // This one takes the browser away at once; a test of its own lets it.
  await context.route(handoverScript, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  return context;
}

/** Heights, in CSS pixels, of all visible elements of these. */
const heights = (tab: Tab, selector: string): Promise<number[]> =>
  tab.evaluate<number[]>(
    `[...document.querySelectorAll('${selector}')].map(({ offsetHeight }) => offsetHeight).filter((height) => height > 0)`,
  );

const addressOf = (key: string) => `${server.origin}/page/${encodeURIComponent(key)}`;

async function openTab(key: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const tab = await (await openContext(options)).newPage();
  await tab.goto(addressOf(key));
  return tab;
}

/** Everything that a browser complains of: refused by policy, failed to load, thrown by a script. */
function complaints(tab: Tab): string[] {
  const seen: string[] = [];
  tab.on('console', (message) => seen.push(message.text()));
  tab.on('pageerror', (error) => seen.push(error.message));
  tab.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // What was still under way when the next page was opened.
    if (reason !== 'net::ERR_ABORTED') seen.push(`${reason}: ${request.url()}`);
  });
  tab.on('response', (response) => response.status() >= 400 && seen.push(`${response.status()}: ${response.url()}`));
  tab.on('request', (request) => request.url().startsWith(server.origin) || seen.push(`elsewhere: ${request.url()}`));
  return seen;
}

describeWithChromium('pages in a browser', () => {
  beforeAll(async () => {
    server = await startPageServer({
      ...pageSamples,
      ...hostile,
      'handover, here': { ...pageSamples.handover, action: '/callback' },
    });
    browser = await launchChromium();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((context) => context.close()));
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  describe('every page', () => {
    it('loads without a word from the browser, the policy being in force', allPages, async () => {
      const tab = await (await openContext()).newPage();
      const seen = complaints(tab);
      for (const key of sampleKeys) {
        const answer = await tab.goto(addressOf(key));
        expect(answer?.headers()['content-security-policy'], key).toContain("default-src 'none'");
        expect(seen, key).toEqual([]);
      }
    });

    it('keeps hostile text inert', allPages, async () => {
      const tab = await (await openContext()).newPage();
      const seen = complaints(tab);
      await tab.addInitScript({ content: 'globalThis.__run = () => { globalThis.__ran = true; };' });
      for (const key of Object.keys(hostile)) {
        await tab.goto(addressOf(key));
        expect(await tab.evaluate('typeof __run'), key).toBe('function');
        expect(await tab.evaluate('typeof __ran'), key).toBe('undefined');
        expect(await tab.locator('[onerror], [onload], [onfocus], a[x]').count(), key).toBe(0);
        expect(await tab.locator('[href*="javascript:" i], [action*="javascript:" i]').count(), key).toBe(0);
        const shown = tab.locator('[value*="onerror=__run()"], :text("onerror=__run()")');
        expect(await shown.count(), key).toBeGreaterThan(0);
        expect(seen, key).toEqual([]);
      }
    });

    it.each(['light', 'dark'] as const)(
      'has no fault that axe knows of, in the %s scheme',
      allPages,
      async (colorScheme) => {
        const context = await openContext({ colorScheme, reducedMotion: 'reduce' });
        await context.addInitScript(axe);
        const tab = await context.newPage();
        for (const key of sampleKeys) {
          await tab.goto(addressOf(key));
          // Preloading would fetch the style sheet by script, which the policy refuses.
          const { violations, incomplete, passes } = await tab.evaluate<AxeResults>('axe.run({ preload: false })');
          const unsure = incomplete.filter(({ id }) => id === 'color-contrast');
          const faults = [...violations, ...unsure].map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
          );
          expect(faults, key).toEqual([]);
          expect(passes.length, key).toBeGreaterThan(10);
        }
      },
    );

    it.each([
      ['a small phone', { viewport: { width: 320, height: 640 } }],
      ['a desktop at 200 % zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
    ])('fits %s, with targets that a thumb can hit', allPages, async (_device, options) => {
      const tab = await (await openContext(options)).newPage();
      for (const key of sampleKeys) {
        await tab.goto(addressOf(key));
        expect(
          await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          key,
        ).toBe(0);
        expect(Math.min(...(await heights(tab, '.primary, .secondary, input'))), key).toBeGreaterThanOrEqual(44);
        // Links within a sentence are exempt (WCAG 2.2, 2.5.8).
        expect(Math.min(...(await heights(tab, 'button, a.button, .after a, .apps a'))), key).toBeGreaterThanOrEqual(
          24,
        );
      }
    });
  });

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
      const tab = await openTab(key);
      expect(await tab.locator(':focus').getAttribute('id')).toBe(id);
    });

    it('does not start on a button that gives something away', async () => {
      const tab = await openTab('consent');
      expect(await tab.locator(':focus').count()).toBe(0);
    });
  });

  describe.each([true, false])('with script: %s', (javaScriptEnabled) => {
    it('a logon is sent as typed', async () => {
      const tab = await openTab('password', { javaScriptEnabled });
      await tab.fill('#username', 'alice');
      await tab.fill('#password', ' pass word ');
      await tab.click('#continue');
      await tab.waitForURL(addressOf('stale'));
      const { fields } = server.posted.at(-1) ?? {};
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
      const tab = await openTab('consent', { javaScriptEnabled });
      await tab.click(`#${id}`);
      await tab.waitForURL(addressOf('stale'));
      expect(server.posted.at(-1)?.fields.get('decision')).toBe(decision);
    });

    it('a pasted whole logon name is taken, without the alias standing there twice', async () => {
      const tab = await openTab('password', { javaScriptEnabled });
      await tab.fill('#username', 'alice@acme.logon.example');
      expect(await tab.locator('#username-suffix').isVisible()).toBe(false);
      await tab.fill('#password', 'secret');
      await tab.click('#continue');
      await tab.waitForURL(addressOf('stale'));
      expect(server.posted.at(-1)?.fields.get('username')).toBe('alice@acme.logon.example');
    });

    it('no control is offered that could not work', async () => {
      const tab = await openTab('reset, first', { javaScriptEnabled });
      expect(await tab.locator('[data-reveals]:visible').count()).toBe(javaScriptEnabled ? 2 : 0);
    });
  });

  describe('comforts', () => {
    it('show the password on demand, and hide it again before it is sent', async () => {
      const tab = await openTab('password, refused');
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
      const tab = await openTab('totp');
      const before = server.posted.length;
      await tab.fill('#code', '123456');
      await tab.evaluate(`for (let click = 0; click < 3; click += 1) document.querySelector('#continue').click()`);
      await tab.waitForURL(addressOf('stale'));
      expect(server.posted.length - before).toBe(1);
    });

    it('check the rules off as one types, and never for what only the server knows', async () => {
      const tab = await openTab('reset, first');
      const met = () => tab.evaluate<string[]>(`[...document.querySelectorAll('.rules .met')].map(({ id }) => id)`);
      expect(await met()).toEqual([]);
      await tab.fill('#new_password', 'Alice-2026');
      expect(await met()).toEqual(['rule-uppercase', 'rule-number']);
      await tab.fill('#new_password', 'Correct horse 42 battery');
      expect(await met()).toEqual(['rule-min-length', 'rule-uppercase', 'rule-number', 'rule-not-contain']);
      await tab.fill('#new_password', '');
      expect(await met()).toEqual([]);
    });

    it('say whether the two new passwords match, once they can', async () => {
      const tab = await openTab('reset, first');
      const hint = tab.locator('#confirm-hint');
      await tab.fill('#new_password', 'battery staple');
      await tab.fill('#confirm_password', 'battery');
      expect(await hint.textContent()).toBe('');
      await tab.fill('#confirm_password', 'battery stable');
      expect(await hint.textContent()).toBe('The two differ');
      await tab.fill('#confirm_password', 'battery staple');
      expect(await hint.textContent()).toBe('The two match');
    });

    it('copy the seed without its spaces, and the codes one to a line', async () => {
      const context = await openContext({ permissions: ['clipboard-read', 'clipboard-write'] });
      const tab = await context.newPage();
      const copied = () => tab.evaluate<string>('navigator.clipboard.readText()');
      await tab.goto(addressOf('bind'));
      await tab.getByRole('button', { name: 'Copy' }).click();
      await expect.poll(copied).toBe(pageSamples.bind.secret);
      await tab.goto(addressOf('recovery codes'));
      await tab.getByRole('button', { name: 'Copy all' }).click();
      await expect.poll(copied).toBe(pageSamples['recovery codes'].codes.join('\n'));
    });

    it('count down the time to wait', async () => {
      const tab = await (await openContext()).newPage();
      await tab.clock.install();
      await tab.goto(addressOf('password, locked, long names'));
      await tab.clock.runFor(15_000);
      expect(await tab.locator('[data-countdown]').textContent()).toBe('30 seconds');
      await tab.clock.runFor(31_000);
      expect(await tab.getByRole('alert').textContent()).toContain('You can try again now.');
    });

    it('hand over to an app without a click', async () => {
      const context = await openContext();
      await context.unroute(handoverScript);
      const tab = await context.newPage();
      await tab.goto(addressOf('handover, here'));
      await tab.waitForURL(addressOf('stale'));
      expect(Object.fromEntries(server.posted.at(-1)?.fields ?? [])).toEqual({ code: 'a1b2c3', state: 'd4e5f6' });
    });

    it('tell the last logon in the reader’s own time', async () => {
      const tab = await openTab('portal, apps', { timezoneId: 'Asia/Shanghai' });
      expect(await tab.locator('time').textContent()).toContain('2:19');
    });
  });
});
