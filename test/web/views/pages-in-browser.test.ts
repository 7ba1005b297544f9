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
/** Pages with text of others in more than addresses. */
const showsText = new Set(
  Object.entries(pageSamples)
    .filter(([, page]) => textPaths(page).some((path) => !/href|action|alias/i.test(String(path.at(-1)))))
    .map(([key]) => `hostile ${key}`),
);
/** One state of each page: what another colour or direction changes is the same in all of them. */
const oneOfEach = sampleKeys.filter(
  (key) => sampleKeys.find((other) => pageSamples[other].name === pageSamples[key].name) === key,
);
const openAll = 'for (const one of document.querySelectorAll("details")) one.open = true';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Each visits every page, on machines that may be busy.
const allPages = { timeout: 600_000 };

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
    expect(showsText.size).toBeGreaterThan(sampleKeys.length / 2);
    for (const key of Object.keys(hostile)) {
      await tab.goto(pageAddress(around, key));
      expect(await tab.evaluate('typeof __run'), key).toBe('function');
      expect(await tab.evaluate('typeof __ran'), key).toBe('undefined');
      expect(await tab.locator('[onerror], [onload], [onfocus], a[x]').count(), key).toBe(0);
      expect(await tab.locator('[href*="javascript:" i], [action*="javascript:" i]').count(), key).toBe(0);
      const shown = tab.locator('[value*="onerror=__run()"], :text("onerror=__run()")');
      if (showsText.has(key)) expect(await shown.count(), key).toBeGreaterThan(0);
      expect(seen, key).toEqual([]);
    }
  });

  it.each([
    ['light', 'plain', {}, sampleKeys],
    ['dark', 'plain', {}, sampleKeys],
    ['light', 'with the longest names in the lightest colour', { brand: 'extreme' }, oneOfEach],
    ['dark', 'branded, right to left', { brand: 'whole', lang: 'ar' }, oneOfEach],
  ] as const)(
    'has no fault that axe knows of, in the %s scheme, %s',
    allPages,
    async (colorScheme, _how, query, keys) => {
      const context = await openContext(around, { colorScheme, reducedMotion: 'reduce' });
      await context.addInitScript(axe);
      const tab = await context.newPage();
      for (const key of keys) {
        await tab.goto(pageAddress(around, key, query));
        await tab.evaluate(openAll);
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
    ['a small phone, in a longer language', { lang: 'de' }, { viewport: { width: 320, height: 640 } }, sampleKeys],
    [
      'a small phone, right to left and branded',
      { lang: 'ar', brand: 'extreme' },
      { viewport: { width: 320, height: 640 } },
      oneOfEach,
    ],
    [
      'a desktop at 200 % zoom, in a longer language',
      { lang: 'de', brand: 'whole' },
      { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
      oneOfEach,
    ],
  ] as const)('fits %s, with targets that a thumb can hit', allPages, async (_device, query, options, keys) => {
    const tab = await (await openContext(around, options)).newPage();
    for (const key of keys) {
      await tab.goto(pageAddress(around, key, query));
      await tab.evaluate(openAll);
      expect(
        await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
        key,
      ).toBe(0);
      const least = pageSamples[key].name.startsWith('portal/') ? 40 : 44;
      const largeTargets = await heights(tab, '.primary, .secondary, input:not([type=checkbox])');
      expect(Math.min(...largeTargets), key).toBeGreaterThanOrEqual(least);
      // Links within a sentence are exempt (WCAG 2.2, 2.5.8).
      expect(
        Math.min(
          ...(await heights(tab, 'button, [type=checkbox], summary, a.button, .after a, .apps a, .languages a')),
        ),
        key,
      ).toBeGreaterThanOrEqual(24);
    }
  });
});
