import { and, eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeys } from '../../src/storage/db/schema/access-keys.ts';
import { accounts } from '../../src/storage/db/schema/accounts.ts';
import { ephemeralEntries } from '../../src/storage/db/schema/ephemeral.ts';
import { describeWithPostgres } from '../support/describe-with-servers.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { startServerPair, type ServerPair } from '../support/server-pair.ts';
import {
  accessKeyToken,
  callApi,
  newPassword,
  requestAccessKeyToken,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  authorizationUrl,
  introspect,
  type IssuedCode,
  obtainCode,
  obtainTokens,
  redeemCode,
  refresh,
  userinfoStatus,
} from './support/code-flow.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { holdRequest } from './support/raw-http.ts';

interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Everything that a user of an app can hold. */
interface Holdings {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
  readonly key: AccessKey;
  readonly browser: HttpBrowser;
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string };
  readonly offline: { readonly accessToken: string; readonly refreshToken: string };
  readonly apiToken: string;
  readonly keyToken: string;
  readonly code: IssuedCode;
}

async function hold(account: TestAccount): Promise<Holdings> {
  const application = await account.createApplication({ apiAccess: 'full' });
  const user = await account.createUser();
  const { accessKey: key } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
    accessKey: AccessKey;
  };
  const { issuer } = account;
  const { browser, ...tokens } = await obtainTokens(issuer, application, user);
  const offline = await obtainTokens(issuer, application, user, {
    browser,
    parameters: { scope: 'openid offline_access', prompt: 'consent' },
  });
  const resource = `${issuer}/api/v1`;
  const forApi = await obtainCode(issuer, application, user, {
    browser,
    parameters: { scope: 'openid management:read management:full', resource },
  });
  const apiToken = await redeemForApi(issuer, application, forApi, resource);
  const code = await obtainCode(issuer, application, user, { browser });
  return {
    account,
    application,
    user,
    key,
    browser,
    tokens,
    offline,
    apiToken,
    keyToken: await accessKeyToken(issuer, key),
    code,
  };
}

async function redeemForApi(
  issuer: string,
  application: TestApplication,
  { code, verifier }: IssuedCode,
  resource: string,
): Promise<string> {
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${application.clientId}:${application.clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: 'https://app.example.com/callback',
      resource,
    }),
  });
  return ((await answer.json()) as { access_token?: string }).access_token ?? '';
}

/** What of it works: each thing tried at the place where it is used. Codes and refresh tokens are used up by it. */
async function whatWorks({
  account: { issuer },
  application,
  browser,
  tokens,
  offline,
  apiToken,
  keyToken,
  key,
  code,
  user,
}: Holdings) {
  const silent = await browser.open(authorizationUrl(issuer, application.clientId, { prompt: 'none' }));
  const fresh = await startLogon(issuer, application.clientId);
  const { page } = await walkThroughLogon(fresh.browser, fresh.page, user);
  return {
    accessToken: (await userinfoStatus(issuer, tokens.accessToken)) === 200,
    offlineAccessToken: (await userinfoStatus(issuer, offline.accessToken)) === 200,
    introspection: (await introspect(issuer, application, tokens.accessToken)).body['active'] === true,
    apiToken: (await callApi(issuer, apiToken, 'GET /me')).status === 200,
    keyToken: (await callApi(issuer, keyToken, 'GET /me')).status === 200,
    key: (await requestAccessKeyToken(issuer, key)).status === 200,
    portal: (await browser.open(issuer)).html.includes('sign-out'),
    session: hasCode(silent),
    code: (await redeemCode(issuer, application, code)).status === 200,
    refreshToken: (await refresh(issuer, application, tokens.refreshToken)).status === 200,
    offlineRefreshToken: (await refresh(issuer, application, offline.refreshToken)).status === 200,
    password: hasCode(page),
  };
}

type Works = Awaited<ReturnType<typeof whatWorks>>;

const everything: Works = {
  accessToken: true,
  offlineAccessToken: true,
  introspection: true,
  apiToken: true,
  keyToken: true,
  key: true,
  portal: true,
  session: true,
  code: true,
  refreshToken: true,
  offlineRefreshToken: true,
  password: true,
};
const nothing = Object.fromEntries(Object.keys(everything).map((name) => [name, false])) as unknown as Works;
/** Sessions, tokens and codes of a user are gone, and the key's tokens with them; the key itself is another thing. */
const onlyTheKey: Works = { ...nothing, key: true };
const ofTheAppAlone = {
  accessToken: false,
  offlineAccessToken: false,
  introspection: false,
  apiToken: false,
  code: false,
  refreshToken: false,
  offlineRefreshToken: false,
  session: false,
  password: false,
};

interface Removal {
  readonly name: string;
  readonly remove: (holdings: Holdings) => Promise<unknown>;
  readonly leaves: Works;
}

const removals: readonly Removal[] = [
  {
    name: 'freezing the user',
    remove: ({ account, user }) => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' }),
    leaves: nothing,
  },
  {
    name: 'deleting the user',
    remove: ({ account, user }) => account.manage(`DELETE /users/${user.userName}?cascade=true`),
    leaves: nothing,
  },
  {
    name: 'deleting the login profile',
    remove: ({ account, user }) => account.manage(`DELETE /users/${user.userName}/login-profile`),
    leaves: onlyTheKey,
  },
  {
    name: 'switching the login profile off',
    remove: ({ account, user }) => account.manage(`PUT /users/${user.userName}/login-profile`, { status: 'inactive' }),
    leaves: onlyTheKey,
  },
  {
    name: 'another password by an administrator',
    remove: ({ account, user }) =>
      account.manage(`PUT /users/${user.userName}/login-profile`, { password: newPassword() }),
    leaves: onlyTheKey,
  },
  {
    name: 'a demand for a second factor',
    remove: ({ account, user }) => account.manage(`PUT /users/${user.userName}/login-profile`, { mfaRequired: true }),
    leaves: { ...onlyTheKey, password: true },
  },
  {
    name: 'another password by the user',
    remove: async ({ account, user, keyToken }) => {
      const answer = await callApi(account.issuer, keyToken, 'POST /me/password', {
        oldPassword: user.password,
        newPassword: newPassword(),
      });
      expect(answer.status).toBe(204);
    },
    leaves: onlyTheKey,
  },
  {
    name: 'freezing and unfreezing',
    remove: async ({ account, user }) => {
      await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
      await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    },
    leaves: { ...onlyTheKey, password: true },
  },
  {
    name: 'switching the key off',
    remove: ({ account, user, key }) =>
      account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'inactive' }),
    leaves: { ...everything, keyToken: false, key: false },
  },
  {
    name: 'switching the key off and on',
    remove: async ({ account, user, key }) => {
      await account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'inactive' });
      await account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'active' });
    },
    leaves: { ...everything, keyToken: false },
  },
  {
    name: 'deleting the key',
    remove: ({ account, user, key }) => account.manage(`DELETE /users/${user.userName}/access-keys/${key.id}`),
    leaves: { ...everything, keyToken: false, key: false },
  },
  {
    name: 'deleting the application',
    remove: ({ account, application }) => account.manage(`DELETE /applications/${application.clientId}`),
    leaves: { ...everything, ...ofTheAppAlone },
  },
  {
    name: 'taking the application’s API access away',
    remove: ({ account, application }) =>
      account.manage(`PATCH /applications/${application.clientId}`, { apiAccess: 'none' }),
    leaves: { ...everything, ...ofTheAppAlone, session: true, password: true },
  },
  {
    name: 'replacing the application’s secret',
    remove: ({ account, application }) =>
      account.manage(`POST /applications/${application.clientId}/secrets`, { removeOthers: true }),
    // Tokens in the hands of the app stay good; whoever has only the old secret gets nothing more for them.
    leaves: { ...everything, introspection: false, code: false, refreshToken: false, offlineRefreshToken: false },
  },
];

describe('stale access', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(() => server.close());

  it('with nothing removed, everything works', async () => {
    expect(await whatWorks(await hold(account))).toEqual(everything);
  });

  it.each(removals)('$name ends what it must before it is answered, and nothing else', async ({ remove, leaves }) => {
    const holdings = await hold(account);
    await remove(holdings);
    expect(await whatWorks(holdings)).toEqual(leaves);
  });

  it('a key past its time, and its tokens, end by themselves', async () => {
    const holdings = await hold(account);
    await server.backend.db
      .update(accessKeys)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(accessKeys.accessKeyId, holdings.key.id));
    expect(await whatWorks(holdings)).toEqual({ ...everything, keyToken: false, key: false });
  });

  it('suspending the account ends everything in it, and nothing in another', async () => {
    const [suspended, other] = [await hold(await server.account()), await hold(account)];
    await server.backend.db
      .update(accounts)
      .set({ status: 'suspended' })
      .where(eq(accounts.accountId, suspended.account.accountId));
    const { issuer } = suspended.account;
    expect(await userinfoStatus(issuer, suspended.tokens.accessToken)).toBe(403);
    for (const token of [suspended.apiToken, suspended.keyToken])
      expect((await callApi(issuer, token, 'GET /me')).status).toBe(401);
    expect((await refresh(issuer, suspended.application, suspended.tokens.refreshToken)).status).toBe(403);
    expect((await redeemCode(issuer, suspended.application, suspended.code)).status).toBe(403);
    expect((await requestAccessKeyToken(issuer, suspended.key)).status).toBe(403);
    expect([
      (await suspended.browser.open(issuer)).status,
      (await startLogon(issuer, suspended.application.clientId)).page.status,
    ]).toEqual([403, 403]);
    expect(await whatWorks(other)).toEqual(everything);
  });

  it('a logon under way does not outlive the freezing of its user', async () => {
    const application = await account.createApplication();
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const bind = await browser.submit(page, { username: user.userName, password: user.password });
    expect(stepOf(bind)).toBe('bind');
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    const after = await walkThroughLogon(browser, await browser.submit(bind, { code: '000000' }), {
      ...user,
      password: 'wrong',
    });
    expect([after.steps, hasCode(after.page)]).toEqual([['password'], false]);
  });

  it('a logon handed over but not yet taken on does not outlive its user', async () => {
    const application = await account.createApplication();
    const user = await account.createUser();
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const handedOver = await browser.submit(
      page,
      { username: user.userName, password: user.password },
      { stopAt: ({ pathname }) => pathname.includes('/oauth2/authorize/') },
    );
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    const resumed = await browser.open(handedOver.leftFor ?? '');
    expect(hasCode(resumed)).toBe(false);
    expect((await browser.open(account.issuer)).html).not.toContain('sign-out');
  });

  it('a user of another name that was deleted does not come back with a new user of that name', async () => {
    const holdings = await hold(account);
    await account.manage(`DELETE /users/${holdings.user.userName}?cascade=true`);
    await account.createUser({ userName: holdings.user.userName });
    const works = await whatWorks(holdings);
    expect(works).toEqual(nothing);
  });

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

describeWithPostgres('stale access, removed on one process and used on the other', () => {
  let pair: ServerPair;
  beforeAll(async () => {
    pair = await startServerPair();
  });
  afterAll(() => pair.close());

  it.each(removals)('$name holds at once on the other process', async ({ remove, leaves }) => {
    pair.routeTo(1);
    const holdings = await hold(await pair.account());
    pair.routeTo(0);
    await remove(holdings);
    pair.routeTo(1);
    expect(await whatWorks(holdings)).toEqual(leaves);
  });
});
