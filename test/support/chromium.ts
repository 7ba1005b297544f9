import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findBinary } from './throwaway-process.ts';

const findChromium = (): string | undefined =>
  ['chromium', 'chromium-browser', 'google-chrome'].map((name) => findBinary(name)).find(Boolean);

/** Starts the machine's own browser, without a window. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no chromium on this machine');
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}

/** A suite that needs chromium: skipped aloud where there is none, failed where CI=true. */
export function describeWithChromium(name: string, suite: () => void): void {
  if (findChromium() !== undefined) {
    describe(name, suite);
    return;
  }
  describe(name, () => {
    if (process.env['CI'] !== 'true') console.warn(`SKIPPED: ${name}: this machine has no chromium`);
    it.skipIf(process.env['CI'] !== 'true')('needs chromium', () => {
      expect.fail('this machine has no chromium, and CI may skip nothing');
    });
  });
}

/** A browser window of its own, with everything that went wrong in it. */
export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Violations of a Content Security Policy, errors of scripts, requests to other machines. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** The size of the smallest telephones (WCAG 2.2, 1.4.10). */
const narrow = { width: 320, height: 640 };

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ viewport: narrow, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A page of refusal has a status of refusal, which the browser logs; that is no fault.
    if (
      message.type() === 'error' &&
      !text.startsWith('Failed to load resource: the server responded with a status of')
    )
      faults.push(text);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !['localhost', '127.0.0.1'].includes(hostname))
      faults.push(`request to ${request.url()}`);
  });
  return { context, page, faults, close: () => context.close() };
}
