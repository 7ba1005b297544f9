import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { describeWithChromium, launchChromium, openWindow, type Window } from '../../support/chromium.ts';
import { type ApiServer, newApiAccount, openApiServer } from './api-server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeWithChromium('the pages of the API in a browser', () => {
  let server: ApiServer;
  let browser: Browser;
  let account: TestAccount;
  beforeAll(async () => {
    server = await openApiServer();
    browser = await launchChromium();
    ({ account } = await newApiAccount(server));
    await newUser(server.harness.deps.db, account.accountId, 'alice');
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const address = (below: string) => `${server.origin}/${account.alias}/api/v1/docs${below}`;

  async function opened(below: string, options = {}): Promise<Window> {
    const window = await openWindow(browser, options);
    await window.page.goto(address(below));
    return window;
  }

  /** Opens the form of an operation and sends it. */
  async function send(page: Page, operation: string, body?: string): Promise<string> {
    const section = page.locator(`#${operation}`);
    await section.getByText('Try it').click();
    if (body !== undefined) await section.getByLabel('Body').fill(body);
    await section.getByRole('button', { name: 'Send' }).click();
    const output = section.locator('form pre');
    await output.getByText(/^[0-9]{3} /).waitFor();
    return await output.innerText();
  }

  it('a request is tried with a token that is kept nowhere, and no cookie goes along', async () => {
    const { page, context, faults, close } = await opened('/users');
    await context.addCookies([{ name: 'planted', value: 'x', url: server.origin }]);
    const token = server.letIn(account.alias, account.admin);
    await page.getByLabel(/^Access token/).fill(token);
    const requested = page.waitForRequest((request) => request.method() === 'PATCH');
    const shown = await send(page, 'updateUser', '{"comments":"tried"}');
    expect(shown).toMatch(/^200 OK\n/);
    expect(shown).toContain('"comments": "tried"');
    expect((await userRow(server.harness.deps.db, account.accountId, 'alice'))?.comments).toBe('tried');
    expect(await (await requested).allHeaders()).not.toHaveProperty('cookie');
    const kept = await page.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
    );
    expect(kept).not.toContain(token);
    await page.reload();
    expect(await page.getByLabel(/^Access token/).inputValue()).toBe('');
    expect(faults).toEqual([]);
    await close();
  });

  it('a refusal is shown as it is, and hostile text in it stays text', async () => {
    const { page, faults, close } = await opened('/users');
    const hostile = '<img src=x onerror=document.title=1>';
    await page.getByLabel(/^Access token/).fill(server.letIn(account.alias, account.admin));
    const shown = await send(page, 'updateUser', JSON.stringify({ [hostile]: 1 }));
    expect(shown).toMatch(/^400 Bad Request\n/);
    expect(shown).toContain(hostile);
    expect(await page.locator('form img').count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });

  it.each(['', '/users', '/applications'])(
    'docs%s reads without script, on a telephone, by day and by night',
    async (below) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, faults, close } = await opened(below, { colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(overflow).toBeLessThanOrEqual(0);
        expect(faults).toEqual([]);
        await close();
      }
      const { page, close } = await opened(below, { javaScriptEnabled: false });
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await page.locator('form').count()).toBe(0);
      await close();
    },
  );
});
