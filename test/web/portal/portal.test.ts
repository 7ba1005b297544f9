import { afterAll, beforeAll, expect, it } from 'vitest';
import { givePasskey } from '../../support/factors.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal } from '../../support/logon-driver.ts';
import { textOf } from '../../support/page-forms.ts';
import { headingOf, openPortal } from '../../support/portal-driver.ts';
import { connectRelyingParty } from '../../support/relying-party.ts';
import { createPasskeyProvider, createSecurityKey } from '../../support/software-authenticator.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

/** Label and value of each row of the security summary. */
const factsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/class="label">([^<]*)<\/span>\s*<span class="value[^"]*">([^<]*)/g)].map(
      ([, label = '', value = '']) => [label, value.trim()],
    ),
  );

it('tells a user of their own factors, codes and policies, whatever others have', async () => {
  const strong = await account.createUser({ mfaRequired: true });
  await account.manage(`PUT /users/${strong.userName}/policies/system/AdministratorAccess`);
  const { page: atStrong } = await logOnToPortal(createHttpBrowser(), account.issuer, strong);
  expect(factsOf(atStrong.html)).toMatchObject({
    'Two-step verification': 'On',
    'Passkeys and security keys': 'None yet',
    'Recovery codes': '10 left',
  });
  expect(atStrong.html).not.toContain('not been given permissions');
  const plain = await openPortal(account, { displayName: 'Zoë <b>Plain</b>' });
  expect(plain.page.status).toBe(200);
  expect(factsOf(plain.page.html)).toMatchObject({ 'Two-step verification': 'Off' });
  expect(factsOf(plain.page.html)).not.toHaveProperty('Recovery codes');
  expect(plain.page.html).toContain('not been given permissions');
  expect(headingOf(plain.page)).toBe('Hello, Zoë &lt;b&gt;Plain&lt;/b&gt;');
});

it('tells when the password has to be changed, where the account has an age for it', async () => {
  const other = await server.account();
  const before = await openPortal(other);
  expect(before.page.html).not.toContain('Password to be changed by');
  await other.manage('PATCH /account/password-policy', { maxPasswordAge: 90 });
  const [, due = ''] = /Password to be changed by[\s\S]*?datetime="([^"]+)"/.exec((await before.open('')).html) ?? [];
  const days = (new Date(due).getTime() - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(89);
  expect(days).toBeLessThanOrEqual(90);
});

it('offers a passkey to whoever has none and may have one, and to nobody else', async () => {
  const other = await server.account();
  const user = await openPortal(other);
  expect(user.page.html).toContain('Set up a passkey');
  for (const preference of ['allowUserToLoginWithPasskey', 'allowUserToManageMFADevices']) {
    await other.manage('PATCH /account/security-preferences', { [preference]: false });
    expect((await user.open('')).html, preference).not.toContain('Set up a passkey');
    await other.manage('PATCH /account/security-preferences', { [preference]: true });
  }
});

it('counts a security key among the keys, and offers a passkey beside it, until there is one', async () => {
  const user = await openPortal(account);
  const keys = 'Passkeys and security keys';
  await givePasskey(server, account, user, createSecurityKey(server.origin));
  const withKey = await user.open('');
  expect(factsOf(withKey.html)).toMatchObject({ [keys]: '1 set up', 'Two-step verification': 'On' });
  expect(withKey.html).toContain('Set up a passkey');
  await givePasskey(server, account, user, createPasskeyProvider(server.origin));
  const withPasskey = await user.open('');
  expect(factsOf(withPasskey.html)).toMatchObject({ [keys]: '2 set up' });
  expect(withPasskey.html).not.toContain('Set up a passkey');
});

it('says whom to ask in the words of the account, as plain text', async () => {
  const other = await server.account();
  const user = await openPortal(other);
  expect(textOf(user.page.html, 'help')).toBeUndefined();
  await other.manage('PATCH /account', { helpText: 'Call 4711 <script>alert(1)</script>' });
  const { html } = await user.open('');
  expect(html).toContain('Call 4711 &lt;script&gt;alert(1)&lt;/script&gt;');
});

it('shows apps of the account itself, by their own addresses, and of no other account', async () => {
  const other = await server.account();
  const mine = await account.createApplication({
    displayName: 'Payroll',
    redirectUris: ['https://payroll.example.com/deep/callback'],
  });
  const third = await account.createApplication({ displayName: 'Stranger', firstParty: false });
  const foreign = await other.createApplication({ displayName: 'Foreign' });
  const { page } = await openPortal(account);
  expect(page.html).toContain(mine.displayName);
  expect(page.html).toContain('href="https://payroll.example.com/"');
  expect(page.html).not.toContain(third.displayName);
  expect(page.html).not.toContain(foreign.displayName);
});

it('shows an app of others as long as the user allows it something, and a native app never', async () => {
  const other = await server.account();
  const third = await connectRelyingParty(other, { application: { displayName: 'Field Reports', firstParty: false } });
  const native = { type: 'native', redirectUris: ['http://127.0.0.1/callback'] };
  await other.createApplication({ displayName: 'Command line', ...native });
  const [user, bystander] = [await openPortal(other), await openPortal(other)];
  await third.signIn(user.browser, user, { scope: 'openid profile' });
  const { html } = await user.open('');
  expect(html).toContain(`<a href="${new URL(third.server.redirectUri).origin}/"`);
  expect(html).toContain('Field Reports');
  expect(html).not.toContain('Command line');
  expect((await bystander.open('')).html).not.toContain('Field Reports');
  await user.send(await user.open('/apps'), '/apps/withdraw');
  expect((await user.open('')).html).not.toContain('Field Reports');
  await third.close();
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
  const { browser, page } = await openPortal(account);
  const refused = await browser.submit(page, fields, { headers });
  expect(refused.status).toBe(403);
  expect((await browser.open(account.issuer)).html).toContain('Hello');
});

it("another session's form signs nobody out", async () => {
  const mine = await openPortal(account);
  const foreign = await openPortal(account);
  const refused = await mine.browser.submit(mine.page, { csrf: foreign.page.forms[0]?.fields['csrf'] ?? '' });
  expect(refused.status).toBe(403);
  expect((await mine.browser.open(account.issuer)).html).toContain('Hello');
});

it('a frozen user sees the logon instead of the portal at the next request, and their forms do nothing', async () => {
  const user = await openPortal(account);
  const page = await user.open('/password');
  await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
  const after = await user.browser.open(account.issuer);
  expect(after.forms[0]?.fields['step']).toBe('password');
  expect(after.html).not.toContain('Hello');
  const newPassword = 'Small-lantern-quartz-93';
  const sent = await user.send(page, '/password', {
    ...{ old_password: user.password, new_password: newPassword, confirm_password: newPassword },
  });
  expect(sent.forms[0]?.fields['step']).toBe('password');
  await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
  const again = await logOnToPortal(createHttpBrowser(), account.issuer, user);
  expect(headingOf(again.page)).toMatch(/^Hello/);
});
