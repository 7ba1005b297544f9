import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { callApi, requestAccessKeyToken, type TestAccount, type TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

interface Tenant {
  readonly account: TestAccount;
  readonly user: TestUser;
  readonly app: RelyingParty;
}

describeOverBothStores('two accounts in one browser', (server) => {
  let acme: Tenant;
  let beta: Tenant;
  beforeAll(async () => {
    [acme, beta] = await Promise.all([openTenant(), openTenant()]);
  });
  afterAll(() => Promise.all([acme.app.close(), beta.app.close()]));

  async function openTenant(): Promise<Tenant> {
    const account = await server().account();
    // The same name in both: only the account tells the users apart.
    const user = await account.createUser({ userName: 'alice' });
    return { account, user, app: await connectRelyingParty(account, { application: { backchannelLogoutUri: true } }) };
  }

  it('both are signed in at once, each as their own user, and signing out of one leaves the other', async () => {
    const browser = createHttpBrowser();
    const atAcme = await acme.app.signIn(browser, acme.user);
    const atBeta = await beta.app.signIn(browser, beta.user);
    expect([atAcme.claims.sub, atBeta.claims.sub]).toEqual([acme.user.userId, beta.user.userId]);
    expect(atAcme.claims['sid']).not.toBe(atBeta.claims['sid']);
    await browser.open(
      oidc.buildEndSessionUrl(acme.app.configuration, { id_token_hint: atAcme.tokens.id_token ?? '' }),
    );
    await server().settleLogouts();
    expect(acme.app.server.logoutTokens.length).toBe(1);
    expect(beta.app.server.logoutTokens.length).toBe(0);
    expect((await beta.app.signIn(browser, beta.user, { prompt: 'none' })).claims.sub).toBe(beta.user.userId);
    const gone = await browser.open((await acme.app.request({ prompt: 'none' })).url);
    expect(callbackOf(acme.app, gone).searchParams.get('error')).toBe('login_required');
  });

  it('logons under way in two tabs end where they were begun, whichever is finished first', async () => {
    const browser = createHttpBrowser();
    const [requestA, requestB] = [await acme.app.request(), await beta.app.request()];
    const [tabA, tabB] = [await browser.open(requestA.url), await browser.open(requestB.url)];
    const endB = await walkThroughLogon(browser, tabB, beta.user);
    const endA = await walkThroughLogon(browser, tabA, acme.user);
    expect((await acme.app.redeem(requestA, callbackOf(acme.app, endA.page))).claims()?.sub).toBe(acme.user.userId);
    expect((await beta.app.redeem(requestB, callbackOf(beta.app, endB.page))).claims()?.sub).toBe(beta.user.userId);
  });

  it('two tabs of one account do not share a logon', async () => {
    const browser = createHttpBrowser();
    const [first, second] = [await acme.app.request(), await acme.app.request()];
    const [tabOne, tabTwo] = [await browser.open(first.url), await browser.open(second.url)];
    expect(tabOne.url.pathname).not.toBe(tabTwo.url.pathname);
    const [endOne, endTwo] = [
      await walkThroughLogon(browser, tabOne, acme.user),
      await walkThroughLogon(browser, tabTwo, acme.user),
    ];
    expect((await acme.app.redeem(first, callbackOf(acme.app, endOne.page))).claims()?.sub).toBe(acme.user.userId);
    expect((await acme.app.redeem(second, callbackOf(acme.app, endTwo.page))).claims()?.sub).toBe(acme.user.userId);
  });

  it("a logon's page does not open in another browser, nor under another account", async () => {
    const browser = createHttpBrowser();
    const page = await browser.open((await acme.app.request()).url);
    const elsewhere = await createHttpBrowser().open(page.url);
    expect([elsewhere.status, elsewhere.forms.length]).toEqual([410, 0]);
    const moved = await browser.open(page.url.href.replace(acme.account.alias, beta.account.alias));
    expect([moved.status, moved.forms.length]).toEqual([410, 0]);
  });

  it("one account's password, code, token and keys are worth nothing at the other", async () => {
    const browser = createHttpBrowser();
    const wrong = await walkThroughLogon(browser, await browser.open(beta.account.issuer), acme.user);
    expect(wrong.page.status).toBe(401);

    const request = await acme.app.request();
    const finished = await walkThroughLogon(
      createHttpBrowser(),
      await createHttpBrowser().open(request.url),
      acme.user,
    );
    expect(finished.page.status).toBe(410);

    const { tokens } = await acme.app.signIn(createHttpBrowser(), acme.user);
    expect(await oidc.tokenIntrospection(beta.app.configuration, tokens.access_token)).toEqual({ active: false });
    const userinfo = await fetch(`${beta.account.issuer}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
    await expect(oidc.refreshTokenGrant(beta.app.configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });

    const { accessKeyId, accessKeySecret } = acme.account.handover;
    const token = await requestAccessKeyToken(beta.account.issuer, { id: accessKeyId, secret: accessKeySecret });
    expect([token.status, ((await token.json()) as { error: string }).error]).toEqual([401, 'invalid_client']);
  });

  it("one account's application is unknown at the other, and its management token opens nothing there", async () => {
    const { url } = await beta.app.request();
    url.searchParams.set('client_id', acme.app.application.clientId);
    expect((await createHttpBrowser().open(url)).status).toBe(400);
    const { accessKeyId, accessKeySecret } = acme.account.handover;
    const answer = await requestAccessKeyToken(acme.account.issuer, { id: accessKeyId, secret: accessKeySecret });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect((await callApi(acme.account.issuer, token, 'GET /users')).status).toBe(200);
    const elsewhere = await callApi(beta.account.issuer, token, 'GET /users');
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([401, 'InvalidAccessToken']);
    expect(elsewhere.body).not.toHaveProperty('items');
  });

  it('the account id serves as an issuer of its own, with the same users', async () => {
    const issuer = `${server().origin}/${acme.account.accountId}`;
    const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as { issuer: string };
    expect(metadata.issuer).toBe(issuer);
    const browser = createHttpBrowser();
    const portal = await walkThroughLogon(browser, await browser.open(issuer), acme.user);
    expect([portal.page.status, portal.page.url.pathname]).toEqual([200, `/${acme.account.accountId}/portal`]);
    expect(portal.page.html).toContain('alice@');
  });
});
