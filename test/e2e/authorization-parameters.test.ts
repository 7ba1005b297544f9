import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { stepOf, walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

const mfa = 'urn:postern:acr:mfa';
const phr = 'urn:postern:acr:phr';
const essentialAcr = (values: readonly string[]) => JSON.stringify({ id_token: { acr: { essential: true, values } } });

describeOverBothStores('parameters of an authorization request', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  let thirdParty: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    user = await account.createUser();
    app = await connectRelyingParty(account);
    thirdParty = await connectRelyingParty(account, { application: { firstParty: false } });
  });
  afterAll(() => Promise.all([app.close(), thirdParty.close()]));

  /** The error that a request ends with at the app, asked with nothing to type. */
  async function errorOf(party: RelyingParty, browser: HttpBrowser, parameters: Readonly<Record<string, string>>) {
    const request = await party.request(parameters);
    const { searchParams } = callbackOf(party, await browser.open(request.url));
    expect(searchParams.has('code')).toBe(false);
    expect(searchParams.get('state')).toBe(request.checks.expectedState);
    expect(searchParams.get('iss')).toBe(account.issuer);
    return searchParams.get('error');
  }

  it('prompt=none answers login_required without a session, a code with one', async () => {
    const browser = createHttpBrowser();
    expect(await errorOf(app, browser, { prompt: 'none' })).toBe('login_required');
    const { claims } = await app.signIn(browser, user);
    const silent = await app.signIn(browser, user, { prompt: 'none' });
    expect(silent.course.steps).toEqual([]);
    expect(silent.claims).toMatchObject({ sub: user.userId, sid: claims['sid'], auth_time: claims['auth_time'] });
  });

  it('prompt=none answers consent_required to an app that nobody consented to', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    expect(await errorOf(thirdParty, browser, { prompt: 'none' })).toBe('consent_required');
  });

  it('prompt=none answers login_required once the user was frozen', async () => {
    const mortal = await account.createUser();
    const browser = createHttpBrowser();
    await app.signIn(browser, mortal);
    await account.manage(`PATCH /users/${mortal.userName}`, { status: 'frozen' });
    expect(await errorOf(app, browser, { prompt: 'none' })).toBe('login_required');
  });

  it('prompt=login asks again, and the session goes on under a new id with a new time', async () => {
    const browser = createHttpBrowser();
    const before = await app.signIn(browser, user);
    const cookieBefore = sessionCookie(browser);
    const after = await app.signIn(browser, user, { prompt: 'login' });
    expect(after.course.steps).toEqual(['password']);
    expect(after.claims['auth_time']).toBeGreaterThanOrEqual(before.claims['auth_time'] as number);
    expect(sessionCookie(browser)).not.toBe(cookieBefore);
  });

  it('a page of prompt=login left unanswered leaves the session as it was', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    expect(stepOf(await browser.open((await app.request({ prompt: 'login' })).url))).toBe('password');
    expect((await app.signIn(browser, user, { prompt: 'none' })).claims.sub).toBe(user.userId);
  });

  it('max_age=0 asks again; one that is not reached does not', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    expect((await app.signIn(browser, user, { max_age: '3600' })).course.steps).toEqual([]);
    expect((await app.signIn(browser, user, { max_age: '0' })).course.steps).toEqual(['password']);
  });

  it.each([['the name'], ['name@alias'], ['name@alias.domain']])('login_hint as %s fills in the name', async (form) => {
    const domain =
      { 'the name': '', 'name@alias': `@${account.alias}`, 'name@alias.domain': `@${account.alias}.localhost` }[form] ??
      '';
    const page = await createHttpBrowser().open((await app.request({ login_hint: `${user.userName}${domain}` })).url);
    expect(page.forms[0]?.fields['username']).toBe(user.userName);
  });

  it('login_hint is shown as text, whatever it holds', async () => {
    const hint = '"><script>alert(1)</script>';
    const page = await createHttpBrowser().open((await app.request({ login_hint: hint })).url);
    expect(page.html).not.toContain('<script>alert');
    expect(page.forms[0]?.fields['username']).toBe(hint);
  });

  it('an essential acr that nobody can reach ends in unmet_authentication_requirements, after one logon at most', async () => {
    const browser = createHttpBrowser();
    const request = await app.request({ claims: essentialAcr(['urn:example:impossible']) });
    const course = await walkThroughLogon(browser, await browser.open(request.url), user);
    expect(course.steps.length).toBeLessThanOrEqual(1);
    const { searchParams } = callbackOf(app, course.page);
    expect(searchParams.get('error')).toBe('unmet_authentication_requirements');
    expect(searchParams.has('code')).toBe(false);
    expect(await errorOf(app, browser, { claims: essentialAcr(['urn:example:impossible']) })).toBe(
      'unmet_authentication_requirements',
    );
  });

  it('an essential second factor of a user who has none is bound on the way', async () => {
    const weak = await account.createUser();
    const browser = createHttpBrowser();
    await app.signIn(browser, weak);
    const { course, claims } = await app.signIn(browser, weak, { claims: essentialAcr([mfa]) });
    expect([course.steps, claims['acr']]).toEqual([['password', 'bind', 'recovery-codes'], mfa]);
  });

  it('an essential level that the user cannot reach ends in unmet_authentication_requirements, however often', async () => {
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    for (let times = 0; times < 2; times += 1)
      expect(await errorOf(app, browser, { claims: essentialAcr([phr]) })).toBe('unmet_authentication_requirements');
    expect((await app.signIn(browser, user)).course.steps).toEqual([]);
  });

  it('an essential second factor of a user who has one is reached, and a weaker wish is met by it', async () => {
    const strong = await account.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const bound = await app.signIn(browser, strong);
    const person = { ...strong, ...(bound.course.authenticator && { authenticator: bound.course.authenticator }) };
    expect((await app.signIn(browser, person, { claims: essentialAcr([mfa]) })).claims['acr']).toBe(mfa);
    const weaker = await app.signIn(browser, person, { claims: essentialAcr(['urn:postern:acr:pwd']) });
    expect(weaker.course.steps).toEqual([]);
  });

  it('acr_values is a wish: what cannot be met is answered with what there is', async () => {
    const { claims } = await app.signIn(createHttpBrowser(), user, { acr_values: mfa });
    expect(claims).toMatchObject({ sub: user.userId, acr: 'urn:postern:acr:pwd' });
  });

  it.each([
    ['an unknown client', { client_id: 'app_00000000000000000000' }],
    ['an address that is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['an access key as client', { client_id: 'PSTK0000000000000000' }],
  ])('%s gets a page of refusal and is sent nowhere', async (_what, parameters) => {
    const { url } = await app.request();
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const page = await createHttpBrowser().open(url);
    expect(page.status).toBe(400);
    expect(page.leftFor).toBeUndefined();
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('location')).toBeNull();
  });

  it.each(['token', 'id_token', 'code token', 'code id_token', 'none'])(
    'response_type "%s" brings nothing',
    async (responseType) => {
      const page = await createHttpBrowser().open((await app.request({ response_type: responseType })).url);
      const arrived = page.leftFor ?? page.url;
      expect(`${arrived.search}${arrived.hash}`).toContain('unsupported_response_type');
      expect(`${arrived.search}${arrived.hash}`).not.toMatch(/[?&#](code|access_token|id_token)=/);
    },
  );
});

const sessionCookie = ({ cookies }: HttpBrowser): string | undefined =>
  cookies.all().find(({ name }) => name === 'postern.session')?.value;
