import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet } from 'jose';
import * as oidc from 'openid-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyLogoutToken } from '../support/callback-server.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestUser,
} from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('a renamed account', (server) => {
  let account: TestAccount;
  let user: TestUser;
  /** Knows the issuer that the account had when it was set up. */
  let app: RelyingParty;
  let renamed: string;
  beforeEach(async () => {
    account = await server().account();
    user = await account.createUser();
    app = await connectRelyingParty(account, { application: { backchannelLogoutUri: true } });
    renamed = `r${randomBytes(5).toString('hex')}`;
  });
  afterEach(() => app.close());

  const issuerOf = (alias: string): string => `${server().origin}/${alias}`;
  const rename = (alias: string | null) => account.manage('PATCH /account', { alias });
  /** With a token of the account's present issuer. */
  const asRenamed = async (line: string, body?: unknown) => {
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    const token = await accessKeyToken(issuerOf(renamed), { id, secret });
    return await callApi(issuerOf(renamed), token, line, body);
  };
  const discovery = (alias: string) => fetch(`${issuerOf(alias)}/.well-known/openid-configuration`);
  const refresh = (tokens: { refresh_token?: string | undefined }) =>
    oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '');

  it('goes on signing people in to apps that know its former name, under that name and with the same keys', async () => {
    const before = await app.signIn(createHttpBrowser(), user);
    await rename(renamed);
    const browser = createHttpBrowser();
    const { claims, tokens } = await app.signIn(browser, user, { scope: 'openid profile' });
    expect([claims.iss, claims.sub]).toEqual([account.issuer, user.userId]);
    expect((await refresh(before.tokens)).claims()?.iss).toBe(account.issuer);
    const jwks = async (alias: string) => (await fetch(`${issuerOf(alias)}/oauth2/jwks`)).json() as Promise<unknown>;
    expect(await jwks(account.alias)).toEqual(await jwks(renamed));
    // Who somebody is follows the account's present name.
    const { upn } = await oidc.fetchUserInfo(app.configuration, tokens.access_token, user.userId);
    expect(upn).toBe(`${user.userName}@${renamed}.${server().config.logonDomain}`);
  });

  it('signs people in at its new name too, and a logon at one is none at the other', async () => {
    await rename(renamed);
    const newcomer = await connectRelyingParty(account, { issuer: issuerOf(renamed) });
    const browser = createHttpBrowser();
    expect((await newcomer.signIn(browser, user)).claims.iss).toBe(issuerOf(renamed));
    const elsewhere = await browser.open((await app.request({ prompt: 'none' })).url);
    expect(elsewhere.url.searchParams.get('error')).toBe('login_required');
    await newcomer.close();
  });

  it('logs people on by both names', async () => {
    await rename(renamed);
    for (const alias of [account.alias, renamed, account.accountId]) {
      const { page } = await logOnToPortal(createHttpBrowser(), issuerOf(alias), user);
      expect([page.status, page.url.pathname]).toEqual([200, `/${alias}/portal`]);
    }
  });

  it('tells an app of a sign-out under the name that the app knows', async () => {
    await rename(renamed);
    const browser = createHttpBrowser();
    const { tokens, claims } = await app.signIn(browser, user);
    await browser.open(oidc.buildEndSessionUrl(app.configuration, { id_token_hint: tokens.id_token ?? '' }));
    await server().settleLogouts();
    const [told = ''] = app.server.logoutTokens;
    // Refuses any other issuer.
    const token = await verifyLogoutToken(told, account.issuer, app.application.clientId);
    expect(token).toMatchObject({ sub: user.userId, sid: claims['sid'] });
  });

  it('ends a user everywhere at once', async () => {
    await rename(renamed);
    const newcomer = await connectRelyingParty(account, { issuer: issuerOf(renamed) });
    const [former, present] = [
      await app.signIn(createHttpBrowser(), user),
      await newcomer.signIn(createHttpBrowser(), user),
    ];
    expect((await asRenamed(`PATCH /users/${user.userName}`, { status: 'frozen' })).status).toBe(200);
    await expect(refresh(former.tokens)).rejects.toMatchObject({ error: 'invalid_grant' });
    for (const [party, { tokens }] of [[app, former] as const, [newcomer, present] as const]) {
      expect(await oidc.tokenIntrospection(party.configuration, tokens.access_token)).toEqual({ active: false });
    }
    await newcomer.close();
  });

  it('is no issuer under a former name that was released, from the answer on, and under the others it is', async () => {
    const { tokens } = await app.signIn(createHttpBrowser(), user);
    await rename(renamed);
    expect((await discovery(account.alias)).status).toBe(200);
    expect((await asRenamed(`DELETE /account/aliases/${account.alias}`)).status).toBe(204);

    const metadata = await discovery(account.alias);
    expect([metadata.status, await metadata.json()]).toEqual([404, expect.objectContaining({ error: 'not_found' })]);
    expect((await createHttpBrowser().open((await app.request()).url)).status).toBe(404);
    await expect(refresh(tokens)).rejects.toMatchObject({ status: 404 });
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    expect((await requestAccessKeyToken(account.issuer, { id, secret })).status).toBe(404);
    for (const alias of [renamed, account.accountId]) expect((await discovery(alias)).status).toBe(200);
  });

  it('that releases a former name has the apps told whose sessions began there, and no others', async () => {
    const { claims } = await app.signIn(createHttpBrowser(), user);
    await rename(renamed);
    const newcomer = await connectRelyingParty(account, {
      issuer: issuerOf(renamed),
      application: { backchannelLogoutUri: true },
    });
    const present = createHttpBrowser();
    const kept = await newcomer.signIn(present, user);
    expect((await asRenamed(`DELETE /account/aliases/${account.alias}`)).status).toBe(204);
    await server().settleLogouts();
    expect(app.server.logoutTokens).toHaveLength(1);
    const [token = ''] = app.server.logoutTokens;
    // The former name serves no keys any more; they are the account's.
    const keys = createRemoteJWKSet(new URL(`${issuerOf(renamed)}/oauth2/jwks`));
    const told = await verifyLogoutToken(token, account.issuer, app.application.clientId, keys);
    expect(told).toMatchObject({ iss: account.issuer, sub: user.userId, sid: claims['sid'] });
    expect(newcomer.server.logoutTokens).toEqual([]);
    const { tokens } = kept;
    expect((await oidc.tokenIntrospection(newcomer.configuration, tokens.access_token)).active).toBe(true);
    await newcomer.close();
  });

  it('that takes a released name back does not bring back what was issued under it', async () => {
    const browser = createHttpBrowser();
    const { tokens } = await app.signIn(browser, user);
    await rename(renamed);
    await asRenamed(`DELETE /account/aliases/${account.alias}`);
    await asRenamed('PATCH /account', { alias: account.alias });
    await expect(refresh(tokens)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await oidc.tokenIntrospection(app.configuration, tokens.access_token)).toEqual({ active: false });
    const page = await browser.open((await app.request({ prompt: 'none' })).url);
    expect(page.url.searchParams.get('error')).toBe('login_required');
    expect((await app.signIn(browser, user)).claims.sub).toBe(user.userId);
  });

  it('without a name goes by its id, and its last name stays an issuer', async () => {
    await rename(null);
    const body = await account.manage('GET /account');
    expect(body).toMatchObject({ alias: null, logonUrl: issuerOf(account.accountId) });
    expect((await app.signIn(createHttpBrowser(), user)).claims.iss).toBe(account.issuer);
  });
});
