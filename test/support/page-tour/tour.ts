import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import type { Language } from '../../../src/web/views/languages.ts';
import type { MessageKey } from '../../../src/web/views/messages/catalog.ts';
import { loadCatalog } from '../../../src/web/views/messages/catalogs.ts';
import { openWindow } from '../chromium.ts';
import type { PageCheck } from './page-checks.ts';
import { type TemplateName, templatesOf } from './templates.ts';

/** Who makes the tour, with what, and what is looked at on each page. */
export interface Traveller {
  readonly name: string;
  readonly language: Language;
  readonly window: BrowserContextOptions;
  /** How links and buttons are pressed, and forms sent. */
  readonly hand: 'keyboard' | 'pointer';
  readonly checks: readonly PageCheck[];
}

/** A tour through the pages in a window of its own. */
export interface Tour {
  readonly page: Page;
  readonly hasScript: boolean;
  /**
   * Looks at the page at hand, which is to be of this template. The state tells it from others of the same; one of refusal says what was wrong, no
   * other does. The notice is what the page says was done.
   */
  readonly stop: (template: TemplateName, state?: string, notice?: MessageKey) => Promise<void>;
  readonly open: (address: string | URL) => Promise<void>;
  /** Presses a link or a button that leads to another page. */
  readonly press: (selector: string) => Promise<void>;
  /** Types into fields by their names, and sends the form. */
  readonly send: (fields: Readonly<Record<string, string>>) => Promise<void>;
  /** Unfolds, ticks or presses what stays on the page. */
  readonly touch: (selector: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What came of a tour. */
export interface Travelogue {
  readonly visited: Set<string>;
  readonly faults: string[];
}

/** Where pictures of all pages are left for whoever wants to look at them. */
const pictures = process.env['PAGE_PICTURES'];

export async function startTour(browser: Browser, traveller: Traveller, travelogue: Travelogue): Promise<Tour> {
  const { language, window: options, hand } = traveller;
  const window = await openWindow(browser, { locale: language, reducedMotion: 'reduce', ...options });
  const { page } = window;
  page.setDefaultTimeout(15_000);
  const last: { document?: Response; place?: string; noted: number } = { noted: 0 };
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) last.document = response;
  });
  const noteFaults = () => {
    const { place = 'at first', noted } = last;
    travelogue.faults.push(...window.faults.slice(noted).map((fault) => `${place}: ${fault}`));
    last.noted = window.faults.length;
  };
  const touch = (selector: string) => pressAs(hand, page, selector);
  return {
    page,
    touch,
    hasScript: options.javaScriptEnabled !== false,
    stop: async (template, state, notice) => {
      last.place = `${template}${state === undefined ? '' : `, ${state}`}`;
      await lookAt(page, traveller, travelogue, { template, place: last.place, notice, answer: last.document });
      noteFaults();
    },
    open: async (address) => void (await page.goto(String(address))),
    press: async (selector) => void (await Promise.all([page.waitForEvent('load'), touch(selector)])),
    send: async (fields) => void (await Promise.all([page.waitForEvent('load'), fillIn(hand, page, fields)])),
    close: async () => {
      noteFaults();
      await window.close();
    },
  };
}

interface Stop {
  readonly template: TemplateName;
  readonly place: string;
  readonly notice: MessageKey | undefined;
  readonly answer: Response | undefined;
}

async function lookAt(
  page: Page,
  { name, language, checks }: Traveller,
  { visited, faults }: Travelogue,
  { template, place, notice, answer }: Stop,
): Promise<void> {
  const found = await templatesOf(page, language);
  if (found.length !== 1 || found[0] !== template || answer === undefined) {
    const heading = await page.locator('h1').first().textContent();
    throw new Error(`${place} was expected, and there is [${found.join()}] “${heading?.trim()}” at ${page.url()}`);
  }
  visited.add(template);
  const isRefusal = /, (?:refused|locked)$/.test(place);
  expect([place, await page.locator('#error').count()]).toEqual([place, isRefusal ? 1 : 0]);
  if (notice !== undefined) expect(await page.locator('#notice').textContent()).toBe(loadCatalog(language)[notice]);
  if (pictures !== undefined) await takePicture(page, join(pictures, name), place);
  for (const check of checks) faults.push(...(await check({ page, answer })).map((fault) => `${place}: ${fault}`));
}

async function takePicture(page: Page, directory: string, place: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const name = place.replace(/[^a-z]+/g, '-');
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

async function pressAs(hand: Traveller['hand'], page: Page, selector: string): Promise<void> {
  const target = page.locator(selector).first();
  if (hand === 'pointer') return await target.click();
  await target.focus();
  const isTick = (await target.getAttribute('type')) === 'checkbox';
  await page.keyboard.press(isTick ? 'Space' : 'Enter');
}

/** A form is sent from within its last field by the keyboard, and by its button otherwise. */
async function fillIn(hand: Traveller['hand'], page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]:visible`, value);
  const lastField = Object.keys(fields).at(-1);
  if (hand === 'keyboard' && lastField !== undefined) return await page.press(`[name="${lastField}"]:visible`, 'Enter');
  await pressAs(hand, page, '#continue');
}
