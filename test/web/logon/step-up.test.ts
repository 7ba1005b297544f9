import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import type { AuthenticatorApp } from '../../support/authenticator-app.ts';
import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, type Person, stepOf, walkThroughLogon, stepAddress } from '../../support/logon-driver.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import { createSecurityKey, type SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import type { TestAccount, TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const [pwd, mfa, phr] = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa', 'urn:postern:acr:phr'] as const;
const essential = (...values: string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
});
beforeEach(async () => {
  account = await server.account();
  app = await connectRelyingParty(account, { application: { displayName: 'Payroll' } });
  return () => app.close();
});
afterAll(() => server.close());

const withApp = async (user: TestUser): Promise<TestUser & { authenticator: AuthenticatorApp }> => ({
  ...user,
  authenticator: await giveAuthenticatorApp(server, account, user),
});

async function withKey<User extends TestUser>(user: User): Promise<User & { passkey: SoftwareAuthenticator }> {
  const passkey = createSecurityKey(server.origin);
  await givePasskey(server, account, user, passkey);
  return { ...user, passkey };
}

/** A browser in which a user is signed in with the password alone. */
async function signedIn(user: TestUser) {
  const browser = createHttpBrowser();
  const { claims } = await app.signIn(browser, user);
  expect(claims['acr']).toBe(pwd);
  return { browser, claims };
}

async function errorOf(browser: HttpBrowser, person: Person, parameters: Record<string, string>, party = app) {
  const request = await party.request(parameters);
  const course = await walkThroughLogon(browser, await browser.open(request.url), person);
  const { searchParams } = callbackOf(party, course.page);
  expect(searchParams.has('code')).toBe(false);
  expect(searchParams.get('state')).toBe(request.checks.expectedState);
  return [course.steps, searchParams.get('error')];
}

const sessionCookie = ({ cookies }: HttpBrowser) =>
  cookies.all().find(({ name, path }) => name === 'postern.session' && path === `/${account.alias}`)?.value;

const unmet = 'unmet_authentication_requirements';

describe('a session that is at a lower level than the app must have', () => {
  it('is asked for a second factor alone, and goes on under a new id at the level reached', async () => {
    const user = await account.createUser();
    const { browser, claims: before } = await signedIn(user);
    const person = await withApp(user);
    const cookieBefore = sessionCookie(browser);
    const after = await app.signIn(browser, person, essential(mfa));
    expect(after.course.steps).toEqual(['totp']);
    expect(after.claims).toMatchObject({
      ...{ sub: user.userId, sid: before['sid'], acr: mfa, amr: ['pwd', 'otp', 'mfa'] },
    });
    expect(after.claims['auth_time']).toBe(before['auth_time']);
    expect(sessionCookie(browser)).not.toBe(cookieBefore);
    expect((await app.signIn(browser, person, essential(mfa))).course.steps).toEqual([]);
    expect((await app.signIn(browser, person, essential(pwd))).claims['acr']).toBe(mfa);
  });

  it('climbs on to the highest level by a passkey, and keeps what it had proved', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withKey(await withApp(user));
    const totp = await browser.open((await app.request(essential(mfa))).url);
    expect(stepOf(totp)).toBe('passkey-factor');
    await browser.submit(totp, { step: 'totp', code: await person.authenticator.nextCode() });
    const { course, claims } = await app.signIn(browser, person, essential(phr));
    expect(course.steps).toEqual(['passkey-factor']);
    expect(claims).toMatchObject({ acr: phr, amr: ['pwd', 'otp', 'hwk', 'mfa'] });
    for (const weaker of [mfa, pwd])
      expect((await app.signIn(browser, person, essential(weaker))).course.steps).toEqual([]);
  });

  it('sees who is asked and for what app, and somebody else can log on instead', async () => {
    const [alice, bob] = [await account.createUser(), await account.createUser()];
    const { browser } = await signedIn(alice);
    await withApp(alice);
    const bobsApp = (await withApp(bob)).authenticator;
    const request = await app.request(essential(mfa));
    const page = await browser.open(request.url);
    expect(page.html).toContain('<bdi>Payroll</bdi></strong> asks you to confirm that it is you');
    expect(page.html).toContain(`<bdi>${alice.userName}@${account.alias}</bdi>`);
    const password = await browser.open(stepAddress(page, 'password'));
    expect([stepOf(password), password.html.includes(`Go on as ${alice.userName}@`)]).toEqual(['password', true]);
    const factor = await browser.submit(password, { username: bob.userName, password: bob.password });
    expect([stepOf(factor), factor.html.includes(`<bdi>${bob.userName}@`)]).toEqual(['totp', true]);
    expect(factor.html).not.toContain('factor=password');
    const handover = await browser.submit(factor, { code: await bobsApp.nextCode() });
    const arrived = await browser.submit(handover, {});
    const tokens = await app.redeem(request, callbackOf(app, arrived));
    expect(tokens.claims()).toMatchObject({ sub: bob.userId, acr: mfa });
  });

  it('begins with the password where a first factor is asked for as well', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withApp(user);
    for (const anew of [{ prompt: 'login' }, { max_age: '0' }, { login_hint: 'somebody-else' }])
      expect(stepOf(await browser.open((await app.request({ ...essential(mfa), ...anew })).url))).toBe('password');
    const { course } = await app.signIn(browser, person, { ...essential(mfa), prompt: 'login' });
    expect(course.steps).toEqual(['password', 'totp']);
  });

  it('five wrong codes void it: the password is asked for, and told why, once', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withApp(user);
    const page = await browser.open((await app.request(essential(mfa))).url);
    for (const code of ['000000', '000001', '000002', '000003'])
      expect((await browser.submit(page, { code })).status).toBe(401);
    const voided = await browser.submit(page, { code: '000004' });
    expect([stepOf(voided), voided.html.includes('wrong too many times')]).toEqual(['password', true]);
    const again = await browser.open(voided.url);
    expect([stepOf(again), again.html.includes('wrong too many times')]).toEqual(['password', false]);
    const late = await browser.submit(page, { code: await person.authenticator.nextCode() });
    expect(stepOf(late)).toBe('password');
    const course = await walkThroughLogon(browser, again, person);
    expect(course.steps).toEqual(['password', 'totp']);
    expect(callbackOf(app, course.page).searchParams.has('code')).toBe(true);
  });

  it('dies with its user’s epoch, and the step-up with it', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withApp(user);
    const page = await browser.open((await app.request(essential(mfa))).url);
    await account.manage(`PUT /users/${user.userName}/login-profile`, {
      password: user.password,
      resetRequired: false,
    });
    const late = await browser.submit(page, { code: await person.authenticator.nextCode() });
    expect([late.status, stepOf(late)]).toEqual([410, undefined]);
    expect(await errorOf(browser, person, { prompt: 'none' })).toEqual([[], 'login_required']);
  });

  it('prompt=none answers login_required, and the session stays as it was', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await withApp(user);
    expect(await errorOf(browser, person, { ...essential(mfa), prompt: 'none' })).toEqual([[], 'login_required']);
    expect((await app.signIn(browser, person, { prompt: 'none' })).claims['acr']).toBe(pwd);
  });
});

describe('a level that cannot be reached', () => {
  it.each([
    ['no factor at all', (user: TestUser): Promise<Person> => Promise.resolve(user)],
    ['an app alone', (user: TestUser): Promise<Person> => withApp(user)],
  ])('with %s ends in an error at the app, however often it is asked for, and changes nothing', async (_what, give) => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const person = await give(user);
    for (const parameters of [essential(phr), essential(phr), { ...essential(phr), prompt: 'none' }])
      expect(await errorOf(browser, person, parameters)).toEqual([[], unmet]);
    expect((await app.signIn(browser, person)).claims['acr']).toBe(pwd);

    const stranger = createHttpBrowser();
    for (let tries = 0; tries < 2; tries += 1)
      expect(await errorOf(stranger, person, essential(phr))).toEqual([['password'], unmet]);
    expect(await errorOf(stranger, person, { prompt: 'none' })).toEqual([[], 'login_required']);
    const events = await server.backend.db
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.outcome, 'refused')));
    expect(events.map(({ details }) => details)).toEqual(
      Array.from({ length: 2 }, () => ({ factor: 'level', reason: 'out of reach' })),
    );
  });

  it('a code of the app is neither offered nor taken where phishing-resistant is asked for', async () => {
    const user = await account.createUser();
    const person = await withKey(await withApp(user));
    const browser = createHttpBrowser();
    const request = await app.request(essential(phr));
    const factor = await browser.submit(await browser.open(request.url), {
      username: user.userName,
      password: user.password,
    });
    expect(stepOf(factor)).toBe('passkey-factor');
    for (const other of ['totp', 'recovery']) {
      expect(factor.html).not.toContain(`factor=${other}`);
      expect(stepOf(await browser.open(stepAddress(factor, other)))).toBe('passkey-factor');
    }
    const code = await person.authenticator.nextCode();
    const tried = await browser.submit(factor, { step: 'totp', code });
    expect([tried.status, stepOf(tried)]).toEqual([200, 'passkey-factor']);
    const page = await browser.submit(tried, { passkey_response: person.passkey.assert(passkeyOptionsOn(tried)) });
    const tokens = await app.redeem(request, callbackOf(app, page));
    expect(tokens.claims()).toMatchObject({ acr: phr, amr: ['pwd', 'hwk', 'mfa'] });
  });

  it('a second factor is bound on the way by whoever has none, after the password, unless the account forbids it', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    const { course, claims } = await app.signIn(browser, user, essential(mfa));
    expect([course.steps, claims['acr']]).toEqual([['password', 'bind', 'recovery-codes'], mfa]);

    const other = await account.createUser();
    const { browser: second } = await signedIn(other);
    await account.manage('PATCH /account/security-preferences', { allowUserToManageMFADevices: false });
    expect(await errorOf(second, other, essential(mfa))).toEqual([[], unmet]);
    expect(await errorOf(createHttpBrowser(), other, essential(mfa))).toEqual([['password'], unmet]);
    expect((await account.manage(`GET /users/${other.userName}/mfa-devices`))['items']).toEqual([]);
  });
});

describe('a level that the app would like', () => {
  it('is tried for where the user gets further by it', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    expect((await app.signIn(browser, user, { acr_values: `${phr} ${mfa}` })).course.steps).toEqual([]);
    const person = await withApp(user);
    const reached = await app.signIn(browser, person, { acr_values: `${phr} ${mfa}` });
    expect([reached.course.steps, reached.claims['acr']]).toEqual([['totp'], mfa]);
    expect((await app.signIn(browser, person, { acr_values: phr })).course.steps).toEqual([]);
    const strong = await withKey(person);
    expect((await app.signIn(browser, strong, { acr_values: `${phr} ${mfa}` })).course.steps).toEqual([]);
    const climbed = await app.signIn(browser, strong, { acr_values: phr });
    expect([climbed.course.steps, climbed.claims['acr']]).toEqual([['passkey-factor'], phr]);
  });

  it('can be done without: the session stays as it is, and the app gets what there is', async () => {
    const user = await account.createUser();
    const { browser, claims: before } = await signedIn(user);
    const person = await withKey(user);
    const cookieBefore = sessionCookie(browser);
    for (let times = 0; times < 2; times += 1) {
      const request = await app.request({ acr_values: phr });
      const page = await browser.open(request.url);
      expect([stepOf(page), page.html.includes('id="decline"')]).toEqual(['passkey-factor', true]);
      const tokens = await app.redeem(request, callbackOf(app, await browser.submit(page, {}, { button: 'decline' })));
      expect(tokens.claims()).toMatchObject({ acr: pwd, auth_time: before['auth_time'], sid: before['sid'] });
    }
    expect(sessionCookie(browser)).toBe(cookieBefore);
    expect((await app.signIn(browser, person, { acr_values: phr, prompt: 'none' })).claims['acr']).toBe(pwd);
  });

  it('cannot be declined where the app must have it', async () => {
    const user = await account.createUser();
    const { browser } = await signedIn(user);
    await withKey(user);
    const page = await browser.open((await app.request({ ...essential(phr), acr_values: phr })).url);
    expect(page.html).not.toContain('id="decline"');
    const answer = await browser.submit(page, { decision: 'decline' });
    expect([answer.status, stepOf(answer)]).toEqual([401, 'passkey-factor']);
  });
});
