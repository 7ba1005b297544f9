import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyLogoutToken } from '../support/callback-server.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { accessKeyToken, callApi, type TestAccount, type TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

interface ShownSession {
  readonly id: string;
  readonly alias: string;
  readonly startedAt: string;
  readonly endsAt: string;
  readonly sourceIp: string;
  readonly userAgent: string | null;
  readonly current: boolean;
  readonly apps: readonly { readonly clientId: string; readonly displayName: string }[];
}

describeOverBothStores('the sessions of a user', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    app = await connectRelyingParty(account, { application: { backchannelLogoutUri: true } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    user = await account.createUser();
  });

  const path = () => `/users/${user.userName}/sessions`;
  const list = async () => (await account.manage(`GET ${path()}`))['items'] as ShownSession[];
  const isSignedIn = async (browser: HttpBrowser): Promise<boolean> => {
    const page = await browser.open((await app.request({ prompt: 'none' })).url);
    return page.url.searchParams.has('code');
  };
  const ownToken = async (): Promise<string> => {
    const made = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
      accessKey: { id: string; secret: string };
    };
    return await accessKeyToken(account.issuer, made.accessKey);
  };

  it('are shown with when, from where and for which apps, and nothing of them opens anything', async () => {
    expect(await list()).toEqual([]);
    const begun = Date.now();
    const [first, second] = [createHttpBrowser(), createHttpBrowser()];
    await logOnToPortal(first, account.issuer, user);
    await app.signIn(second, user);
    const sessions = await list();
    expect(sessions).toHaveLength(2);
    const ofApp = sessions.find(({ apps }) => apps.length > 0);
    const { clientId, displayName } = app.application;
    expect(ofApp).toMatchObject({ alias: account.alias, userAgent: 'node', apps: [{ clientId, displayName }] });
    expect(['127.0.0.1', '::1']).toContain(ofApp?.sourceIp);
    expect(Math.abs(Date.parse(ofApp?.startedAt ?? '') - begun)).toBeLessThan(30_000);
    const hours = (Date.parse(ofApp?.endsAt ?? '') - Date.parse(ofApp?.startedAt ?? '')) / 3_600_000;
    expect(hours).toBeCloseTo(6, 1);
    const shown = JSON.stringify(sessions);
    for (const browser of [first, second])
      for (const { value } of browser.cookies.all()) expect(shown).not.toContain(value.split('.')[0]);
    // As a cookie, an id is nobody.
    const forged = createHttpBrowser(second.cookies.copy());
    for (const cookie of forged.cookies.all())
      if (cookie.name.includes('session'))
        forged.cookies.store(new URL(account.issuer), [`${cookie.name}=${sessions[0]?.id}; Path=${cookie.path}`]);
    expect(await isSignedIn(forged)).toBe(false);
  });

  it('are one for one browser, however often it is used; a new logon in it is the same session, begun anew', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    const [before] = await list();
    expect(await isSignedIn(browser)).toBe(true);
    await app.signIn(browser, user, { prompt: 'login' });
    const after = await list();
    expect(after).toHaveLength(1);
    expect(Date.parse(after[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(before?.startedAt ?? ''));
  });

  it('one is ended before the call answers; its app is told, the others stay', async () => {
    const [here, there] = [createHttpBrowser(), createHttpBrowser()];
    const signedIn = await app.signIn(here, user);
    await app.signIn(there, user);
    await server().settleLogouts();
    const told = app.server.logoutTokens.length;
    const sidOf = signedIn.claims['sid'];
    const stolen = createHttpBrowser(here.cookies.copy());
    const sessions = await list();
    // The order of two logons in one second is nobody's promise: end one, and see which browser it was.
    expect((await account.api(`DELETE ${path()}/${sessions[0]?.id}`)).status).toBe(204);
    const states = [await isSignedIn(here), await isSignedIn(there)];
    expect(new Set(states)).toEqual(new Set([false, true]));
    expect(await list()).toEqual([sessions[1]]);
    await server().settleLogouts();
    expect(app.server.logoutTokens).toHaveLength(told + 1);
    const token = app.server.logoutTokens.at(-1) ?? '';
    const logout = await verifyLogoutToken(token, account.issuer, app.application.clientId);
    expect(logout.sub).toBe(user.userId);
    if (states[0] === false) {
      expect(logout['sid']).toBe(sidOf);
      expect(await isSignedIn(stolen)).toBe(false);
      const { active } = await oidc.tokenIntrospection(app.configuration, signedIn.tokens.access_token);
      expect(active).toBe(false);
    }
    expect((await account.api(`DELETE ${path()}/${sessions[0]?.id}`)).body['code']).toBe('EntityNotExist.User.Session');
  });

  it('all of them are ended at once, offline access excepted, and the log says by whom', async () => {
    const browsers = [createHttpBrowser(), createHttpBrowser(), createHttpBrowser()];
    for (const browser of browsers) await app.signIn(browser, user);
    const bystander = createHttpBrowser();
    await app.signIn(bystander, await account.createUser());
    const offline = await app.signIn(createHttpBrowser(), user, {
      scope: 'openid offline_access',
      prompt: 'consent',
    });
    expect((await account.api(`DELETE ${path()}`)).status).toBe(204);
    expect(await list()).toEqual([]);
    for (const browser of browsers) expect(await isSignedIn(browser)).toBe(false);
    expect(await isSignedIn(bystander)).toBe(true);
    const renewed = await oidc.refreshTokenGrant(app.configuration, offline.tokens.refresh_token ?? '');
    expect(renewed.access_token).toBeTruthy();
    const { items } = (await account.manage(`GET /audit-events?action=ram:DeleteSession`)) as {
      items: { outcome: string; userName: string; resource: string; details: unknown }[];
    };
    const resource = `acs:ram:*:${account.accountId}:user/${user.userName}`;
    expect(items.find((event) => event.resource === resource)).toMatchObject({
      outcome: 'success',
      userName: 'admin',
      details: { all: true, sessions: 4 },
    });
    // Nothing is left to end, and that is no fault.
    expect((await account.api(`DELETE ${path()}`)).status).toBe(204);
  });

  it('users see and end their own, and nobody else’s', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    const other = await account.createUser();
    const token = await ownToken();
    const { body } = await callApi(account.issuer, token, 'GET /me/sessions');
    expect(body['items']).toEqual(await list());
    const id = (body['items'] as ShownSession[])[0]?.id ?? '';
    expect((await callApi(account.issuer, token, `GET ${path()}`)).status).toBe(403);
    expect((await callApi(account.issuer, token, `DELETE /users/${other.userName}/sessions`)).status).toBe(403);
    expect((await account.api(`DELETE /users/${other.userName}/sessions/${id}`)).status).toBe(404);
    expect((await account.api(`DELETE /me/sessions/${id}`)).status).toBe(404);
    expect(await isSignedIn(browser)).toBe(true);
    expect((await callApi(account.issuer, token, `DELETE /me/sessions/${id}`)).status).toBe(204);
    expect(await isSignedIn(browser)).toBe(false);
    await app.signIn(browser, user);
    expect((await callApi(account.issuer, token, 'DELETE /me/sessions')).status).toBe(204);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('users end all others but the one they sit in front of, which their token names', async () => {
    const full = await connectRelyingParty(account, { application: { apiAccess: 'full' } });
    const [here, there] = [createHttpBrowser(), createHttpBrowser()];
    const asking = { scope: 'openid management:read management:full', resource: `${account.issuer}/api/v1` };
    const { tokens } = await full.signIn(here, user, asking);
    await app.signIn(there, user);
    const call = (line: string) => callApi(account.issuer, tokens.access_token, line);
    const own = (await call('GET /me/sessions')).body['items'] as ShownSession[];
    expect(own).toHaveLength(2);
    expect(own.filter(({ current }) => current)).toHaveLength(1);
    // Whoever looks from elsewhere sits in front of none of them.
    expect((await list()).map(({ current }) => current)).toEqual([false, false]);
    const current = own.find((session) => session.current)?.id ?? '';
    expect((await call(`DELETE /me/sessions?except=${current}x`)).status).toBe(400);
    expect(await list()).toHaveLength(2);
    expect((await call(`DELETE /me/sessions?except=${current}`)).status).toBe(204);
    expect((await list()).map(({ id }) => id)).toEqual([current]);
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
    const { items } = (await account.manage(`GET /audit-events?action=ram:DeleteSession`)) as {
      items: { userName: string; details: unknown }[];
    };
    expect(items.find(({ userName }) => userName === user.userName)).toMatchObject({
      details: { all: false, except: current, sessions: 1 },
    });
    expect((await call(`DELETE /me/sessions?except=${'x'.repeat(43)}`)).status).toBe(204);
    expect(await isSignedIn(here)).toBe(false);
    await full.close();
  });

  it('one that ended otherwise is not shown: by sign-out, or with everything else of its user', async () => {
    const browser = createHttpBrowser();
    const portal = await logOnToPortal(browser, account.issuer, user);
    expect(await list()).toHaveLength(1);
    await browser.submit(portal.page, {});
    expect(await list()).toEqual([]);
    await logOnToPortal(createHttpBrowser(), account.issuer, user);
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    expect(await list()).toEqual([]);
    await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    expect(await list()).toEqual([]);
  });
});
