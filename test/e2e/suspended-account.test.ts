import * as oidc from 'openid-client';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty, type RelyingParty, type SignedIn } from '../support/relying-party.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestUser,
} from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('an account that the platform ends', (server) => {
  let platform: TestAccount;
  let tenant: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  let browser: HttpBrowser;
  let signedIn: SignedIn;
  let apiToken: string;
  beforeAll(async () => {
    platform = await server().account(undefined, { isPlatform: true });
  });
  beforeEach(async () => {
    tenant = await server().account();
    user = await tenant.createUser();
    app = await connectRelyingParty(tenant);
    browser = createHttpBrowser();
    signedIn = await app.signIn(browser, user);
    apiToken = await accessKeyToken(tenant.issuer, key());
  });
  afterEach(() => app.close());

  const key = () => ({ id: tenant.handover.accessKeyId, secret: tenant.handover.accessKeySecret });
  const suspend = () => platform.manage(`PATCH /accounts/${tenant.accountId}`, { status: 'suspended' });
  const remove = () => platform.manage(`DELETE /accounts/${tenant.accountId}`);
  const bringBack = () => platform.manage(`PATCH /accounts/${tenant.accountId}`, { status: 'active' });
  const names = () => [tenant.alias, tenant.accountId];
  const get = (path: string, accept: string) =>
    fetch(server().origin + path, { headers: { accept }, redirect: 'manual' });

  it('suspended, says so at once: programs get JSON, people a page', async () => {
    await suspend();
    for (const name of names()) {
      for (const path of ['/.well-known/openid-configuration', '/oauth2/jwks', '/oauth2/authorize?client_id=x']) {
        const answer = await get(`/${name}${path}`, 'application/json');
        expect([answer.status, await answer.json()]).toEqual([
          403,
          { error: 'access_denied', error_description: 'this account is suspended' },
        ]);
      }
      for (const path of ['', '/portal/signed-out', '/oauth2/authorize?client_id=x']) {
        const page = await get(`/${name}${path}`, 'text/html');
        expect([page.status, (await page.text()).includes('This account is suspended')]).toEqual([403, true]);
      }
    }
  });

  it.each(['suspended', 'deleted'])('%s, keeps nobody signed in and answers no token', async (how) => {
    await (how === 'suspended' ? suspend() : remove());
    const status = how === 'suspended' ? 403 : 404;
    const { access_token: token, refresh_token: refreshToken = '' } = signedIn.tokens;
    expect((await browser.open((await app.request({ prompt: 'none' })).url)).status).toBe(status);
    await expect(oidc.refreshTokenGrant(app.configuration, refreshToken)).rejects.toMatchObject({ status });
    const authorization = `Bearer ${token}`;
    expect((await fetch(`${tenant.issuer}/oauth2/userinfo`, { headers: { authorization } })).status).toBe(status);
    expect((await requestAccessKeyToken(tenant.issuer, key())).status).toBe(status);
    for (const name of names()) {
      const api = await callApi(`${server().origin}/${name}`, apiToken, 'GET /users');
      expect([api.status, api.body['code']]).toEqual([401, 'InvalidAccessToken']);
      expect(api.body).not.toHaveProperty('items');
    }
  });

  it.each(['suspended', 'deleted'])('%s and brought back, serves again, but nothing from before does', async (how) => {
    await (how === 'suspended' ? suspend() : remove());
    await bringBack();
    const { access_token: token, refresh_token: refreshToken = '' } = signedIn.tokens;
    await expect(oidc.refreshTokenGrant(app.configuration, refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await oidc.tokenIntrospection(app.configuration, token)).toEqual({ active: false });
    expect((await callApi(tenant.issuer, apiToken, 'GET /users')).status).toBe(401);
    const page = await browser.open((await app.request({ prompt: 'none' })).url);
    expect(page.url.searchParams.get('error')).toBe('login_required');
    expect((await app.signIn(browser, user)).claims.sub).toBe(user.userId);
    expect(await tenant.manage('GET /account')).toMatchObject({ status: 'active', alias: tenant.alias });
  });

  it('deleted, is no issuer under any name', async () => {
    await remove();
    for (const name of names()) {
      const metadata = await get(`/${name}/.well-known/openid-configuration`, 'application/json');
      expect([metadata.status, await metadata.json()]).toMatchObject([404, { error: 'not_found' }]);
      expect((await get(`/${name}`, 'text/html')).status).toBe(404);
    }
  });

  it('leaves the others alone', async () => {
    const neighbour = await server().account();
    await suspend();
    expect((await neighbour.api('GET /account')).status).toBe(200);
    expect((await platform.api('GET /account')).body).toMatchObject({ isPlatform: true, status: 'active' });
  });
});
