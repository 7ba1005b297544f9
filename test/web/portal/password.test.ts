import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf } from '../../support/logon-driver.ts';
import { faultyField, headingOf, openPortal, type PortalUser, signInToPortal } from '../../support/portal-driver.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { newPassword, type TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

async function change(user: PortalUser, next: string, { old = user.password, again = next } = {}) {
  const fields = { old_password: old, new_password: next, confirm_password: again };
  return await user.send(await user.open('/password'), '/password', fields);
}

const opensPortal = async ({ userName }: PortalUser, password: string): Promise<boolean> =>
  headingOf((await logOnToPortal(createHttpBrowser(), account.issuer, { userName, password })).page).startsWith(
    'Hello',
  );

it('names its fields for password managers, and the account beside them', async () => {
  const user = await openPortal(account);
  const { html } = await user.open('/password');
  for (const part of [
    /id="old_password" name="old_password" autocomplete="current-password"/,
    /id="new_password" name="new_password" autocomplete="new-password"/,
    /id="confirm_password" name="confirm_password" autocomplete="new-password"/,
    new RegExp(`name="username" value="${user.userName}@${account.alias}" autocomplete="username"`),
    /data-rules-for="new_password"/,
  ])
    expect(html).toMatch(part);
});

it('a new password ends every session, says so, and is the only one from then on', async () => {
  const user = await openPortal(account);
  const elsewhere = await signInToPortal(account, user);
  const next = newPassword();
  const page = await change(user, next);
  expect(page.url.pathname).toBe(`/${account.alias}/portal/signed-out`);
  expect(headingOf(page)).toBe('Your password is changed');
  expect(page.html).toContain(`href="/${account.alias}"`);
  expect(stepOf(await user.open(''))).toBe('password');
  expect(stepOf(await elsewhere.open(''))).toBe('password');
  expect(await opensPortal(user, user.password)).toBe(false);
  expect(await opensPortal(user, next)).toBe(true);
});

it('says that the password is changed once, and to nobody whom a link leads there', async () => {
  const user = await openPortal(account);
  const page = await change(user, newPassword());
  expect(headingOf(page)).toBe('Your password is changed');
  expect(headingOf(await user.browser.open(page.url))).toBe('You are signed out');
  const stranger = createHttpBrowser();
  expect(headingOf(await stranger.open(`${page.url.href}?notice=password-changed`))).toBe('You are signed out');
});

it.each([
  ['a wrong old password', { old: 'Wrong-lantern-quartz-93' }, 'old_password', 'is not right'],
  ['no old password', { old: '' }, 'old_password', 'Type your password'],
  ['two entries that differ', { again: 'Other-lantern-quartz-93' }, 'new_password', 'differ'],
])('%s changes nothing and is told at its field', async (_what, entries, field, words) => {
  const user = await openPortal(account);
  const page = await change(user, 'Small-lantern-quartz-93', entries);
  expect([page.status, faultyField(page)]).toEqual([400, field]);
  expect(errorOn(page)).toContain(words);
  expect(page.html).toContain('<title>Error: ');
  expect(page.html).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"[^>]*aria-describedby="error`));
  expect(page.html).not.toContain('Small-lantern-quartz-93');
  expect(headingOf(await user.open(''))).toMatch(/^Hello/);
  expect(await opensPortal(user, user.password)).toBe(true);
});

it('every rule that a weak password breaks is named, each in its own words', async () => {
  const user = await openPortal(account);
  await account.manage('PATCH /account/password-policy', { minimumPasswordLength: 10, requireNumbers: true });
  const page = await change(user, 'short');
  expect([page.status, faultyField(page)]).toEqual([400, 'new_password']);
  expect(errorOn(page)).toContain('at least 10 characters');
  expect(errorOn(page)).toContain('a digit');
  const same = await change(user, user.password);
  expect(errorOn(same)).toContain('the one you were given, or have');
  expect(await opensPortal(user, user.password)).toBe(true);
});

it('too many wrong old passwords are told with the time to wait, and the right one waits too', async () => {
  const user = await openPortal(account);
  const tries = [];
  for (let count = 0; count < 12; count += 1)
    tries.push(await change(user, newPassword(), { old: 'Wrong-lantern-quartz-93' }));
  const last = tries.at(-1);
  expect(last?.status).toBe(429);
  expect(last?.html).toContain('data-countdown="');
  const next = newPassword();
  expect((await change(user, next)).status).toBe(429);
  expect(headingOf(await user.open(''))).toMatch(/^Hello/);
});

it('where users may not change it, the page says whom to ask and the form is refused', async () => {
  const other = await server.account();
  const user = await openPortal(other);
  const before = await user.open('/password');
  await other.manage('PATCH /account/security-preferences', { allowUserToChangePassword: false });
  await other.manage('PATCH /account', { helpText: 'Call 4711' });
  const page = await user.open('/password');
  expect([page.status, headingOf(page)]).toEqual([200, 'Password']);
  expect(page.html).toContain('administrators set the passwords');
  expect(page.html).toContain('Call 4711');
  expect(page.html).not.toContain('new_password');
  const next = newPassword();
  const fields = { old_password: user.password, new_password: next, confirm_password: next };
  const refused = await user.send(before, '/password', fields);
  expect(refused.status).toBe(403);
  expect(headingOf(await user.open(''))).toMatch(/^Hello/);
});
