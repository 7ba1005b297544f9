import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty, type SignedIn } from '../support/relying-party.ts';
import { type ServerPair, startServerPair } from '../support/server-pair.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestUser,
} from '../support/test-account.ts';
import { describeWithPostgresAndRedis } from './over-both-stores.ts';

describeWithPostgresAndRedis('two processes sharing Postgres and Redis', () => {
  let pair: ServerPair;
  let account: TestAccount;
  let app: RelyingParty;
  beforeAll(async () => {
    pair = await startServerPair({ OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' });
    account = await pair.account();
    app = await connectRelyingParty(account);
  });
  afterAll(async () => {
    await app.close();
    await pair.close();
  });
  beforeEach(() => pair.routeTo('alternate'));

  const on = async <T>(process: 0 | 1, work: () => Promise<T>): Promise<T> => {
    pair.routeTo(process);
    try {
      return await work();
    } finally {
      pair.routeTo('alternate');
    }
  };
  const isSignedIn = async (browser: HttpBrowser): Promise<boolean> =>
    (await browser.open((await app.request({ prompt: 'none' })).url)).url.searchParams.has('code');

  it('a logon whose every request goes to the other process than the one before ends well', async () => {
    const user = await account.createUser({ resetRequired: true, mfaRequired: true });
    const before = pair.counts();
    const { claims, course } = await app.signIn(createHttpBrowser(), { ...user, newPassword: `${user.password}!` });
    expect(claims.sub).toBe(user.userId);
    expect(course.steps).toEqual(['password', 'reset', 'bind', 'recovery-codes']);
    const after = pair.counts();
    expect(after[0] - before[0]).toBeGreaterThan(4);
    expect(after[1] - before[1]).toBeGreaterThan(4);
  });

  it('what is added on one is usable on the other at once', async () => {
    // Both have seen the account before, so that a copy in memory would show.
    await on(0, () => account.api('GET /me'));
    await on(1, () => account.api('GET /me'));
    const [user, added] = await on(
      0,
      async () => [await account.createUser(), await connectRelyingParty(account)] as const,
    );
    const { claims } = await on(1, () => added.signIn(createHttpBrowser(), user));
    expect(claims.sub).toBe(user.userId);
    const key = (await on(0, () => account.manage(`POST /users/${user.userName}/access-keys`)))['accessKey'] as {
      id: string;
      secret: string;
    };
    const token = await on(1, () => accessKeyToken(account.issuer, key));
    expect((await on(0, () => callApi(account.issuer, token, 'GET /me'))).body['userName']).toBe(user.userName);
    const secret = await on(0, () => account.manage(`POST /applications/${added.application.clientId}/secrets`, {}));
    const rotated = oidc.ClientSecretBasic(String(secret['clientSecret']));
    const configuration = new oidc.Configuration(
      added.configuration.serverMetadata(),
      added.application.clientId,
      {},
      rotated,
    );
    oidc.allowInsecureRequests(configuration);
    expect(await on(1, () => oidc.tokenIntrospection(configuration, 'any'))).toEqual({ active: false });
    await added.close();
  });

  it('one-time things are taken once, though both processes are asked at the same moment', async () => {
    const user = await account.createUser();
    const request = await app.request();
    const browser = createHttpBrowser();
    const { page } = await walkThroughLogon(browser, await browser.open(request.url), user);
    const callback = callbackOf(app, page);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => app.redeem(request, callback)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { tokens } = await app.signIn(createHttpBrowser(), user);
    const refreshes = Array.from({ length: 6 }, () =>
      oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? ''),
    );
    expect((await Promise.allSettled(refreshes)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  interface Removal {
    readonly change: (subject: Subject) => Promise<unknown>;
    /** What must not work any more. */
    readonly ended: readonly ('session' | 'tokens' | 'offline' | 'key')[];
  }
  interface Subject {
    readonly user: TestUser;
    readonly party: RelyingParty;
    readonly key: { readonly id: string; readonly secret: string };
  }

  const removals: Record<string, Removal> = {
    'user frozen': {
      change: ({ user }) => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' }),
      ended: ['session', 'tokens', 'offline', 'key'],
    },
    'user deleted': {
      change: ({ user }) => account.manage(`DELETE /users/${user.userName}?cascade=true`),
      ended: ['session', 'tokens', 'offline', 'key'],
    },
    'password set by an administrator': {
      change: ({ user }) => account.manage(`PUT /users/${user.userName}/login-profile`, { generatePassword: true }),
      ended: ['session', 'tokens', 'offline'],
    },
    'login profile removed': {
      change: ({ user }) => account.manage(`DELETE /users/${user.userName}/login-profile`),
      ended: ['session', 'tokens', 'offline'],
    },
    'application deleted': {
      change: ({ party }) => account.manage(`DELETE /applications/${party.application.clientId}`),
      ended: ['tokens', 'offline'],
    },
    'access key disabled': {
      change: ({ user, key }) =>
        account.manage(`PATCH /users/${user.userName}/access-keys/${key.id}`, { status: 'inactive' }),
      ended: ['key'],
    },
    'access key deleted': {
      change: ({ user, key }) => account.manage(`DELETE /users/${user.userName}/access-keys/${key.id}`),
      ended: ['key'],
    },
  };

  it.each(Object.entries(removals))(
    '%s on one process holds on the other for the very next request',
    async (_what, { change, ended }) => {
      const user = await account.createUser();
      const party = await connectRelyingParty(account);
      const key = (await account.manage(`POST /users/${user.userName}/access-keys`))['accessKey'] as Subject['key'];
      const browser = createHttpBrowser();
      const bound = await party.signIn(browser, user);
      const offline = await party.signIn(createHttpBrowser(), user, {
        scope: 'openid offline_access',
        prompt: 'consent',
      });
      const token = await accessKeyToken(account.issuer, key);
      // The other process has all of it in memory by now.
      await on(1, () => assertAlive(party, bound, browser, token));

      await on(0, () => change({ user, party, key }));
      await on(1, async () => {
        const alive = await aliveThings(party, { bound, offline }, browser, { key, token });
        expect(alive).toEqual(
          ['session', 'tokens', 'offline', 'key'].filter((thing) => !(ended as readonly string[]).includes(thing)),
        );
      });
      await party.close();
    },
  );

  async function assertAlive(
    party: RelyingParty,
    { tokens, claims }: SignedIn,
    browser: HttpBrowser,
    token: string,
  ): Promise<void> {
    expect((await oidc.fetchUserInfo(party.configuration, tokens.access_token, claims.sub)).sub).toBe(claims.sub);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await callApi(account.issuer, token, 'GET /me')).status).toBe(200);
  }

  async function aliveThings(
    { configuration }: RelyingParty,
    { bound, offline }: Readonly<Record<'bound' | 'offline', SignedIn>>,
    browser: HttpBrowser,
    { key, token }: { readonly key: Subject['key']; readonly token: string },
  ): Promise<string[]> {
    const works = (attempt: Promise<unknown>) =>
      attempt.then(
        () => true,
        () => false,
      );
    const refreshes = ({ tokens }: SignedIn) =>
      works(oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? ''));
    const userinfo = await works(oidc.fetchUserInfo(configuration, bound.tokens.access_token, bound.claims.sub));
    const keyToken = (await callApi(account.issuer, token, 'GET /me')).status === 200;
    const keyItself = (await requestAccessKeyToken(account.issuer, key)).status === 200;
    // New credentials end what was made under the old ones; the key makes a new token.
    expect(keyToken && !keyItself).toBe(false);
    const results = {
      session: await isSignedIn(browser),
      tokens: userinfo,
      offline: await refreshes(offline),
      key: keyItself,
    };
    expect(await refreshes(bound)).toBe(userinfo);
    return Object.entries(results).flatMap(([name, alive]) => (alive ? [name] : []));
  }

  it('a redirect address removed on one is refused by the other at the very next request', async () => {
    const party = await connectRelyingParty(account);
    const request = await party.request();
    expect(stepOf(await on(1, () => createHttpBrowser().open(request.url)))).toBe('password');
    await on(0, () =>
      account.manage(`PATCH /applications/${party.application.clientId}`, {
        redirectUris: ['https://elsewhere.example/callback'],
      }),
    );
    const refused = await on(1, async () => createHttpBrowser().open((await party.request()).url));
    expect([refused.status, refused.leftFor]).toEqual([400, undefined]);
    await party.close();
  });

  it('a secret removed on one is refused by the other at the very next request', async () => {
    const party = await connectRelyingParty(account);
    const path = `/applications/${party.application.clientId}/secrets`;
    const { tokens } = await party.signIn(createHttpBrowser(), await account.createUser());
    expect((await on(1, () => oidc.tokenIntrospection(party.configuration, tokens.access_token))).active).toBe(true);
    const { items } = (await account.manage(`GET ${path}`)) as { items: { secretId: string }[] };
    await on(0, () => account.manage(`POST ${path}`, {}));
    await on(0, () => account.manage(`DELETE ${path}/${items[0]?.secretId}`));
    await expect(on(1, () => oidc.tokenIntrospection(party.configuration, tokens.access_token))).rejects.toMatchObject({
      status: 401,
    });
    await party.close();
  });

  it('a session ended on one is gone on the other at the very next request', async () => {
    const browser = createHttpBrowser();
    const { tokens } = await app.signIn(browser, await account.createUser());
    const copy = createHttpBrowser(browser.cookies.copy());
    expect(await on(1, () => isSignedIn(copy))).toBe(true);
    await on(0, () =>
      browser.open(oidc.buildEndSessionUrl(app.configuration, { id_token_hint: tokens.id_token ?? '' })),
    );
    expect(await on(1, () => isSignedIn(copy))).toBe(false);
    expect(await on(1, () => oidc.tokenIntrospection(app.configuration, tokens.access_token))).toEqual({
      active: false,
    });
  });

  it('a logon half done ends when its user is frozen, wherever it goes on', async () => {
    const user = await account.createUser({ resetRequired: true });
    const browser = createHttpBrowser();
    const first = await on(0, async () => browser.open((await app.request()).url));
    const reset = await on(1, () => browser.submit(first, { username: user.userName, password: user.password }));
    expect(stepOf(reset)).toBe('reset');
    await on(0, () => account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' }));
    const chosen = `${user.password}!`;
    const after = await on(1, () => browser.submit(reset, { new_password: chosen, confirm_password: chosen }));
    expect(stepOf(after)).toBe('password');
    await on(0, () => account.manage(`PATCH /users/${user.userName}`, { status: 'active' }));
    const tried = await on(1, () => browser.submit(after, { username: user.userName, password: chosen }));
    expect(tried.status).toBe(401);
  });
});
