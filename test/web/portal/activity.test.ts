import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser, type BrowserPage } from '../../support/http-browser.ts';
import { logOnToPortal } from '../../support/logon-driver.ts';
import { openPortal } from '../../support/portal-driver.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

const linesOn = ({ html }: BrowserPage): string[] =>
  [...html.matchAll(/<span class="name">([\s\S]*?)<\/span>\s*<span class="hint">([\s\S]*?)<\/span>\s*<\/div>/g)].map(
    ([, text = '', rest = '']) =>
      `${text} | ${rest}`
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
  );

it('tells in plain words what happened, where from, and who else did it', async () => {
  const user = await openPortal(account);
  await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, password: 'Wrong-lantern-quartz-93' });
  await account.manage(`PATCH /users/${user.userName}`, { comments: 'on leave' });
  const lines = linesOn(await user.open('/activity'));
  expect(lines[0]).toMatch(/^Your details were changed \| .* · by admin$/);
  expect(lines[1]).toMatch(
    /^A logon in your name failed: the password was wrong Refused \| .* · from (?:127\.0\.0\.1|::1)$/,
  );
  expect(lines[2]).toMatch(/^You logged on \| .* · from /);
  expect(lines.at(-1)).toMatch(/^Your user was created \| /);
});

it('goes back page by page to the beginning, and again to the newest', async () => {
  const user = await openPortal(account);
  for (let count = 0; count < 30; count += 1)
    await account.manage(`PATCH /users/${user.userName}`, { comments: `note ${count}` });
  const first = await user.open('/activity');
  expect(linesOn(first)).toHaveLength(25);
  const [, href = ''] = /href="([^"]+)" id="older"/.exec(first.html) ?? [];
  const second = await user.browser.open(new URL(href.replaceAll('&amp;', '&'), first.url));
  expect(linesOn(second).at(-1)).toContain('Your user was created');
  expect(second.html).not.toContain('id="older"');
  expect(second.html).toContain('>Newest</a>');
  const other = await openPortal(account);
  expect((await other.browser.open(second.url)).status).toBe(400);
});

it('shows nothing of others', async () => {
  const [user, other] = [await openPortal(account), await openPortal(account)];
  await account.manage(`PATCH /users/${other.userName}`, { status: 'frozen' });
  const page = await user.open('/activity');
  expect(page.html).not.toContain(other.userName);
  expect(page.html).not.toContain('frozen');
});
