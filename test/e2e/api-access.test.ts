import * as oidc from 'openid-client';
import { beforeAll, afterAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { textOf } from '../support/page-forms.ts';
import { walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestUser,
} from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('tokens for the management API', (server) => {
  let account: TestAccount;
  let admin: TestUser;
  const apps: RelyingParty[] = [];
  beforeAll(async () => {
    account = await server().account();
    admin = await account.createUser();
    await account.manage(`PUT /users/${admin.userName}/policies/system/AdministratorAccess`);
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  async function connect(application: Readonly<Record<string, unknown>>): Promise<RelyingParty> {
    const app = await connectRelyingParty(account, { application });
    apps.push(app);
    return app;
  }
  const resource = () => `${account.issuer}/api/v1`;
  const asking = (scope: string) => ({ scope, resource: resource() });

  it.each([
    ['read', 'openid management:read', 403],
    ['full', 'openid management:read management:full', 201],
  ])(
    'an application with %s access acts for its user within it, after consent though it is first-party',
    async (apiAccess, scope, created) => {
      const app = await connect({ apiAccess });
      const { course, tokens } = await app.signIn(createHttpBrowser(), admin, asking(scope));
      expect(course.steps).toEqual(['password', 'consent']);
      expect(tokens.expires_in).toBeLessThanOrEqual(600);
      expect((await callApi(account.issuer, tokens.access_token, 'GET /users')).status).toBe(200);
      expect((await callApi(account.issuer, tokens.access_token, 'GET /me')).body['userName']).toBe(admin.userName);
      const userName = `made-with-${apiAccess}`;
      const attempt = await callApi(account.issuer, tokens.access_token, 'POST /users', {
        userName,
        displayName: userName,
      });
      expect(attempt.status).toBe(created);
      expect((await account.api(`GET /users/${userName}`)).status).toBe(created === 201 ? 200 : 404);
    },
  );

  it('a request for the resource that names no scope of it asks for consent like any other, and gets what the app may have', async () => {
    const app = await connect({ apiAccess: 'read', firstParty: true });
    const { course, tokens } = await app.signIn(createHttpBrowser(), admin, asking('openid'));
    expect(course.steps).toEqual(['password', 'consent']);
    expect(tokens.scope).toBe('management:read');
    expect((await callApi(account.issuer, tokens.access_token, 'GET /users')).status).toBe(200);
    const attempt = { userName: 'never-made', displayName: 'never made' };
    expect((await callApi(account.issuer, tokens.access_token, 'POST /users', attempt)).status).toBe(403);
    expect((await account.api('GET /users/never-made')).status).toBe(404);
  });

  it('a token of an access key that asked to read only may not change anything', async () => {
    const { accessKeyId, accessKeySecret } = account.handover;
    const ask = async (scope: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${account.issuer}/oauth2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', ...scope }),
      });
      return (await answer.json()) as { access_token: string; scope: string };
    };
    const reading = await ask({ scope: 'management:read' });
    expect(reading.scope).toBe('management:read');
    const attempt = { userName: 'never-by-key', displayName: 'never' };
    expect((await callApi(account.issuer, reading.access_token, 'POST /users', attempt)).status).toBe(403);
    expect((await account.api('GET /users/never-by-key')).status).toBe(404);
    expect((await callApi(account.issuer, reading.access_token, 'GET /users')).status).toBe(200);
    expect((await ask({})).scope).toBe('management:read management:full');
  });

  it('the consent page says what access to the account means', async () => {
    const app = await connect({ apiAccess: 'full' });
    const browser = createHttpBrowser();
    const page = await browser.open((await app.request(asking('openid management:read management:full'))).url);
    const consent = await browser.submit(page, { username: admin.userName, password: admin.password });
    expect(consent.html).toContain('Manage this account in your name');
    expect(textOf(consent.html, 'approve')).toBe('Allow');
    const denied = await browser.submit(consent, {}, { button: 'deny' });
    expect(callbackOf(app, denied).searchParams.get('error')).toBe('access_denied');
    expect(callbackOf(app, denied).searchParams.has('code')).toBe(false);
  });

  it('an application with read access that asks for more is given read', async () => {
    const app = await connect({ apiAccess: 'read' });
    const { tokens } = await app.signIn(createHttpBrowser(), admin, asking('openid management:read management:full'));
    expect(
      (await callApi(account.issuer, tokens.access_token, 'POST /users', { userName: 'never', displayName: 'never' }))
        .status,
    ).toBe(403);
    expect((await account.api('GET /users/never')).status).toBe(404);
  });

  it('an application without access is refused before anybody signs in', async () => {
    const app = await connect({ apiAccess: 'none' });
    const page = await createHttpBrowser().open((await app.request(asking('openid management:read'))).url);
    expect(callbackOf(app, page).searchParams.get('error')).toBe('invalid_target');
  });

  it.each(['https://api.example.com', 'other alias'])('a resource that is not ours (%s) is refused', async (target) => {
    const app = await connect({ apiAccess: 'full' });
    const foreign = target === 'other alias' ? `${server().origin}/another/api/v1` : target;
    const page = await createHttpBrowser().open((await app.request({ resource: foreign })).url);
    expect(callbackOf(app, page).searchParams.get('error')).toBe('invalid_target');
  });

  it('a token for userinfo does not open the API, nor an API token userinfo', async () => {
    const app = await connect({ apiAccess: 'full' });
    const plain = await app.signIn(createHttpBrowser(), admin);
    expect((await callApi(account.issuer, plain.tokens.access_token, 'GET /users')).status).toBe(401);
    const api = await app.signIn(createHttpBrowser(), admin, asking('openid management:read'));
    await expect(oidc.fetchUserInfo(app.configuration, api.tokens.access_token, admin.userId)).rejects.toThrow();
  });

  it('access withdrawn from an application ends the tokens it has', async () => {
    const app = await connect({ apiAccess: 'full' });
    const { tokens } = await app.signIn(createHttpBrowser(), admin, asking('openid management:read'));
    expect((await callApi(account.issuer, tokens.access_token, 'GET /users')).status).toBe(200);
    await account.manage(`PATCH /applications/${app.application.clientId}`, { apiAccess: 'none' });
    expect((await callApi(account.issuer, tokens.access_token, 'GET /users')).status).toBe(401);
    const { refresh_token: refreshToken } = tokens;
    if (refreshToken !== undefined) {
      await expect(oidc.refreshTokenGrant(app.configuration, refreshToken, { resource: resource() })).rejects.toThrow();
    }
  });

  it('what a user may not do, an application with full access may not do for them', async () => {
    const plain = await account.createUser();
    const app = await connect({ apiAccess: 'full' });
    const { tokens } = await app.signIn(createHttpBrowser(), plain, asking('openid management:read management:full'));
    const attempt = await callApi(account.issuer, tokens.access_token, 'POST /users', {
      userName: 'never',
      displayName: 'never',
    });
    expect(attempt.status).toBe(403);
    expect((await account.api('GET /users/never')).status).toBe(404);
  });

  it('an access key gets a token of ten minutes at most, and none once it or its user is disabled', async () => {
    const robot = await account.manage('POST /users', {
      userName: 'robot',
      displayName: 'robot',
      programmaticAccess: true,
    });
    const key = robot['accessKey'] as { id: string; secret: string };
    const answer = (await (await requestAccessKeyToken(account.issuer, key)).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ token_type: 'Bearer' });
    expect(answer['expires_in']).toBeLessThanOrEqual(600);
    expect(answer).not.toHaveProperty('refresh_token');
    expect((await callApi(account.issuer, String(answer['access_token']), 'GET /me')).body['userName']).toBe('robot');

    const steps: readonly [Record<string, unknown>, string][] = [
      [{ status: 'inactive' }, `PATCH /users/robot/access-keys/${key.id}`],
      [{ status: 'frozen' }, 'PATCH /users/robot'],
    ];
    for (const [change, line] of steps) {
      const token = await accessKeyToken(account.issuer, key);
      await account.manage(line, change);
      expect((await requestAccessKeyToken(account.issuer, key)).status).toBe(401);
      expect((await callApi(account.issuer, token, 'GET /me')).status).toBe(401);
      await account.manage(line, { status: 'active' });
      expect((await callApi(account.issuer, token, 'GET /me')).status).toBe(401);
    }
  });

  it("an access key's wrong secret is refused, and a right one in a form as well as in a header is taken", async () => {
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    expect((await requestAccessKeyToken(account.issuer, { id, secret: `${secret}x` })).status).toBe(401);
    const posted = await fetch(`${account.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
    });
    expect(posted.status).toBe(200);
  });

  it('no consent is remembered of a logon that was left at the question', async () => {
    const app = await connect({ apiAccess: 'full' });
    const browser = createHttpBrowser();
    const first = await browser.open((await app.request(asking('openid management:read'))).url);
    await browser.submit(first, { username: admin.userName, password: admin.password });
    const again = await walkThroughLogon(
      browser,
      await browser.open((await app.request(asking('openid management:read'))).url),
      {
        ...admin,
        decision: 'deny',
      },
    );
    expect(again.steps).toEqual(['consent']);
  });
});
