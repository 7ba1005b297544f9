import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn } from '../../support/logon-driver.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

/** Where the general page leads for what was typed, before anything else is followed. */
async function leadsTo(
  typed: string,
): Promise<{ location: string | undefined; status: number; error: string | undefined }> {
  const browser = createHttpBrowser();
  const page = await browser.open(server.origin);
  const answer = await browser.submit(page, { username: typed }, { stopAt: () => true });
  return { location: answer.leftFor?.href, status: answer.status, error: errorOn(answer) };
}

it.each(['', '.localhost'])('user@alias%s leads to the account, with the name filled in', async (domain) => {
  const { location, status } = await leadsTo(` alice@${account.alias}${domain} `);
  expect([location, status]).toEqual([`${server.origin}/${account.alias}?username=alice`, 303]);
});

it('user@<account id> leads to the account too', async () => {
  expect((await leadsTo(`alice@${account.accountId}`)).location).toBe(
    `${server.origin}/${account.accountId}?username=alice`,
  );
});

it('what stands before the @ is carried on as a value, whatever it holds', async () => {
  const name = '../x?y=1&z=%2f#"><b>';
  const { location } = await leadsTo(`${name}@${account.alias}`);
  const url = new URL(location ?? '');
  expect([url.pathname, url.searchParams.get('username'), url.hash]).toEqual([`/${account.alias}`, name, '']);
});

it.each([
  '',
  'alice',
  '@',
  'alice@',
  'alice@no-such-account',
  'alice@evil.example',
  'alice@//evil.example',
  'alice@/evil.example',
  'alice@https://evil.example',
  'alice@\\evil.example',
  'alice@admin',
  'alice@9999999999999999',
  'alice@%2e%2e',
  `alice@${'x'.repeat(500)}`,
])('"%s" leads nowhere, and the page says why', async (typed) => {
  const { location, status, error } = await leadsTo(typed);
  expect([location, status]).toEqual([undefined, 400]);
  expect(error).toEqual(expect.stringMatching(/./));
});

it('a wrong entry is shown again as text', async () => {
  const browser = createHttpBrowser();
  const polyglot = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;
  const answer = await browser.submit(await browser.open(server.origin), { username: polyglot });
  expect(answer.html).not.toContain('<script>alert');
  expect(answer.html).not.toContain('<img src=x');
  expect(answer.forms[0]?.fields['username']).toBe(polyglot);
});

it.each(['next', 'return', 'redirect_uri', 'returnTo', 'continue'])(
  'an address given as "%s" is not looked at',
  async (name) => {
    const browser = createHttpBrowser();
    const page = await browser.open(`${server.origin}/?${name}=https://evil.example/`);
    expect(page.html).not.toContain('evil.example');
    const answer = await browser.submit(
      page,
      { username: `alice@${account.alias}`, [name]: 'https://evil.example/' },
      { stopAt: () => true },
    );
    expect(answer.leftFor?.href).toBe(`${server.origin}/${account.alias}?username=alice`);
  },
);
