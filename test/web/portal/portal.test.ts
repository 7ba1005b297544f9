import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal } from '../../support/logon-driver.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

const factsOf = (html: string) => ({
  mfa: /Two-step verification<\/dt><dd>(On|Off)/.exec(html)?.[1],
  saysNoPermissions: html.includes('not been given permissions'),
  first: html.includes('this is your first'),
});

it('tells a user of their own second factor and policies, whatever others have', async () => {
  const strong = await account.createUser({ mfaRequired: true });
  const plain = await account.createUser({ displayName: 'Zoë <b>Plain</b>' });
  await account.manage(`PUT /users/${strong.userName}/policies/system/AdministratorAccess`);
  const atStrong = await logOnToPortal(createHttpBrowser(), account.issuer, strong);
  expect(factsOf(atStrong.page.html)).toMatchObject({ mfa: 'On', saysNoPermissions: false });
  const atPlain = await logOnToPortal(createHttpBrowser(), account.issuer, plain);
  expect(atPlain.page.status).toBe(200);
  expect(factsOf(atPlain.page.html)).toMatchObject({ mfa: 'Off', saysNoPermissions: true });
  expect(atPlain.page.html).toContain('Zoë &lt;b&gt;Plain&lt;/b&gt;');
});

it('shows apps of the account itself, by their own addresses, and of no other account', async () => {
  const other = await server.account();
  const mine = await account.createApplication({
    displayName: 'Payroll',
    redirectUris: ['https://payroll.example.com/deep/callback'],
  });
  const third = await account.createApplication({ displayName: 'Stranger', firstParty: false });
  const foreign = await other.createApplication({ displayName: 'Foreign' });
  const { page } = await logOnToPortal(createHttpBrowser(), account.issuer, await account.createUser());
  expect(page.html).toContain(mine.displayName);
  expect(page.html).toContain('href="https://payroll.example.com/"');
  expect(page.html).not.toContain(third.displayName);
  expect(page.html).not.toContain(foreign.displayName);
});

it('the address of an account leads whoever is not signed in to its logon, with the name filled in', async () => {
  const page = await createHttpBrowser().open(`${account.issuer}?username=alice`);
  expect(page.url.pathname).toMatch(new RegExp(`^/${account.alias}/logon/`));
  expect(page.forms[0]?.fields['username']).toBe('alice');
});

it("the portal's own code is never handed to anybody who could redeem it", async () => {
  const user = await account.createUser();
  const browser = createHttpBrowser();
  const first = await browser.open(account.issuer);
  const back = await browser.submit(first, { username: user.userName, password: user.password });
  const code = back.visited.map(({ searchParams }) => searchParams.get('code')).find((value) => value !== null) ?? '';
  expect(code).not.toBe('');
  const answer = await fetch(`${account.issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      client_id: 'postern-portal',
      redirect_uri: `${account.issuer}/portal/callback`,
      code_verifier: 'x'.repeat(43),
    }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
});

it.each([
  ['no token', { csrf: '' }, {}],
  ['a forged token', { csrf: 'A'.repeat(43) }, {}],
  ['another site', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['another origin by name only', {}, { origin: 'https://evil.example', 'sec-fetch-site': 'same-site' }],
])('a sign-out form from %s signs nobody out', async (_what, fields, headers) => {
  const browser = createHttpBrowser();
  const { page } = await logOnToPortal(browser, account.issuer, await account.createUser());
  const refused = await browser.submit(page, fields, { headers });
  expect(refused.status).toBe(403);
  expect((await browser.open(account.issuer)).html).toContain('Hello');
});

it("another session's form signs nobody out", async () => {
  const [mine, theirs] = [createHttpBrowser(), createHttpBrowser()];
  const { page } = await logOnToPortal(mine, account.issuer, await account.createUser());
  const foreign = await logOnToPortal(theirs, account.issuer, await account.createUser());
  const refused = await mine.submit(page, { csrf: foreign.page.forms[0]?.fields['csrf'] ?? '' });
  expect(refused.status).toBe(403);
  expect((await mine.open(account.issuer)).html).toContain('Hello');
});

it('a frozen user sees the logon instead of the portal at the next request', async () => {
  const browser = createHttpBrowser();
  const user = await account.createUser();
  await logOnToPortal(browser, account.issuer, user);
  await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
  const page = await browser.open(account.issuer);
  expect(page.forms[0]?.fields['step']).toBe('password');
  expect(page.html).not.toContain('Hello');
});
