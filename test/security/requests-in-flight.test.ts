import { and, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ephemeralEntries } from '../../src/storage/db/schema/ephemeral.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { type TestAccount } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  authorizationUrl,
  obtainCode,
  obtainTokens,
  redeemCode,
  refresh,
  userinfoStatus,
} from './support/code-flow.ts';
import { hasCode } from './support/logon-start.ts';
import { holdRequest } from './support/raw-http.ts';

describe('requests in flight while a session ends', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(() => server.close());

  const cookieHeader = (browser: HttpBrowser) => browser.cookies.headerFor(new URL(`${account.issuer}/portal`));
  const storedSessions = async (userId: string) =>
    await server.backend.db
      .select({ key: ephemeralEntries.key })
      .from(ephemeralEntries)
      .where(and(like(ephemeralEntries.key, 'oidc:%:Session:%'), like(ephemeralEntries.value, `%${userId}%`)));

  it.each(['portal', 'app'] as const)(
    'a request in flight does not bring back a session that was signed out of (%s)',
    async (where) => {
      const user = await account.createUser();
      const application = await account.createApplication();
      const { browser, idToken } = await obtainTokens(account.issuer, application, user);
      const stolen = browser.cookies.copy();
      const held = await holdRequest(
        `${account.issuer}/oauth2/logout/confirm`,
        { cookie: cookieHeader(browser) },
        'xsrf=x',
      );
      if (where === 'portal') await browser.submit(await browser.open(account.issuer), {});
      else await browser.open(`${account.issuer}/oauth2/logout?id_token_hint=${idToken}`);
      expect((await held.finish()).status).toBeLessThan(500);
      expect((await createHttpBrowser(stolen).open(account.issuer)).html).not.toContain('sign-out');
      expect(await storedSessions(user.userId)).toEqual([]);
    },
  );

  it('nor does one bring back a session of a user who was frozen', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, user);
    const stolen = browser.cookies.copy();
    const held = await holdRequest(
      `${account.issuer}/oauth2/logout/confirm`,
      { cookie: cookieHeader(browser) },
      'xsrf=x',
    );
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    expect((await held.finish()).status).toBeLessThan(500);
    await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    expect((await createHttpBrowser(stolen).open(account.issuer)).html).not.toContain('sign-out');
  });

  it('signing out ends the session even while another tab is given a new cookie for it', async () => {
    const user = await account.createUser();
    const third = await account.createApplication({ firstParty: false });
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, user);
    const question = await browser.open(`${account.issuer}/oauth2/logout`);
    const answer = new URLSearchParams({ ...question.forms[0]?.fields, logout: 'yes' }).toString();
    const held = await holdRequest(
      `${account.issuer}/oauth2/logout/confirm`,
      { cookie: cookieHeader(browser) },
      answer,
    );
    const consent = await browser.open(authorizationUrl(account.issuer, third.clientId));
    expect(hasCode(await browser.submit(consent, {}, { button: 'approve' }))).toBe(true);
    expect((await held.finish()).status).toBe(303);
    expect(await storedSessions(user.userId)).toEqual([]);
    expect((await browser.open(account.issuer)).html).not.toContain('sign-out');
  });

  it('apps that join a session at once are all remembered, so that sign-out reaches each', async () => {
    const user = await account.createUser();
    const apps = await Promise.all(Array.from({ length: 6 }, () => account.createApplication()));
    const browser = createHttpBrowser();
    await logOnToPortal(browser, account.issuer, user);
    const issued = await Promise.all(
      apps.map((app) => obtainCode(account.issuer, app, user, { browser: createHttpBrowser(browser.cookies.copy()) })),
    );
    const tokens = await Promise.all(
      apps.map(
        async (app, at) =>
          (await redeemCode(account.issuer, app, issued[at] ?? { code: '', verifier: '' })).body as Record<
            string,
            string
          >,
      ),
    );
    expect(await Promise.all(tokens.map((one) => userinfoStatus(account.issuer, one['access_token'] ?? '')))).toEqual(
      apps.map(() => 200),
    );
    await browser.submit(await browser.open(account.issuer), {});
    expect(await Promise.all(tokens.map((one) => userinfoStatus(account.issuer, one['access_token'] ?? '')))).toEqual(
      apps.map(() => 401),
    );
    const refreshed = await Promise.all(
      apps.map(
        async (app, at) => (await refresh(account.issuer, app, tokens[at]?.['refresh_token'] ?? '')).body['error'],
      ),
    );
    expect(refreshed).toEqual(apps.map(() => 'invalid_grant'));
  });

  it('nothing of all this ended as a fault of ours', () => {
    expect(
      server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
    ).toEqual([]);
  });
});
