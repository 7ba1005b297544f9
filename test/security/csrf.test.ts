import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { consents } from '../../src/storage/db/schema/consents.ts';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, recoveryCodesOn, stepOf, totpSecretOn } from '../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestApplication, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, obtainTokens } from './support/code-flow.ts';
import { hasCode } from './support/logon-start.ts';
import { sendRaw } from './support/raw-http.ts';

interface OpenForm {
  readonly browser: HttpBrowser;
  readonly page: BrowserPage;
  /** What would answer the form rightly. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What a browser says of a form that another site made it send. */
const foreign: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'a sibling domain': { 'sec-fetch-site': 'same-site', origin: 'https://evil.localhost' },
  'a sandboxed frame of another site': { 'sec-fetch-site': 'cross-site', origin: 'null' },
  'another site, in an older browser': { origin: 'https://evil.example' },
  'another port, in an older browser': { origin: 'http://localhost:1' },
  'a look-alike, in an older browser': { origin: 'http://localhost.evil.example' },
  'a browser that says nonsense': { 'sec-fetch-site': 'same-origin, cross-site' },
};

describe('forms sent by other sites', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication();
  });
  afterAll(() => server.close());

  const open = async (clientId = application.clientId, browser = createHttpBrowser()) => ({
    browser,
    page: await browser.open(authorizationUrl(account.issuer, clientId)),
  });

  const afterPassword = async (user: TestUser, clientId?: string) => {
    const { browser, page } = await open(clientId);
    return { browser, page: await browser.submit(page, { username: user.userName, password: user.password }) };
  };

  const forms: Readonly<Record<string, () => Promise<OpenForm>>> = {
    password: async () => {
      const { userName, password } = await account.createUser();
      return { ...(await open()), fields: { username: userName, password } };
    },
    totp: async () => {
      const user = await account.createUser({ mfaRequired: true });
      const { authenticator } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
      return { ...(await afterPassword(user)), fields: { code: (await authenticator?.nextCode()) ?? '' } };
    },
    recovery: async () => {
      const user = await account.createUser({ mfaRequired: true });
      const { recoveryCodes } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
      const { browser, page } = await afterPassword(user);
      return {
        browser,
        page: await browser.open(`${page.url.origin}${page.url.pathname}?factor=recovery`),
        fields: { recovery_code: recoveryCodes[0] ?? '' },
      };
    },
    reset: async () => {
      const chosen = newPassword();
      return {
        ...(await afterPassword(await account.createUser({ resetRequired: true }))),
        fields: { new_password: chosen, confirm_password: chosen },
      };
    },
    bind: async () => {
      const begun = await afterPassword(await account.createUser({ mfaRequired: true }));
      return { ...begun, fields: { code: await codeAt(totpSecretOn(begun.page), Math.floor(Date.now() / 30_000)) } };
    },
    'recovery-codes': async () => {
      const { browser, page } = await afterPassword(await account.createUser({ mfaRequired: true }));
      const codes = await browser.submit(page, {
        code: await codeAt(totpSecretOn(page), Math.floor(Date.now() / 30_000)),
      });
      expect(recoveryCodesOn(codes)).toHaveLength(10);
      return { browser, page: codes, fields: {} };
    },
    consent: async () => {
      const third = await account.createApplication({ firstParty: false });
      return { ...(await afterPassword(await account.createUser(), third.clientId)), fields: { decision: 'approve' } };
    },
  };

  const countOf = async () => {
    const { db } = server.backend;
    return {
      events: await db.$count(auditEvents),
      consents: await db.$count(consents),
      profiles: await db.select({ hash: loginProfiles.passwordHash, at: loginProfiles.updatedAt }).from(loginProfiles),
    };
  };

  for (const step of Object.keys(forms)) {
    it(`the ${step} form is evaluated only when a page of ours sent it, with the token of this very logon`, async () => {
      const form = await forms[step]?.();
      if (form === undefined) throw new Error('no such form');
      const { browser, page, fields } = form;
      expect(stepOf(page)).toBe(step);
      const before = await countOf();
      const other = await open();
      const tokens = {
        none: undefined,
        empty: '',
        'another logon’s': other.page.forms[0]?.fields['csrf'] ?? '',
        'one character off': `${page.forms[0]?.fields['csrf'] ?? ''}x`,
      };
      for (const [name, csrf] of Object.entries(tokens)) {
        const { csrf: _own, ...rest } = page.forms[0]?.fields ?? {};
        const body = new URLSearchParams({ ...rest, ...fields, ...(csrf === undefined ? {} : { csrf }) }).toString();
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: browser.cookies.headerFor(page.url),
          'sec-fetch-site': 'same-origin',
        };
        const answer = await sendRaw(server.origin, page.url.pathname, { method: 'POST', headers, body });
        expect([name, answer.status]).toEqual([name, 403]);
      }
      for (const [name, headers] of Object.entries(foreign)) {
        const body = new URLSearchParams({ ...page.forms[0]?.fields, ...fields }).toString();
        const all = {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: browser.cookies.headerFor(page.url),
          ...headers,
        };
        const answer = await sendRaw(server.origin, page.url.pathname, { method: 'POST', headers: all, body });
        expect([name, answer.status]).toEqual([name, 403]);
      }
      expect(await countOf()).toEqual(before);
      // The right answer still does: nothing of that used it up.
      const accepted = await browser.submit(page, fields);
      expect(hasCode(accepted) || stepOf(accepted) !== step).toBe(true);
    });
  }

  const signedIn = async () => {
    const browser = createHttpBrowser();
    const { page } = await logOnToPortal(browser, account.issuer, await account.createUser());
    return { browser, page };
  };
  const isSignedIn = async (browser: HttpBrowser) => (await browser.open(account.issuer)).html.includes('sign-out');

  it('the portal signs nobody out for another site, or without the token of this session', async () => {
    const { browser, page } = await signedIn();
    const other = await signedIn();
    const own = page.forms[0]?.fields['csrf'] ?? '';
    const attempts = [
      ...Object.values(foreign).map((headers) => ({ headers, csrf: own })),
      ...[undefined, '', other.page.forms[0]?.fields['csrf'] ?? '', `${own}x`].map((csrf) => ({
        headers: { 'sec-fetch-site': 'same-origin' },
        csrf,
      })),
    ];
    for (const { headers, csrf } of attempts) {
      const all = {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: browser.cookies.headerFor(page.url),
        ...headers,
      };
      const body = csrf === undefined ? '' : new URLSearchParams({ csrf }).toString();
      const answer = await sendRaw(server.origin, `/${account.alias}/portal/sign-out`, {
        method: 'POST',
        headers: all,
        body,
      });
      expect(answer.status).toBe(403);
    }
    expect((await browser.open(`${account.issuer}/portal/sign-out`)).status).toBe(404);
    expect(await isSignedIn(browser)).toBe(true);
    await browser.submit(page, {});
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('an image or a link signs nobody out: without the hint of this session there is a question', async () => {
    const { browser, page } = await signedIn();
    const another = await obtainTokens(account.issuer, application, await account.createUser());
    const queries = [
      '',
      `client_id=${application.clientId}`,
      'client_id=postern-portal',
      'logout=yes&xsrf=',
      `id_token_hint=${another.idToken}`,
      `id_token_hint=${another.idToken.slice(0, -2)}`,
      'id_token_hint=eyJhbGciOiJub25lIn0.e30.',
      'logout_hint=x',
      'id_token_hint=a&id_token_hint=b',
    ];
    for (const query of queries) {
      const headers = {
        cookie: browser.cookies.headerFor(page.url),
        accept: 'text/html',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-dest': 'image',
      };
      const answer = await sendRaw(server.origin, `/${account.alias}/oauth2/logout?${query}`, { headers });
      expect([query, answer.status >= 500]).toEqual([query, false]);
      expect([query, await isSignedIn(browser)]).toEqual([query, true]);
    }
  });

  it('an ID token of an earlier session of the same user signs the present one out only after the question', async () => {
    const user = await account.createUser();
    const earlier = await obtainTokens(account.issuer, application, user);
    const { browser } = await obtainTokens(account.issuer, application, user);
    const question = await browser.open(`${account.issuer}/oauth2/logout?id_token_hint=${earlier.idToken}`);
    expect(question.forms).toHaveLength(1);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('the answer to the sign-out question needs the question’s own secret', async () => {
    const { browser } = await signedIn();
    const other = await signedIn();
    const foreignQuestion = await other.browser.open(`${account.issuer}/oauth2/logout`);
    const question = await browser.open(`${account.issuer}/oauth2/logout`);
    const action = new URL(question.forms[0]?.action ?? '', question.url).href;
    for (const xsrf of [undefined, '', 'x', foreignQuestion.forms[0]?.fields['xsrf'] ?? '']) {
      const fields = { logout: 'yes', ...(xsrf === undefined ? {} : { xsrf }) };
      const answer = await browser.open(action, { method: 'POST', fields });
      expect(answer.status).toBe(400);
      expect(await isSignedIn(browser)).toBe(true);
    }
    // To stay signed in is an answer too.
    await browser.submit(question, {});
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('the management API does nothing for a cookie', async () => {
    const { browser, page } = await signedIn();
    const headers = { cookie: browser.cookies.headerFor(page.url), 'content-type': 'application/json' };
    const before = await server.backend.db.$count(auditEvents, eq(auditEvents.action, 'ram:CreateUser'));
    const answer = await sendRaw(server.origin, `/${account.alias}/api/v1/users`, {
      method: 'POST',
      headers,
      body: '{"userName":"x","displayName":"x"}',
    });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(await server.backend.db.$count(auditEvents, eq(auditEvents.action, 'ram:CreateUser'))).toBe(before);
  });

  it('nobody may frame or read an answer from another site', async () => {
    const { page } = await open();
    const { browser, page: portal } = await signedIn();
    for (const answer of [
      page,
      portal,
      await browser.open(`${account.issuer}/oauth2/logout`),
      await browser.open(`${account.issuer}/oauth2/authorize?client_id=x`),
      await browser.open(`${server.origin}/`),
    ]) {
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
    }
    for (const path of ['', '/oauth2/authorize', '/oauth2/userinfo', '/oauth2/token', '/api/v1/users']) {
      const { headers } = await sendRaw(server.origin, `/${account.alias}${path}`, {
        headers: { origin: 'https://evil.example' },
      });
      expect([path, headers['access-control-allow-credentials']]).toEqual([path, undefined]);
    }
  });
});
