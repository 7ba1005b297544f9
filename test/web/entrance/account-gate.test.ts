import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn, walkThroughLogon } from '../../support/logon-driver.ts';
import { headingOf } from '../../support/portal-driver.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

it('tells password managers where a password is changed', async () => {
  const answer = await fetch(`${server.origin}/.well-known/change-password`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/-/account/password']);
});

it('tells where passkeys are set up and managed, by the configured address alone', async () => {
  const answer = await fetch(`${server.origin}/.well-known/passkey-endpoints`, { headers: { host: 'evil.example' } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const address = `${server.origin}/-/account/passkeys`;
  expect(await answer.json()).toEqual({ enroll: address, manage: address });
});

it.each([
  ['password', 'Change your password'],
  ['passkeys', 'Security'],
  ['sessions', 'Where you are signed in'],
])('%s: asks for the account, and after the logon that part of the portal is there', async (target, heading) => {
  const user = await account.createUser();
  const browser = createHttpBrowser();
  const gate = await browser.open(`${server.origin}/-/account/${target}`);
  expect(gate.headers.get('cache-control')).toBe('no-store');
  const logon = await browser.submit(gate, { username: `${user.userName}@${account.alias}` });
  expect(logon.forms[0]?.fields['username']).toBe(user.userName);
  const { page } = await walkThroughLogon(browser, logon, user);
  expect(headingOf(page)).toBe(heading);
  // Somebody who is signed in is there at once.
  const again = await browser.submit(gate, { username: `${user.userName}@${account.alias}` });
  expect(headingOf(again)).toBe(heading);
});

it.each([
  'alice',
  '',
  '@',
  'alice@nobody-has-this-alias',
  'alice@https://evil.example',
  'alice@//evil.example',
  'a@b@c',
])('"%s" leads nowhere and is told', async (username) => {
  const browser = createHttpBrowser();
  const gate = await browser.open(`${server.origin}/-/account/password`);
  const refused = await browser.submit(gate, { username });
  expect(refused.status).toBe(400);
  expect(refused.url.pathname).toBe('/-/account/password');
  expect(errorOn(refused)).toMatch(/user@alias|no account/);
  const repeated = await browser.submit(refused, { username: `x@${account.alias}` });
  expect(repeated.url.pathname).toMatch(new RegExp(`^/${account.alias}/logon/`));
});

it.each(['/-/account', '/-/account/', '/-/account/console', '/-/account/__proto__', '/-/account/password/x'])(
  'there is nothing at %s',
  async (path) => {
    expect((await fetch(`${server.origin}${path}`)).status).toBe(404);
    const posted = await fetch(`${server.origin}${path}`, {
      ...{ method: 'POST', redirect: 'manual' },
      body: new URLSearchParams({ username: `x@${account.alias}` }),
    });
    expect(posted.status).toBe(404);
  },
);
