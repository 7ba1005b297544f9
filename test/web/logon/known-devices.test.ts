import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeTry } from '../../../src/domain/throttle/throttle.ts';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { authorizationUrl } from '../../security/support/code-flow.ts';
import { hasCode } from '../../security/support/logon-start.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { errorOn, stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestApplication, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const times = (count: number) => Array.from({ length: count }, (_none, at) => at);
const cookieName = 'postern.device';
const dayMs = 86_400_000;

describe('devices known to a user', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let alice: TestUser;
  beforeAll(async () => {
    // So that tests can come from any address.
    server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    account = await server.account();
    application = await account.createApplication();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    alice = await account.createUser();
  });

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address, 'user-agent': 'Firefox on Linux' } });
  const begin = (browser: HttpBrowser, issuer = account.issuer, app = application) =>
    browser.open(authorizationUrl(issuer, app.clientId));
  /** Enters name and password in a browser that has nothing but its device cookie. */
  const enter = async (
    browser: HttpBrowser,
    { userName, password }: Pick<TestUser, 'userName' | 'password'>,
    address = '192.0.2.1',
  ): Promise<BrowserPage> => {
    signOut(browser);
    return await browser.submit(await begin(browser), { username: userName, password }, from(address));
  };
  const signOut = ({ cookies }: HttpBrowser): void => cookies.remove(({ name }) => name !== cookieName);
  const deviceCookie = ({ cookies }: HttpBrowser) => cookies.all().find(({ name }) => name === cookieName);
  const tokensIn = (browser: HttpBrowser) => (deviceCookie(browser)?.value ?? '').split('.');
  const withCookie = (value: string): HttpBrowser => {
    const browser = createHttpBrowser();
    browser.cookies.store(new URL(account.issuer), [`${cookieName}=${value}; Path=/${account.alias}`]);
    return browser;
  };
  const knownBrowser = async (user: TestUser = alice): Promise<HttpBrowser> => {
    const browser = createHttpBrowser();
    expect(hasCode(await enter(browser, user))).toBe(true);
    return browser;
  };
  const stolen = (browser: HttpBrowser): HttpBrowser => createHttpBrowser(browser.cookies.copy());
  const rowsOf = ({ userId }: TestUser) =>
    server.backend.db.select().from(knownDevices).where(eq(knownDevices.userId, userId));
  const guess = (browser: HttpBrowser, user: TestUser, address?: string) =>
    enter(browser, { ...user, password: 'wrong' }, address);
  /** As after so many failures from many sources that no stranger is let in as this user for a while. */
  const shutOutStrangers = async ({ userName }: TestUser, { accountId }: TestAccount = account) => {
    const tried = { accountId, userName, factor: 'password' } as const;
    for (const at of times(50)) await takeTry(server.backend.ephemeral, { ...tried, sourceIp: `198.18.${at}.1` });
  };

  it('a complete logon leaves a cookie for this alias alone and its hash in the store; one that fails leaves none', async () => {
    const browser = createHttpBrowser();
    await guess(browser, alice);
    expect([deviceCookie(browser), await rowsOf(alice)]).toEqual([undefined, []]);
    expect(hasCode(await enter(browser, alice))).toBe(true);
    const cookie = deviceCookie(browser);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax', path: `/${account.alias}`, secure: false });
    expect(cookie?.value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Math.abs((cookie?.expiresAt ?? 0) - Date.now() - 180 * dayMs)).toBeLessThan(dayMs);
    const [row, ...others] = await rowsOf(alice);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ sourceIp: '192.0.2.1', userAgent: 'Firefox on Linux', mfaSavedUntil: null });
    expect(JSON.stringify(row)).not.toContain(cookie?.value);
  });

  it('the next logon keeps the cookie and the record; a cookie of another form is replaced', async () => {
    const browser = await knownBrowser();
    const before = [deviceCookie(browser)?.value, (await rowsOf(alice))[0]?.knownDeviceId];
    await enter(browser, alice, '198.51.100.4');
    const [row, ...others] = await rowsOf(alice);
    expect([deviceCookie(browser)?.value, row?.knownDeviceId]).toEqual(before);
    expect([row?.sourceIp, others]).toEqual(['198.51.100.4', []]);
    const odd = withCookie('abc');
    expect(hasCode(await enter(odd, alice))).toBe(true);
    expect(deviceCookie(odd)?.value).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('whoever guesses from everywhere keeps strangers out for a while, and never the owner on a known device', async () => {
    const home = await knownBrowser();
    for (const at of times(50)) expect((await guess(createHttpBrowser(), alice, `198.18.${at}.1`)).status).toBe(401);
    const abroad = await enter(createHttpBrowser(), alice, '198.51.100.9');
    expect([abroad.status, hasCode(abroad), stepOf(abroad)]).toEqual([429, false, 'password']);
    // How long tells that the name exists.
    expect(errorOn(abroad)).toContain('Too many tries');
    expect(abroad.html).not.toContain('data-countdown');
    const nobody = await enter(createHttpBrowser(), { userName: 'nobody', password: 'x' }, '198.51.100.9');
    expect(nobody.status).toBe(401);
    expect(hasCode(await enter(home, alice, '198.18.99.1'))).toBe(true);
    // And their success does not let the others go on.
    expect((await guess(createHttpBrowser(), alice, '198.18.98.1')).status).toBe(429);
  }, 120_000);

  it('on a known device ten tries are evaluated, then it says how long to wait; strangers are not held up by that', async () => {
    const home = await knownBrowser();
    const thief = stolen(home);
    for (const at of times(10)) expect((await guess(thief, alice, `198.18.${at}.2`)).status).toBe(401);
    const refused = await enter(thief, alice, '198.18.77.2');
    expect([refused.status, hasCode(refused)]).toEqual([429, false]);
    expect(refused.html).toMatch(/data-countdown="\d+"/);
    expect((await enter(home, alice)).status).toBe(429);
    expect(hasCode(await enter(createHttpBrowser(), alice, '198.51.100.10'))).toBe(true);
  });

  it('a device of one user is a stranger’s for the other in the same browser', async () => {
    const bob = await account.createUser();
    const shared = await knownBrowser(bob);
    await shutOutStrangers(alice);
    expect((await enter(shared, alice, '198.51.100.11')).status).toBe(429);
    expect(hasCode(await enter(shared, bob))).toBe(true);
    expect(await rowsOf(alice)).toEqual([]);
  });

  it('two users of one browser are both known there, each for themselves', async () => {
    const bob = await account.createUser();
    const shared = await knownBrowser(bob);
    expect(hasCode(await enter(shared, alice))).toBe(true);
    const [ofAlice, ofBob, ...more] = tokensIn(shared);
    expect([ofAlice === ofBob, more]).toEqual([false, []]);
    for (const user of [alice, bob]) await shutOutStrangers(user);
    expect(hasCode(await enter(shared, alice, '198.51.100.12'))).toBe(true);
    expect(hasCode(await enter(shared, bob, '198.51.100.12'))).toBe(true);
    expect(tokensIn(shared)).toEqual([ofBob, ofAlice]);
    expect([await rowsOf(alice), await rowsOf(bob)]).toEqual([[expect.anything()], [expect.anything()]]);
  });

  it('whoever used the browser before, or planted its cookie, is not known by it as those who come after', async () => {
    const mallory = await account.createUser();
    const machine = await knownBrowser(mallory);
    const copy = stolen(machine);
    expect(hasCode(await enter(machine, alice))).toBe(true);
    expect((await rowsOf(alice))[0]?.tokenHash).not.toBe((await rowsOf(mallory))[0]?.tokenHash);
    const planted = withCookie('P'.repeat(43));
    expect(hasCode(await enter(planted, alice))).toBe(true);
    expect(tokensIn(planted)).toEqual([expect.not.stringMatching('P'.repeat(43))]);
    await shutOutStrangers(alice);
    for (const browser of [copy, withCookie('P'.repeat(43))])
      expect((await enter(browser, alice, '198.51.100.16')).status).toBe(429);
    for (const browser of [machine, planted]) expect(hasCode(await enter(browser, alice, '198.51.100.16'))).toBe(true);
  });

  it('a logon elsewhere with a copied cookie changes nothing of those who are known by it', async () => {
    const mallory = await account.createUser();
    const home = await knownBrowser();
    const before = await rowsOf(alice);
    const copy = stolen(home);
    for (const _at of times(2)) expect(hasCode(await enter(copy, mallory, '198.51.100.17'))).toBe(true);
    expect(await rowsOf(alice)).toEqual(before);
    expect((await rowsOf(mallory)).map(({ tokenHash }) => tokenHash)).not.toContain(before[0]?.tokenHash);
    await shutOutStrangers(alice);
    expect(hasCode(await enter(home, alice, '198.51.100.18'))).toBe(true);
  });

  it('six users of one browser are known at most: the one who was not there for longest is a stranger', async () => {
    const others = await Promise.all(times(6).map(() => account.createUser()));
    const shared = await knownBrowser();
    for (const user of others) expect(hasCode(await enter(shared, user))).toBe(true);
    expect(tokensIn(shared)).toHaveLength(6);
    const [second = alice] = others;
    for (const user of [alice, second]) await shutOutStrangers(user);
    expect((await enter(shared, alice, '198.51.100.19')).status).toBe(429);
    expect(hasCode(await enter(shared, second, '198.51.100.19'))).toBe(true);
  }, 60_000);

  it('a token that its user is known by no more gives way to the new one; the other user of the browser stays known', async () => {
    const bob = await account.createUser();
    const shared = await knownBrowser(bob);
    await enter(shared, alice);
    const [former, ofBob] = tokensIn(shared);
    await account.manage(`DELETE /users/${alice.userName}/devices`);
    expect(hasCode(await enter(shared, alice))).toBe(true);
    expect(tokensIn(shared)).toEqual([expect.not.stringMatching(`^${former}$`), ofBob]);
  });

  it('a cookie of another form or size says nothing, fails nothing, and is replaced', async () => {
    const token = deviceCookie(await knownBrowser())?.value ?? '';
    const odd = [
      Array.from({ length: 7 }, () => token).join('.'),
      ...[`${token}.`, `.${token}`, `${token}..${token}`, `${token}x`, `${token}.x`, `"${token}"`, token.slice(1)],
      ...['', '.', '%00', `${token}%2E${token}`, `${token},${token}`, 'x'.repeat(3000)],
    ];
    await shutOutStrangers(alice);
    for (const value of odd)
      expect([value, (await enter(withCookie(value), alice, '198.51.100.20')).status]).toEqual([value, 429]);
    const bob = await account.createUser();
    for (const value of odd.slice(0, 2)) {
      const browser = withCookie(value);
      expect(hasCode(await enter(browser, bob))).toBe(true);
      expect(tokensIn(browser)).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    }
    // The same once more is still one token.
    expect(hasCode(await enter(withCookie(`${token}.${token}`), alice, '198.51.100.21'))).toBe(true);
  });

  it('the cookie of another alias says nothing, not even of the same account and user', async () => {
    const own = await server.account();
    const app = await own.createApplication();
    const user = await own.createUser();
    const at = async (issuer: string, browser: HttpBrowser, password: string, address: string) => {
      signOut(browser);
      const page = await begin(browser, issuer, app);
      return await browser.submit(page, { username: user.userName, password }, from(address));
    };
    const browser = createHttpBrowser();
    expect(hasCode(await at(own.issuer, browser, user.password, '192.0.2.1'))).toBe(true);
    await shutOutStrangers(user, own);
    const byId = `${server.origin}/${own.accountId}`;
    browser.cookies.store(new URL(byId), [`${cookieName}=${deviceCookie(browser)?.value}; Path=/${own.accountId}`]);
    expect((await at(byId, browser, user.password, '198.51.100.13')).status).toBe(429);
    expect(hasCode(await at(own.issuer, browser, user.password, '198.51.100.13'))).toBe(true);
  });

  it.each<[string, (user: TestUser) => Promise<TestUser>]>([
    [
      'an administrator sets another password',
      async (user) => {
        const password = newPassword();
        await account.manage(`PUT /users/${user.userName}/login-profile`, { password, resetRequired: false });
        return { ...user, password };
      },
    ],
    [
      'the user is frozen for a moment',
      async (user) => {
        for (const status of ['frozen', 'active']) await account.manage(`PATCH /users/${user.userName}`, { status });
        return user;
      },
    ],
    [
      'the devices are forgotten',
      async (user) => {
        await account.manage(`DELETE /users/${user.userName}/devices`);
        return user;
      },
    ],
  ])('after %s the device is a stranger’s', async (_what, happen) => {
    const home = await knownBrowser();
    const user = await happen(alice);
    await shutOutStrangers(user);
    expect((await enter(home, user, '198.51.100.14')).status).toBe(429);
  });

  it('a password that is replaced in the logon makes the others strangers, and this device known', async () => {
    const elsewhere = await knownBrowser();
    await account.manage(`PUT /users/${alice.userName}/login-profile`, {
      password: alice.password,
      resetRequired: true,
    });
    const here = createHttpBrowser();
    const chosen = { ...alice, newPassword: newPassword() };
    const { page, steps } = await walkThroughLogon(here, await begin(here), chosen);
    expect([steps, hasCode(page)]).toEqual([['password', 'reset'], true]);
    const user = { ...alice, password: chosen.newPassword };
    await shutOutStrangers(user);
    expect((await enter(elsewhere, user, '198.51.100.15')).status).toBe(429);
    expect(hasCode(await enter(here, user, '198.51.100.15'))).toBe(true);
  });

  it('a try that is throttled is told once a window, with the user where there is one', async () => {
    await shutOutStrangers(alice);
    for (const at of times(3)) expect((await guess(createHttpBrowser(), alice, `198.18.${at}.2`)).status).toBe(429);
    const told = await server.backend.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.actorUserId, alice.userId)));
    expect(told.filter(({ details }) => details['reason'] === 'throttled')).toHaveLength(1);
  });
});
