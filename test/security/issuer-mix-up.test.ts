import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserPage, createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestApplication, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, obtainCode, obtainTokens } from './support/code-flow.ts';
import { hasCode } from './support/logon-start.ts';
import { sendRaw } from './support/raw-http.ts';

interface Tenant {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
}

describe('mix-up of issuers', () => {
  let server: TestServer;
  let a: Tenant;
  let b: Tenant;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    [a, b] = await Promise.all([newTenant(), newTenant()]);
  });
  afterAll(() => server.close());

  const newTenant = async (): Promise<Tenant> => {
    const account = await server.account();
    return { account, application: await account.createApplication(), user: await account.createUser() };
  };

  /** The cookies of these addresses, sent wherever the attacker likes. */
  const cookiesOf = (browser: ReturnType<typeof createHttpBrowser>, ...paths: string[]) =>
    [...new Set(paths.flatMap((path) => browser.cookies.headerFor(new URL(path, server.origin)).split('; ')))]
      .filter(Boolean)
      .join('; ');

  const formType = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

  /** Every step at which a logon at A can wait, with what would answer it. */
  const waiting: Readonly<
    Record<
      string,
      () => Promise<{
        browser: ReturnType<typeof createHttpBrowser>;
        page: BrowserPage;
        fields: Record<string, string>;
      }>
    >
  > = {
    password: async () => {
      const browser = createHttpBrowser();
      const page = await browser.open(authorizationUrl(a.account.issuer, a.application.clientId));
      return { browser, page, fields: { username: b.user.userName, password: b.user.password } };
    },
    reset: async () => {
      const user = await a.account.createUser({ resetRequired: true });
      const browser = createHttpBrowser();
      const first = await browser.open(authorizationUrl(a.account.issuer, a.application.clientId));
      const chosen = newPassword();
      return {
        browser,
        page: await browser.submit(first, { username: user.userName, password: user.password }),
        fields: { new_password: chosen, confirm_password: chosen },
      };
    },
    bind: async () => {
      const user = await a.account.createUser({ mfaRequired: true });
      const browser = createHttpBrowser();
      const first = await browser.open(authorizationUrl(a.account.issuer, a.application.clientId));
      return {
        browser,
        page: await browser.submit(first, { username: user.userName, password: user.password }),
        fields: { code: '000000' },
      };
    },
    consent: async () => {
      const third = await a.account.createApplication({ firstParty: false });
      const browser = createHttpBrowser();
      const first = await browser.open(authorizationUrl(a.account.issuer, third.clientId));
      return {
        browser,
        page: await browser.submit(first, { username: a.user.userName, password: a.user.password }),
        fields: { decision: 'approve' },
      };
    },
  };

  for (const step of Object.keys(waiting)) {
    it(`a logon that waits at A for "${step}" is unknown at B, whatever cookies come with it`, async () => {
      const begun = await waiting[step]?.();
      if (begun === undefined) throw new Error('no such step');
      const { browser, page, fields } = begun;
      expect(stepOf(page)).toBe(step);
      const uid = page.url.pathname.split('/').at(-1) ?? '';
      const cookie = cookiesOf(browser, page.url.pathname, `/${a.account.alias}/oauth2/authorize/${uid}`);
      const elsewhere = [b.account.alias, a.account.accountId, b.account.accountId];
      for (const name of elsewhere) {
        const body = new URLSearchParams({ ...page.forms[0]?.fields, ...fields }).toString();
        const posted = await sendRaw(server.origin, `/${name}/logon/${uid}`, {
          method: 'POST',
          headers: { ...formType, cookie },
          body,
        });
        expect([name, posted.status]).toEqual([name, 410]);
        const shown = await sendRaw(server.origin, `/${name}/logon/${uid}`, { headers: { cookie } });
        expect([name, shown.status]).toEqual([name, 410]);
        const resumed = await sendRaw(server.origin, `/${name}/oauth2/authorize/${uid}`, {
          headers: { cookie, accept: 'text/html' },
        });
        expect([name, resumed.status, resumed.headers.location]).toEqual([name, 400, undefined]);
      }
      // At A it waits as before: nothing of that counted as an answer.
      expect(stepOf(await browser.open(page.url))).toBe(step);
    });
  }

  it('credentials of B sign nobody in at A', async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(authorizationUrl(a.account.issuer, a.application.clientId));
    for (const userName of [
      b.user.userName,
      `${b.user.userName}@${b.account.alias}`,
      `${b.user.userName}@${b.account.alias}.localhost`,
      `${b.user.userName}@${b.account.accountId}`,
    ]) {
      const answer = await browser.submit(page, { username: userName, password: b.user.password });
      expect([userName, answer.status, hasCode(answer)]).toEqual([userName, 401, false]);
    }
  });

  it('the session of A is nothing at B, nor under another name of the same account', async () => {
    const browser = createHttpBrowser();
    await logOnToPortal(browser, a.account.issuer, a.user);
    const cookie = cookiesOf(browser, `/${a.account.alias}/portal`);
    expect((await sendRaw(server.origin, `/${a.account.alias}`, { headers: { cookie } })).status).toBe(200);
    for (const name of [b.account.alias, a.account.accountId]) {
      expect((await sendRaw(server.origin, `/${name}`, { headers: { cookie } })).status).toBe(303);
      const silent = authorizationUrl(
        `${server.origin}/${name}`,
        name === b.account.alias ? b.application.clientId : a.application.clientId,
        { prompt: 'none' },
      );
      const { headers } = await sendRaw(server.origin, silent.slice(server.origin.length), { headers: { cookie } });
      expect(headers.location).toContain('error=login_required');
    }
  });

  it('two accounts in one browser keep apart: each has its own session, and signing out of one leaves the other', async () => {
    const browser = createHttpBrowser();
    await logOnToPortal(browser, a.account.issuer, a.user);
    await logOnToPortal(browser, b.account.issuer, b.user);
    expect((await browser.open(a.account.issuer)).html).toContain(`${a.user.userName}@${a.account.alias}`);
    const portal = await browser.open(b.account.issuer);
    expect(portal.html).toContain(`${b.user.userName}@${b.account.alias}`);
    expect(portal.html).not.toContain(a.user.userName);
    await browser.submit(portal, {});
    expect((await browser.open(b.account.issuer)).html).not.toContain('sign-out');
    expect((await browser.open(a.account.issuer)).html).toContain(`${a.user.userName}@${a.account.alias}`);
  });

  it('an app of A is unknown at B', async () => {
    const page = await createHttpBrowser().open(authorizationUrl(b.account.issuer, a.application.clientId));
    expect([page.status, page.leftFor, page.forms.length]).toEqual([400, undefined, 0]);
  });

  it('every answer names the issuer it came from, refusals too', async () => {
    const browser = createHttpBrowser();
    const silent = await browser.open(authorizationUrl(a.account.issuer, a.application.clientId, { prompt: 'none' }));
    expect(silent.leftFor?.searchParams.get('iss')).toBe(a.account.issuer);
    const { browser: signedIn } = await obtainCode(a.account.issuer, a.application, a.user);
    const again = await signedIn.open(authorizationUrl(a.account.issuer, a.application.clientId, { prompt: 'none' }));
    expect([again.leftFor?.searchParams.get('iss'), hasCode(again)]).toEqual([a.account.issuer, true]);
    const { idToken } = await obtainTokens(b.account.issuer, b.application, b.user);
    expect(decodeJwt(idToken)).toMatchObject({ iss: b.account.issuer, aud: b.application.clientId });
  });
});
