import type { Page as BrowserTab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeWithChromium } from '../support/chromium.ts';
import {
  closeContexts,
  closePageBrowser,
  openContext,
  type PageBrowser,
  pageAddress,
  startPageBrowser,
} from '../support/page-browser.ts';
import { pageSamples } from '../support/page-samples.ts';
import {
  axeIn,
  fits,
  keyboard,
  type PageCheck,
  twiceTheSize,
  weight,
  worksUnscripted,
} from '../support/page-tour/page-checks.ts';
import { templatesOf } from '../support/page-tour/templates.ts';

const covered = `document.body.append(Object.assign(document.createElement('div'), { id: 'over' }));
  Object.assign(document.querySelector('#over').style, { position: 'fixed', inset: 0 });`;

describeWithChromium('what the tour looks at', () => {
  let around: PageBrowser;
  beforeAll(async () => {
    around = await startPageBrowser(pageSamples);
  });
  afterEach(() => closeContexts(around));
  afterAll(() => closePageBrowser(around));

  async function faultsOf(check: PageCheck, damage: string, page: BrowserTab): Promise<string> {
    const answer = await page.goto(pageAddress(around, 'password'));
    if (answer === null) throw new Error('no answer');
    expect(await check({ page, answer })).toEqual([]);
    await page.evaluate(damage);
    return (await check({ page, answer })).join('\n');
  }

  const openTab = async (options: Parameters<typeof openContext>[1] = {}): Promise<BrowserTab> =>
    await (await openContext(around, { reducedMotion: 'reduce', ...options })).newPage();

  it.each([
    ['a field without a label', axeIn('light'), `document.querySelector('label').remove()`, 'label'],
    ['pale text', axeIn('light'), `document.querySelector('h1').style.color = '#bbb'`, 'color-contrast'],
    [
      'text that is pale in the dark',
      axeIn('dark', 'of colour'),
      `document.querySelector('h1').style.color = '#444'`,
      'color-contrast',
    ],
    ['what is too wide', fits, `document.querySelector('main').style.minWidth = '2000px'`, 'scrolls sideways'],
    [
      'what is too wide at 200 %',
      twiceTheSize,
      `document.querySelector('main').style.minWidth = '700px'`,
      'at 200 %: scrolls',
    ],
    [
      'what is too wide with larger text',
      twiceTheSize,
      `document.querySelector('main').style.minWidth = '50rem'`,
      'text at 200 %: scrolls',
    ],
    ['a button under something else', twiceTheSize, covered, 'cannot be reached'],
    [
      'a button that the tab key passes by',
      keyboard,
      `document.querySelector('#continue').tabIndex = -1`,
      'does not come to <button',
    ],
    [
      'a focus that nobody sees',
      keyboard,
      `document.querySelector('#continue').style.outline = 'none'`,
      'does not show on <button',
    ],
  ])('notices %s', async (_what, check, damage, fault) => {
    expect(await faultsOf(check, damage, await openTab())).toContain(fault);
  });

  it.each([
    ['a style sheet', /postern\.\w+\.css$/, 'the page weighs'],
    ['a script', /forms\.\w+\.js$/, 'its scripts weigh'],
  ])('notices %s that is too heavy', async (_what, address, fault) => {
    const page = await openTab();
    await page.route(address, (route) => route.fulfill({ body: `/* ${'x'.repeat(21 * 1024)} */` }));
    const answer = await page.goto(pageAddress(around, 'password'));
    expect(answer === null ? '' : (await weight({ page, answer })).join()).toContain(fault);
  });

  it('notices a button that does nothing without script', async () => {
    const damage = `document.querySelector('[data-reveals]').hidden = false`;
    expect(await faultsOf(worksUnscripted, damage, await openTab({ javaScriptEnabled: false }))).toContain('1 buttons');
  });

  describe('the marks of templates', () => {
    it('tell every page from all others', async () => {
      const page = await openTab({ javaScriptEnabled: false });
      const found: Record<string, string[]> = {};
      const right: Record<string, string[]> = {};
      for (const [key, { name }] of Object.entries(pageSamples)) {
        if (name.startsWith('api/')) continue;
        await page.goto(pageAddress(around, key));
        [found[key], right[key]] = [await templatesOf(page, 'en'), [name]];
      }
      expect(found).toEqual(right);
    });
  });
});
