import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { findForms } from '../../support/page-forms.ts';
import { headingOf, openPortal, type PortalUser } from '../../support/portal-driver.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

const shown = [
  ['', 'Hello,'],
  ['/details', 'Your details'],
  ['/password', 'Change your password'],
  ['/security', 'Security'],
  ['/sessions', 'Where you are signed in'],
  ['/apps', 'Apps with access'],
  ['/activity', 'Activity'],
] as const;

const forms = [
  ...['/password', '/security/rename', '/security/remove', '/security/passkey', '/security/passkey/proof'],
  ...['/security/app', '/security/app/begin', '/security/recovery-codes'],
  ...['/access-keys', '/access-keys/change', '/access-keys/delete'],
  ...['/sessions/end', '/sessions/end-others', '/sessions/end-all', '/sessions/forget', '/apps/withdraw', '/sign-out'],
];

let server: TestServer;
let account: TestAccount;
let user: PortalUser;
let other: PortalUser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  user = await openPortal(account);
  other = await openPortal(account);
});
afterAll(() => server.close());

describe('a user without any policy', () => {
  it.each(shown)('sees %s of the portal, kept by nobody, with no word of refusal', async (path, heading) => {
    const page = await user.open(path);
    expect([page.status, headingOf(page).startsWith(heading)]).toEqual([200, true]);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.html).toContain('aria-current="page"');
    for (const form of findForms(page.html)) expect(form.fields['csrf']).toMatch(/^[\w-]{43}$/);
  });

  it('is told that a part is closed to them, and finds no way there', async () => {
    const page = await user.open('/access-keys');
    expect([page.status, headingOf(page)]).toEqual([200, 'Access keys']);
    expect(page.html).toContain('This part is closed to you');
    expect((await user.open('')).html).not.toContain('/portal/access-keys');
  });

  it('sees what a policy that forbids it has closed said so, and is refused what is behind it', async () => {
    const elsewhere = await server.account();
    const barred = await openPortal(elsewhere);
    const policyDocument = {
      Version: '1',
      Statement: [{ Effect: 'Deny', Action: 'ram:ListSessions', Resource: '*' }],
    };
    await elsewhere.manage('POST /policies', { policyName: 'no-sessions', policyDocument });
    await elsewhere.manage(`PUT /users/${barred.userName}/policies/custom/no-sessions`);
    const page = await barred.open('/sessions');
    expect(page.html).toContain('This part is closed to you');
    expect(page.html).not.toContain('This browser');
    expect(headingOf(await barred.open('/activity'))).toBe('Activity');
  });
});

describe('whoever is not signed in', () => {
  it.each(shown)('comes to %s after the logon', async (path, heading) => {
    const browser = createHttpBrowser();
    const first = await browser.open(`${account.issuer}/portal${path}?username=${user.userName}`);
    expect(first.forms[0]?.fields['username']).toBe(user.userName);
    const { page } = await walkThroughLogon(browser, first, user);
    expect(page.url.pathname).toBe(`/${account.alias}/portal${path}`);
    expect(headingOf(page)).toMatch(new RegExp(`^${heading}`));
  });

  it.each(['https://evil.example', '//evil.example', '/acme/oauth2/logout', '../../..', 'sign-out', '__proto__'])(
    'is led to the first page of the portal by a state of %s',
    async (state) => {
      const answer = await fetch(`${account.issuer}/portal/callback?code=x&state=${encodeURIComponent(state)}`, {
        redirect: 'manual',
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, `/${account.alias}/portal`]);
    },
  );

  it.each(forms)('is led to the logon by a form to %s', async (path) => {
    const browser = createHttpBrowser();
    const answer = await browser.open(`${account.issuer}/portal${path}`, { method: 'POST', fields: { csrf: 'x' } });
    if (path === '/sign-out') expect(headingOf(answer)).toBe('You are signed out');
    else expect(stepOf(answer)).toBe('password');
  });
});

describe('a form of the portal', () => {
  it.each(forms)('to %s does nothing without the token of its session', async (path) => {
    const foreign = other.page.forms[0]?.fields['csrf'] ?? '';
    for (const fields of [{}, { csrf: 'A'.repeat(43) }, { csrf: foreign }]) {
      const answer = await user.browser.open(`${account.issuer}/portal${path}`, {
        ...{ method: 'POST', fields: { ...fields, old_password: user.password } },
        headers: { origin: server.origin, 'sec-fetch-site': 'same-origin' },
      });
      expect([answer.status, headingOf(answer)]).toEqual([403, 'This did not work']);
    }
    expect(headingOf(await user.open(''))).toMatch(/^Hello/);
  });

  it('does nothing when another site sends it, token or not', async () => {
    const page = await user.open('/sessions');
    const form = page.forms.find(({ action }) => action.endsWith('/sessions/end'));
    if (form === undefined) throw new Error('no form');
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect((await user.browser.submit(page, {}, { form, headers })).status).toBe(403);
    expect(headingOf(await user.open(''))).toMatch(/^Hello/);
  });
});

it('a session of one account shows nothing at another, nor do its cookies by hand', async () => {
  const other = await server.account();
  for (const [path] of shown) {
    const page = await user.browser.open(`${other.issuer}/portal${path}`);
    expect(stepOf(page), path).toBe('password');
    const cookie = user.browser.cookies.headerFor(new URL(`${account.issuer}/portal${path}`));
    expect(cookie).toContain('postern.session');
    const answer = await fetch(`${other.issuer}/portal${path}`, { headers: { cookie }, redirect: 'manual' });
    expect(answer.headers.get('location'), path).toContain('/oauth2/authorize');
    expect(await answer.text()).not.toContain(user.userName);
  }
});
