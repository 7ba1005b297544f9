import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf, totpSecretOn, walkThroughLogon } from '../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { newPassword, type TestAccount } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

describeOverBothStores('what a logon requires', (server) => {
  let account: TestAccount;
  let app: RelyingParty;
  let thirdParty: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    app = await connectRelyingParty(account);
    thirdParty = await connectRelyingParty(account, {
      application: { firstParty: false, displayName: 'Field Reports' },
    });
  });
  afterAll(() => Promise.all([app.close(), thirdParty.close()]));

  it('a new user chooses a password, binds an app, keeps recovery codes, consents, and then signs in with what they have', async () => {
    const user = await account.createUser({ resetRequired: true, mfaRequired: true });
    const chosen = newPassword();
    const first = await thirdParty.signIn(
      createHttpBrowser(),
      { ...user, newPassword: chosen },
      { scope: 'openid profile' },
    );
    expect(first.course.steps).toEqual(['password', 'reset', 'bind', 'recovery-codes', 'consent']);
    expect(first.claims).toMatchObject({ sub: user.userId, acr: 'urn:postern:acr:mfa', amr: ['pwd', 'otp', 'mfa'] });
    expect(new Set(first.course.recoveryCodes).size).toBe(10);

    const { authenticator } = first.course;
    if (authenticator === undefined) throw new Error('nothing was bound');
    const person = { ...user, password: chosen, authenticator };
    const second = await thirdParty.signIn(createHttpBrowser(), person, { scope: 'openid profile' });
    expect(second.course.steps).toEqual(['password', 'totp']);
    expect(second.claims).toMatchObject({ acr: 'urn:postern:acr:mfa', amr: ['pwd', 'otp', 'mfa'] });

    const [recoveryCode = ''] = first.course.recoveryCodes;
    const third = await app.signIn(createHttpBrowser(), {
      ...person,
      recoveryCode: recoveryCode.toLowerCase().replaceAll('-', ' '),
    });
    expect(third.course.steps).toEqual(['password', 'totp']);
    expect(third.claims.sub).toBe(user.userId);

    const again = await logOnToPortal(createHttpBrowser(), account.issuer, { ...person, recoveryCode });
    expect(again.page.status).toBe(401);
    expect(errorOn(again.page)).toContain('used already');

    const old = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect(old.page.status).toBe(401);
    expect(stepOf(old.page)).toBe('password');
  });

  it('a code of the app opens one logon only', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { authenticator } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    if (authenticator === undefined) throw new Error('nothing was bound');
    const replayed = {
      secret: authenticator.secret,
      nextCode: () => Promise.resolve(authenticator.lastCode()),
      lastCode: authenticator.lastCode,
    };
    const bindCode = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, authenticator: replayed });
    expect(bindCode.page.status).toBe(401);
    const browser = createHttpBrowser();
    const good = await logOnToPortal(browser, account.issuer, { ...user, authenticator });
    expect(good.page.url.pathname).toBe(`/${account.alias}/portal`);
    const again = createHttpBrowser();
    const refused = await logOnToPortal(again, account.issuer, { ...user, authenticator: replayed });
    expect(refused.page.status).toBe(401);
    expect(
      again.cookies.all().some(({ name, path }) => name === 'postern.session' && path === `/${account.alias}`),
    ).toBe(false);
  });

  it('the seed offered stays the same while the page is opened again, and a wrong code binds nothing', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const password = await browser.open(account.issuer);
    const bind = await browser.submit(password, { username: user.userName, password: user.password });
    const secret = totpSecretOn(bind);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const reloaded = await browser.open(bind.url);
    expect(totpSecretOn(reloaded)).toBe(secret);
    const refused = await browser.submit(reloaded, { code: '000000' });
    expect([refused.status, stepOf(refused), totpSecretOn(refused)]).toEqual([401, 'bind', secret]);
    const elsewhere = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect(elsewhere.steps).toContain('bind');
  });

  it('a demand that comes up during a logon is asked for in that logon', async () => {
    const user = await account.createUser();
    const request = await app.request();
    const browser = createHttpBrowser();
    const page = await browser.open(request.url);
    await account.manage(`PUT /users/${user.userName}/login-profile`, { mfaRequired: true, resetRequired: true });
    const course = await walkThroughLogon(browser, page, { ...user, newPassword: newPassword() });
    expect(course.steps).toEqual(['password', 'reset', 'bind', 'recovery-codes']);
    expect((await app.redeem(request, callbackOf(app, course.page))).claims()?.sub).toBe(user.userId);
  });

  it('a second factor demanded of a live session is asked for before the next app gets a code', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    await app.signIn(browser, user);
    await account.manage(`PUT /users/${user.userName}/login-profile`, { mfaRequired: true });
    const { course, claims } = await app.signIn(browser, user);
    expect(course.steps).toContain('bind');
    expect(claims['acr']).toBe('urn:postern:acr:mfa');
  });

  it.each([
    ['too short', 'Sh0rt', /character/i],
    ['known from breaches', 'password1234', /./],
    ['the one given', undefined, /given/],
  ])(
    'a new password that is %s is refused, and the old one still leads to the same step',
    async (_what, typed, reason) => {
      const user = await account.createUser({ resetRequired: true });
      const refused = await logOnToPortal(createHttpBrowser(), account.issuer, {
        ...user,
        newPassword: typed ?? user.password,
      });
      expect(refused.page.status).toBe(400);
      expect(stepOf(refused.page)).toBe('reset');
      expect(errorOn(refused.page)).toMatch(reason);
      expect(
        (await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: newPassword() })).page.status,
      ).toBe(200);
    },
  );

  it('two entries that differ change nothing', async () => {
    const user = await account.createUser({ resetRequired: true });
    const browser = createHttpBrowser();
    const reset = await browser.submit(await browser.open(account.issuer), {
      username: user.userName,
      password: user.password,
    });
    const refused = await browser.submit(reset, { new_password: newPassword(), confirm_password: newPassword() });
    expect([refused.status, errorOn(refused)]).toEqual([400, 'The two entries differ.']);
    expect(
      (await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: newPassword() })).steps,
    ).toEqual(['password', 'reset']);
  });

  it('a denied app gets access_denied and no code, and is asked about again', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    const request = await thirdParty.request();
    const denied = await walkThroughLogon(browser, await browser.open(request.url), { ...user, decision: 'deny' });
    const { searchParams } = callbackOf(thirdParty, denied.page);
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe(request.checks.expectedState);
    expect(searchParams.get('iss')).toBe(account.issuer);
    expect(searchParams.has('code')).toBe(false);
    const again = await walkThroughLogon(browser, await browser.open((await thirdParty.request()).url), {
      ...user,
      decision: 'deny',
    });
    expect(again.steps).toEqual(['consent']);
  });

  it('consent once given holds for what it was given for, and more is asked for again', async () => {
    const user = await account.createUser();
    const consented = await thirdParty.signIn(createHttpBrowser(), user, { scope: 'openid profile' });
    expect(consented.course.steps).toEqual(['password', 'consent']);
    const browser = createHttpBrowser();
    expect((await thirdParty.signIn(browser, user, { scope: 'openid profile' })).course.steps).toEqual(['password']);
    expect((await thirdParty.signIn(browser, user, { scope: 'openid profile email' })).course.steps).toEqual([
      'consent',
    ]);
    expect((await thirdParty.signIn(browser, user, { scope: 'openid', prompt: 'consent' })).course.steps).toEqual([
      'consent',
    ]);
  });
});
