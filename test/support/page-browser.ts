import type { Browser, BrowserContext, BrowserContextOptions, Page as Tab } from 'playwright-core';
import type { Page } from '../../src/web/views/pages.ts';
import { launchChromium } from './chromium.ts';
import { type PageQuery, type PageServer, startPageServer } from './page-server.ts';

export const handoverScript = /\/handover\.[0-9a-f]+\.js$/;

/** A browser beside a server that serves these pages. */
export interface PageBrowser {
  readonly server: PageServer;
  readonly browser: Browser;
}

export async function startPageBrowser(pages: Readonly<Record<string, Page>>): Promise<PageBrowser> {
  return { server: await startPageServer(pages), browser: await launchChromium() };
}

export async function closePageBrowser({ server, browser }: PageBrowser): Promise<void> {
  await browser.close();
  await server.close();
}

export async function closeContexts({ browser }: PageBrowser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

export const pageAddress = ({ server }: PageBrowser, key: string, query: PageQuery = {}): string => {
  const parameters = new URLSearchParams(Object.entries(query));
  return `${server.origin}/page/${encodeURIComponent(key)}${parameters.size === 0 ? '' : `?${parameters.toString()}`}`;
};

/** A window without a past. The page that takes the browser away at once stays, unless its script is let through again. */
export async function openContext(
  { browser }: PageBrowser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.route(handoverScript, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  return context;
}

export async function openPage(around: PageBrowser, key: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const tab = await (await openContext(around, options)).newPage();
  await tab.goto(pageAddress(around, key));
  return tab;
}
