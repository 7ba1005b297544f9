import { importJWK, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadIssuerKeys } from '../../src/domain/signing-keys/signing-keys.ts';
import { verifyLogoutToken } from '../support/callback-server.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { connectRelyingParty, type RelyingParty, type SignedIn } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { freePort } from '../support/throwaway-process.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('sign-out', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  let other: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    user = await account.createUser();
    app = await connectRelyingParty(account, { application: { backchannelLogoutUri: true } });
    other = await connectRelyingParty(account, { application: { backchannelLogoutUri: true } });
  });
  afterAll(() => Promise.all([app.close(), other.close()]));

  const endSession = (parameters: Readonly<Record<string, string>>) =>
    oidc.buildEndSessionUrl(app.configuration, parameters);
  const isSignedIn = async (browser: HttpBrowser): Promise<boolean> => {
    const page = await browser.open((await app.request({ prompt: 'none' })).url);
    return page.url.searchParams.has('code');
  };
  /** How many logout tokens an app has got, once all that are due were sent. */
  const toldTo = async (party: RelyingParty): Promise<number> => {
    await server().settleLogouts();
    return party.server.logoutTokens.length;
  };
  const isQuestion = ({ html }: BrowserPage): boolean => html.includes('id="stay"');

  it("with the session's own hint asks nothing, tells every app, and goes back with the state", async () => {
    const browser = createHttpBrowser();
    const first = await app.signIn(browser, user);
    const second = await other.signIn(browser, user);
    const [before, beforeOther] = [await toldTo(app), await toldTo(other)];
    const page = await browser.open(
      endSession({
        id_token_hint: idToken(first),
        post_logout_redirect_uri: app.server.signedOutUri,
        state: 'back again',
      }),
    );
    expect(page.url.href).toBe(`${app.server.signedOutUri}?state=back+again`);
    expect(await isSignedIn(browser)).toBe(false);

    expect(await toldTo(app)).toBe(before + 1);
    expect(await toldTo(other)).toBe(beforeOther + 1);
    const told = await verifyLogoutToken(
      app.server.logoutTokens.at(-1) ?? '',
      account.issuer,
      app.application.clientId,
    );
    expect(told).toMatchObject({ sub: user.userId, sid: first.claims['sid'] });
    const toldOther = await verifyLogoutToken(
      other.server.logoutTokens.at(-1) ?? '',
      account.issuer,
      other.application.clientId,
    );
    expect(toldOther).toMatchObject({ sub: user.userId, sid: second.claims['sid'] });
    await expectEnded(app, first);
    await expectEnded(other, second);
  });

  it('of one app leaves the same user signed in in another browser', async () => {
    const [here, there] = [createHttpBrowser(), createHttpBrowser()];
    const first = await app.signIn(here, user);
    const second = await app.signIn(there, user);
    await here.open(endSession({ id_token_hint: idToken(first) }));
    expect(await isSignedIn(here)).toBe(false);
    expect(await isSignedIn(there)).toBe(true);
    expect((await oidc.tokenIntrospection(app.configuration, second.tokens.access_token)).active).toBe(true);
  });

  it('a cookie kept from before opens nothing afterwards', async () => {
    const browser = createHttpBrowser();
    const { tokens } = await app.signIn(browser, user);
    const stolen = createHttpBrowser(browser.cookies.copy());
    expect(await isSignedIn(stolen)).toBe(true);
    await browser.open(endSession({ id_token_hint: tokens.id_token ?? '' }));
    expect(await isSignedIn(stolen)).toBe(false);
  });

  it.each<[string, (signedIn: SignedIn) => Promise<Record<string, string>>]>([
    ['no hint', () => Promise.resolve({})],
    ['a garbled hint', () => Promise.resolve({ id_token_hint: 'not.a.token' })],
    ['a hint that is no JWT', () => Promise.resolve({ id_token_hint: 'x' })],
    [
      'a hint with a broken signature',
      (signedIn) => Promise.resolve({ id_token_hint: `${idToken(signedIn).slice(0, -6)}AAAAAA` }),
    ],
    [
      "another app's hint beside this client_id",
      async () => ({ id_token_hint: idToken(await other.signIn(createHttpBrowser(), user)) }),
    ],
    [
      "the hint of the user's other session",
      async () => ({ id_token_hint: idToken(await app.signIn(createHttpBrowser(), user)) }),
    ],
    ['an expired hint of another session', () => expiredHint({ sub: user.userId, sid: 'another' })],
    ['an expired hint of another user', ({ claims }) => expiredHint({ sub: '100000000000000000', sid: claims['sid'] })],
  ])('with %s asks first, and staying changes nothing', async (_what, parametersOf) => {
    const browser = createHttpBrowser();
    const signedIn = await app.signIn(browser, user);
    const told = await toldTo(app);
    const parameters = {
      ...(await parametersOf(signedIn)),
      post_logout_redirect_uri: app.server.signedOutUri,
      state: 's',
    };
    const question = await browser.open(endSession(parameters));
    expect(question.status).toBe(200);
    expect(isQuestion(question)).toBe(true);
    await browser.submit(question, {}, { button: 'stay' });
    expect(await isSignedIn(browser)).toBe(true);
    expect(await toldTo(app)).toBe(told);

    const asked = await browser.open(endSession(parameters));
    const left = await browser.submit(asked, {}, { button: 'continue' });
    expect(left.url.href).toBe(`${app.server.signedOutUri}?state=s`);
    expect(await isSignedIn(browser)).toBe(false);
    expect(await toldTo(app)).toBe(told + 1);
    await expectEnded(app, signedIn);
  });

  it('an expired hint of this very session still says whose it is', async () => {
    const browser = createHttpBrowser();
    const { claims } = await app.signIn(browser, user);
    const page = await browser.open(endSession(await expiredHint({ sub: user.userId, sid: claims['sid'] })));
    expect(isQuestion(page)).toBe(false);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it.each([
    ['another machine', 'https://evil.example/'],
    ['below a registered one', 'below'],
    ['a script', 'javascript:alert(1)'],
  ])(
    'an address to go back to that is not registered (%s) is not gone to, and nobody is signed out',
    async (_what, address) => {
      const browser = createHttpBrowser();
      const signedIn = await app.signIn(browser, user);
      const uri = address === 'below' ? `${app.server.signedOutUri}/below` : address;
      const page = await browser.open(endSession({ id_token_hint: idToken(signedIn), post_logout_redirect_uri: uri }));
      expect(page.status).toBe(400);
      expect(page.leftFor).toBeUndefined();
      expect(await isSignedIn(browser)).toBe(true);
    },
  );

  it('a request posted by the app does the same as one by link', async () => {
    const browser = createHttpBrowser();
    const signedIn = await app.signIn(browser, user);
    const { origin, pathname } = endSession({});
    const fields = { id_token_hint: idToken(signedIn), post_logout_redirect_uri: app.server.signedOutUri };
    const page = await browser.open(`${origin}${pathname}`, { method: 'POST', fields });
    expect(page.url.href).toBe(app.server.signedOutUri);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('without an address to go back to, staying leads to the portal and leaving to a page that says so', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    const stayed = await browser.submit(await browser.open(endSession({})), {}, { button: 'stay' });
    expect(stayed.url.pathname).toBe(`/${account.alias}`);
    expect(await isSignedIn(browser)).toBe(true);
    const left = await browser.submit(await browser.open(endSession({})), {}, { button: 'continue' });
    expect([left.status, left.html.includes('You are signed out')]).toEqual([200, true]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('without a session goes back to the app all the same', async () => {
    const gone = createHttpBrowser();
    const signedIn = await app.signIn(gone, user);
    const stranger = createHttpBrowser();
    const page = await stranger.open(
      endSession({ id_token_hint: idToken(signedIn), post_logout_redirect_uri: app.server.signedOutUri }),
    );
    const landed = page.forms.length > 0 ? await stranger.submit(page, {}, { button: 'continue' }) : page;
    expect(landed.url.href).toBe(app.server.signedOutUri);
    expect(await isSignedIn(gone)).toBe(true);
  });

  it('at the portal ends everything of the session too', async () => {
    const browser = createHttpBrowser();
    const signedIn = await app.signIn(browser, user);
    const told = await toldTo(app);
    const portal = await browser.open(account.issuer);
    const done = await browser.submit(portal, {});
    expect(done.status).toBe(200);
    expect(done.url.pathname).toBe(`/${account.alias}/portal/signed-out`);
    expect(await toldTo(app)).toBe(told + 1);
    await expectEnded(app, signedIn);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('an app that joins while the answer to the question is under way is told too, and keeps nothing', async () => {
    const browser = createHttpBrowser();
    const signedIn = await app.signIn(browser, user);
    await other.signIn(createHttpBrowser(), user);
    const [told, toldOther] = [await toldTo(app), await toldTo(other)];
    const question = await browser.open(endSession({}));
    const { ephemeral } = server().backend;
    const remove = ephemeral.delete.bind(ephemeral);
    const otherTab = createHttpBrowser(browser.cookies.copy());
    let joined: SignedIn | undefined;
    // The session has been read, and the first thing taken back from it is the grant of the app that it was read with.
    const spy = vi.spyOn(ephemeral, 'delete').mockImplementation(async (key) => {
      if (joined === undefined && key.includes(':Grant:')) {
        spy.mockImplementation(remove);
        joined = await other.signIn(otherTab, user);
      }
      return await remove(key);
    });
    await browser.submit(question, {}, { button: 'continue' });
    if (joined === undefined) throw new Error('nothing was taken back');
    expect([(await toldTo(app)) - told, (await toldTo(other)) - toldOther]).toEqual([1, 1]);
    await expectEnded(app, signedIn);
    await expectEnded(other, joined);
    expect(await isSignedIn(otherTab)).toBe(false);
  });

  it('an app that does not answer keeps nobody signed in', async () => {
    const deaf = await connectRelyingParty(account, {
      application: { backchannelLogoutUri: `http://127.0.0.1:${await freePort()}/` },
    });
    const browser = createHttpBrowser();
    const signedIn = await app.signIn(browser, user);
    const unheard = await deaf.signIn(browser, user);
    const told = await toldTo(app);
    await browser.open(endSession({ id_token_hint: idToken(signedIn) }));
    expect(await toldTo(app)).toBe(told + 1);
    await expectEnded(deaf, unheard);
    await deaf.close();
  });

  it('offline access survives it, tokens bound to the session do not', async () => {
    const browser = createHttpBrowser();
    const bound = await app.signIn(browser, user);
    const offline = await other.signIn(browser, user, { scope: 'openid offline_access', prompt: 'consent' });
    expect(offline.tokens.scope).toContain('offline_access');
    await browser.open(endSession({ id_token_hint: idToken(bound) }));
    await expectEnded(app, bound);
    const renewed = await oidc.refreshTokenGrant(other.configuration, offline.tokens.refresh_token ?? '');
    expect(renewed.claims()?.sub).toBe(user.userId);
    await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
    await expect(oidc.refreshTokenGrant(other.configuration, renewed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await account.manage(`PATCH /users/${user.userName}`, { status: 'active' });
    await expect(oidc.refreshTokenGrant(other.configuration, renewed.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  const idToken = ({ tokens }: SignedIn): string => tokens.id_token ?? '';

  /** An ID token of ours that ended an hour ago, signed by the key that signs now. */
  async function expiredHint(claims: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
    const { keys } = await loadIssuerKeys(server().backend, account.accountId);
    const key = keys.find(({ alg }) => alg === 'ES256');
    if (key === undefined) throw new Error('no key');
    const past = Math.floor(Date.now() / 1000) - 7200;
    const hint = await new SignJWT({ ...claims, iat: past, exp: past + 3600 })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
      .setIssuer(account.issuer)
      .setAudience(app.application.clientId)
      .sign(await importJWK({ ...key.privateJwk, kty: 'EC' }, key.alg));
    return { id_token_hint: hint };
  }
});

async function expectEnded({ configuration }: RelyingParty, { tokens }: SignedIn): Promise<void> {
  expect(await oidc.tokenIntrospection(configuration, tokens.access_token)).toEqual({ active: false });
  await expect(oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await expect(oidc.fetchUserInfo(configuration, tokens.access_token, oidc.skipSubjectCheck)).rejects.toThrow();
}
