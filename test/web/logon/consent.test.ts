import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consents } from '../../../src/storage/db/schema/consents.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { stepOf } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty, type SignInRequest } from '../../support/relying-party.ts';
import { callApi, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const titles = {
  profile: 'Your profile',
  email: 'Your e-mail address',
  phone: 'Your phone number',
  groups: 'Your groups',
  ram: 'Your account',
};

interface Asked {
  readonly app: RelyingParty;
  readonly user: TestUser;
  readonly request: SignInRequest;
  readonly browser: HttpBrowser;
  readonly page: BrowserPage;
}

describe('the question for consent', () => {
  let server: TestServer;
  let account: TestAccount;
  const apps: RelyingParty[] = [];
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await server.close();
  });

  /** A user signed in and asked. */
  async function ask(application: Record<string, unknown>, parameters: Record<string, string>): Promise<Asked> {
    const app = await connectRelyingParty(account, { application });
    apps.push(app);
    const user = await account.createUser();
    const request = await app.request(parameters);
    const browser = createHttpBrowser();
    const first = await browser.open(request.url);
    const page = await browser.submit(first, { username: user.userName, password: user.password });
    expect(stepOf(page)).toBe('consent');
    return { app, user, request, browser, page };
  }
  const approve = ({ browser, page }: Asked) => browser.submit(page, {}, { button: 'approve' });
  const named = ({ page }: Asked) =>
    Object.entries(titles).flatMap(([scope, title]) => (page.html.includes(title) ? [scope] : []));
  const remembered = async ({ user }: Asked): Promise<unknown> =>
    (await server.backend.db.select().from(consents).where(eq(consents.userId, user.userId)))[0]?.granted;

  it.each<[string, Record<string, unknown>, string[]]>([
    ['of userinfo', { userinfo: { email: null, phone_number: null, name: null } }, ['profile', 'email', 'phone']],
    ['of the ID token', { id_token: { aid: { essential: true }, groups: null } }, ['groups', 'ram']],
    ['of both', { userinfo: { upn: null }, id_token: { email: null } }, ['profile', 'email']],
    ['that every app gets', { id_token: { auth_time: null }, userinfo: {} }, []],
    ['that do not exist', { userinfo: { shoe_size: null } }, []],
  ])('names what single claims %s would tell, as it names scopes', async (_what, claims, scopes) => {
    const asked = await ask({ firstParty: false }, { claims: JSON.stringify(claims) });
    expect(named(asked)).toEqual(scopes);
  });

  it('names each thing once, whether asked for as scope or as claim or as both', async () => {
    const claims = JSON.stringify({ userinfo: { email: null } });
    const asked = await ask({ firstParty: false }, { scope: 'openid email groups', claims });
    expect(named(asked)).toEqual(['email', 'groups']);
    expect(asked.page.html.split(titles.email)).toHaveLength(2);
  });

  const full = 'openid management:read management:full';
  const resource = () => `${account.issuer}/api/v1`;
  const callAs = async ({ app, request }: Asked, arrived: BrowserPage, line: string, body?: unknown) => {
    const { access_token: token } = await app.redeem(request, callbackOf(app, arrived));
    return (await callApi(account.issuer, token, line, body)).status;
  };

  it('speaks of the access that was asked for, not of all that the app may have', async () => {
    const asked = await ask({ apiAccess: 'full' }, { scope: 'openid management:read', resource: resource() });
    expect(asked.page.html).toContain('Read this account');
    expect(asked.page.html).not.toContain('Manage this account');
  });

  it('approved after access was cut down, it gives what is left', async () => {
    const asked = await ask({ apiAccess: 'full' }, { scope: full, resource: resource() });
    await account.manage(`PUT /users/${asked.user.userName}/policies/system/AdministratorAccess`);
    await account.manage(`PATCH /applications/${asked.app.application.clientId}`, { apiAccess: 'read' });
    const arrived = await approve(asked);
    const userName = 'never-made-after-all';
    expect(await callAs(asked, arrived, 'POST /users', { userName, displayName: userName })).toBe(403);
    expect((await account.api(`GET /users/${userName}`)).status).toBe(404);
  });

  it('approved after access was withdrawn, it gives no code', async () => {
    const asked = await ask({ apiAccess: 'full' }, { scope: full, resource: resource() });
    await account.manage(`PATCH /applications/${asked.app.application.clientId}`, { apiAccess: 'none' });
    const arrived = await approve(asked);
    expect(arrived.url.searchParams.has('code')).toBe(false);
    expect(arrived.status).toBeLessThan(500);
  });

  it('access to the API is never remembered: it is asked for at every sign-in, scopes are not', async () => {
    const asked = await ask(
      { apiAccess: 'full', firstParty: false },
      { scope: `${full} profile`, resource: resource() },
    );
    expect(await callAs(asked, await approve(asked), 'GET /me')).toBe(200);
    expect(await remembered(asked)).toEqual({ scopes: ['openid', 'profile'] });
    const { app, user } = asked;
    const again = async (parameters: Record<string, string>) => {
      const browser = createHttpBrowser();
      const first = await browser.open((await app.request(parameters)).url);
      return await browser.submit(first, { username: user.userName, password: user.password });
    };
    expect(stepOf(await again({ scope: full, resource: resource() }))).toBe('consent');
    expect(callbackOf(app, await again({ scope: 'openid profile' })).searchParams.has('code')).toBe(true);
  });
});
