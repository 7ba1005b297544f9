import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { AxeResults } from 'axe-core';
import type { Page, Response } from 'playwright-core';
import { recordFocus, recordedFocus } from './focus-record.ts';

/** Looks at the page that a tab shows, leaves it as it was, and answers what is wrong with it. */
export type PageCheck = (tab: Tab) => Promise<string[]>;

export interface Tab {
  readonly page: Page;
  /** The answer that brought the page. */
  readonly answer: Response;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const openAll = `document.querySelectorAll('details').forEach((one) => { one.open = true; })`;
const closeAll = `document.querySelectorAll('details').forEach((one) => { one.open = false; })`;

/** The only rules to which the scheme makes a difference. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** No fault that axe knows of, in this scheme, with everything unfolded. */
export const axeIn =
  (colorScheme: 'light' | 'dark', rules: 'all' | 'of colour' = 'all'): PageCheck =>
  async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(openAll);
    if (!(await page.evaluate<boolean>(`typeof axe === 'object'`))) await page.evaluate(axe);
    // Preloading would fetch the style sheet by script, which the policy refuses.
    const { violations, incomplete, passes } = await page.evaluate<AxeResults>(
      `axe.run(${JSON.stringify({ preload: false, ...(rules === 'all' ? {} : { runOnly: rulesOfColour }) })})`,
    );
    await page.evaluate(closeAll);
    await page.emulateMedia({ colorScheme: null });
    const unsure = incomplete.filter(({ id }) => id === 'color-contrast');
    const told = [...violations, ...unsure].map(
      ({ id, nodes }) => `axe, ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
    return passes.length > (rules === 'all' ? 10 : 0)
      ? told
      : [...told, `axe, ${colorScheme}: looked at almost nothing`];
  };

/** Bytes, compressed. */
const mostOfPage = 20 * 1024;
const mostOfScripts = 15 * 1024;

interface Fetched {
  readonly name: string;
  readonly encodedBodySize: number;
}

const fetched = `performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => ({ name, encodedBodySize }))`;

/** The page with all it loads: documents leave the server as they are, so theirs is the size behind a proxy that packs them. */
export const weight: PageCheck = async ({ page, answer }) => {
  const loaded = await page.evaluate<Fetched[]>(fetched);
  const sizeOf = (wanted: (name: string) => boolean): number =>
    loaded.filter(({ name }) => wanted(name)).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  const isScript = (name: string): boolean => name.endsWith('.js');
  const whole = gzipSync(await answer.body()).length + sizeOf((name) => !isScript(name));
  const scripts = sizeOf(isScript);
  const unweighed = loaded.filter(({ encodedBodySize }) => encodedBodySize === 0);
  return [
    ...(whole > mostOfPage ? [`the page weighs ${whole} bytes`] : []),
    ...(scripts > mostOfScripts ? [`its scripts weigh ${scripts} bytes`] : []),
    ...unweighed.map(({ name }) => `no weight is known of ${name}`),
  ];
};

/** WCAG 2.2, 1.4.10: nothing needs scrolling sideways, folded or not. */
export const fits: PageCheck = async ({ page }) => {
  const beyond = (): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const folded = await beyond();
  await page.evaluate(openAll);
  const unfolded = await beyond();
  await page.evaluate(closeAll);
  return folded > 0 || unfolded > 0 ? [`scrolls sideways by ${folded} pixels, unfolded by ${unfolded}`] : [];
};

/** What is pressed to go on can be scrolled to, and nothing lies over it. */
const mainButton = `(() => {
  const button = [...document.querySelectorAll('.primary')].find((one) => one.checkVisibility());
  if (button === undefined) return true;
  button.scrollIntoView({ block: 'center' });
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return left >= 0 && right <= innerWidth && button.contains(hit);
})()`;

/** WCAG 2.2, 1.4.4: a desktop at twice its size, and one at which only the text is twice its size. */
export const twiceTheSize: PageCheck = async (tab) => {
  const { page } = tab;
  const usual = page.viewportSize() ?? { width: 1280, height: 1024 };
  const look = async (how: string): Promise<string[]> => {
    const reached = await page.evaluate<boolean>(mainButton);
    const faults = [...(await fits(tab)), ...(reached ? [] : ['the main button cannot be reached'])];
    return faults.map((fault) => `${how}: ${fault}`);
  };
  await page.setViewportSize({ width: 640, height: 512 });
  const zoomed = await look('at 200 %');
  await page.setViewportSize({ width: 1280, height: 1024 });
  await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
  const large = await look('with text at 200 %');
  await page.evaluate(`document.documentElement.removeAttribute('style'); scrollTo(0, 0)`);
  await page.setViewportSize(usual);
  return [...zoomed, ...large];
};

/** WCAG 2.2, 2.1.1 and 2.4.7: the tab key comes to every control, and one sees that it did. */
export const keyboard: PageCheck = async ({ page }) => {
  const count = await page.evaluate<number>(recordFocus);
  for (let presses = 0; presses < count + 2; presses += 1) await page.keyboard.press('Tab');
  const { missed, unseen } = await page.evaluate<{ missed: string[]; unseen: string[] }>(recordedFocus);
  return [
    ...missed.map((control) => `the tab key does not come to ${control}`),
    ...unseen.map((control) => `the focus does not show on ${control}`),
  ];
};

/** Where no script runs, nothing is offered that could not work. */
export const worksUnscripted: PageCheck = async ({ page }) => {
  const dead = await page.locator('button[type=button]:visible').count();
  return dead > 0 ? [`${dead} buttons that do nothing without script`] : [];
};
