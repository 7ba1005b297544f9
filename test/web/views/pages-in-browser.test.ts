import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Page } from '../../../src/web/views/pages.ts';
import { describeWithChromium } from '../../support/chromium.ts';
import { polyglot, textPaths, withText } from '../../support/hostile-page.ts';
import {
  closeContexts,
  closePageBrowser,
  openContext,
  type PageBrowser,
  pageAddress,
  startPageBrowser,
} from '../../support/page-browser.ts';
import { pageSamples } from '../../support/page-samples.ts';

type SampleKey = keyof typeof pageSamples;

const sampleKeys = Object.keys(pageSamples) as SampleKey[];
const hostile = Object.fromEntries(
  Object.entries(pageSamples).map(([key, page]): [string, Page] => [
    `hostile ${key}`,
    withText(page, textPaths(page), polyglot),
  ]),
);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Each visits every page, on machines that may be busy.
const allPages = { timeout: 180_000 };

let around: PageBrowser;

/** Heights, in CSS pixels, of all visible elements of these. */
const heights = (tab: Tab, selector: string): Promise<number[]> =>
  tab.evaluate<number[]>(
    `[...document.querySelectorAll('${selector}')].map(({ offsetHeight }) => offsetHeight).filter((height) => height > 0)`,
  );

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
  tab.on(
    'request',
    (request) => request.url().startsWith(around.server.origin) || seen.push(`elsewhere: ${request.url()}`),
  );
  return seen;
}

describeWithChromium('every page in a browser', () => {
  beforeAll(async () => {
    around = await startPageBrowser({ ...pageSamples, ...hostile });
  });

  afterEach(() => closeContexts(around));

  afterAll(() => closePageBrowser(around));

  it('loads without a word from the browser, the policy being in force', allPages, async () => {
    const tab = await (await openContext(around)).newPage();
    const seen = complaints(tab);
    for (const key of sampleKeys) {
      const answer = await tab.goto(pageAddress(around, key));
      expect(answer?.headers()['content-security-policy'], key).toContain("default-src 'none'");
      expect(seen, key).toEqual([]);
    }
  });

  it('keeps hostile text inert', allPages, async () => {
    const tab = await (await openContext(around)).newPage();
    const seen = complaints(tab);
    await tab.addInitScript({ content: 'globalThis.__run = () => { globalThis.__ran = true; };' });
    for (const key of Object.keys(hostile)) {
      await tab.goto(pageAddress(around, key));
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
      const context = await openContext(around, { colorScheme, reducedMotion: 'reduce' });
      await context.addInitScript(axe);
      const tab = await context.newPage();
      for (const key of sampleKeys) {
        await tab.goto(pageAddress(around, key));
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
    const tab = await (await openContext(around, options)).newPage();
    for (const key of sampleKeys) {
      await tab.goto(pageAddress(around, key));
      expect(
        await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
        key,
      ).toBe(0);
      expect(Math.min(...(await heights(tab, '.primary, .secondary, input'))), key).toBeGreaterThanOrEqual(44);
      // Links within a sentence are exempt (WCAG 2.2, 2.5.8).
      expect(Math.min(...(await heights(tab, 'button, a.button, .after a, .apps a'))), key).toBeGreaterThanOrEqual(24);
    }
  });
});
