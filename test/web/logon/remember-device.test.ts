import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { knownDevices } from '../../../src/storage/db/schema/known-devices.ts';
import { authorizationUrl } from '../../security/support/code-flow.ts';
import { hasCode } from '../../security/support/logon-start.ts';
import type { AuthenticatorApp } from '../../support/authenticator-app.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { type Person, stepOf, walkThroughLogon, stepAddress } from '../../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const times = (count: number) => Array.from({ length: count }, (_none, at) => at);
const cookieName = 'postern.device';
const dayMs = 86_400_000;

describe('a device in place of the second factor', () => {
  let server: TestServer;
  let own: TestAccount;
  let app: TestApplication;
  let user: TestUser;
  let authenticator: AuthenticatorApp;
  let recoveryCodes: readonly string[];
  const signOut = ({ cookies }: HttpBrowser): void => cookies.remove(({ name }) => name !== cookieName);
  const deviceCookie = ({ cookies }: HttpBrowser) => cookies.all().find(({ name }) => name === cookieName);
  const stolen = (browser: HttpBrowser): HttpBrowser => createHttpBrowser(browser.cookies.copy());
  const rowsOf = ({ userId }: TestUser) =>
    server.backend.db.select().from(knownDevices).where(eq(knownDevices.userId, userId));
  const prefer = (enableSaveMFATicket: boolean) =>
    own.manage('PATCH /account/security-preferences', { enableSaveMFATicket });
  const start = (browser: HttpBrowser, parameters: Readonly<Record<string, string>> = {}) => {
    signOut(browser);
    return browser.open(authorizationUrl(own.issuer, app.clientId, parameters));
  };
  const type = async (browser: HttpBrowser, who: Pick<Person, 'userName' | 'password'> = user) =>
    await browser.submit(await start(browser), { username: who.userName, password: who.password });
  const withApp = async () => {
    const made = await own.createUser({ mfaRequired: true });
    const browser = createHttpBrowser();
    const course = await walkThroughLogon(browser, await start(browser), made);
    if (course.authenticator === undefined) throw new Error('nothing was bound');
    return { made, authenticator: course.authenticator, recoveryCodes: course.recoveryCodes };
  };
  const remember = async (
    browser: HttpBrowser,
    ticked: Readonly<Record<string, string>> = { remember_device: 'yes' },
  ) => {
    const page = await type(browser);
    expect(stepOf(page)).toBe('totp');
    const done = await browser.submit(page, { code: await authenticator.nextCode(), ...ticked });
    expect(hasCode(done)).toBe(true);
  };
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    own = await server.account();
    app = await own.createApplication();
    await prefer(true);
    const bound = await withApp();
    ({ made: user, authenticator, recoveryCodes } = bound);
  });

  it('a ticked box spares the code on this device alone, for this user alone; unticked it does not', async () => {
    const browser = createHttpBrowser();
    const page = await type(browser);
    expect(page.html).toMatch(/<input[^>]*id="remember_device"[^>]*name="remember_device"[^>]*type="checkbox"/);
    await browser.submit(page, { code: await authenticator.nextCode() });
    expect(stepOf(await type(browser))).toBe('totp');
    await remember(browser);
    expect(hasCode(await type(browser))).toBe(true);
    expect(stepOf(await type(createHttpBrowser()))).toBe('totp');
    const { made: other } = await withApp();
    expect(stepOf(await type(browser, other))).toBe('totp');
    const rows = await rowsOf(user);
    const saved = rows.find(({ mfaSavedUntil }) => mfaSavedUntil !== null)?.mfaSavedUntil;
    expect(Math.abs((saved?.getTime() ?? 0) - Date.now() - 7 * dayMs)).toBeLessThan(dayMs / 24);
  });

  it('a recovery code can be shown with it, too', async () => {
    const browser = createHttpBrowser();
    const page = await type(browser);
    const recovery = await browser.open(stepAddress(page, 'recovery'));
    expect(recovery.html).toContain('id="remember_device"');
    const fields = { recovery_code: recoveryCodes[0] ?? '', remember_device: 'yes' };
    expect(hasCode(await browser.submit(recovery, fields))).toBe(true);
    expect(hasCode(await type(browser))).toBe(true);
  });

  it('a wrong code with the box ticked remembers nothing', async () => {
    const browser = createHttpBrowser();
    const page = await type(browser);
    expect((await browser.submit(page, { code: '000000', remember_device: 'yes' })).status).toBe(401);
    expect(hasCode(await browser.submit(page, { code: await authenticator.nextCode() }))).toBe(true);
    expect(stepOf(await type(browser))).toBe('totp');
  });

  it('where the account does not allow it there is no box, a smuggled one does nothing, and what was saved counts no more', async () => {
    const saved = createHttpBrowser();
    await remember(saved);
    await prefer(false);
    expect(stepOf(await type(saved))).toBe('totp');
    const smuggler = createHttpBrowser();
    expect((await type(smuggler)).html).not.toContain('remember_device');
    await remember(smuggler);
    await prefer(true);
    expect(stepOf(await type(smuggler))).toBe('totp');
    expect(hasCode(await type(saved))).toBe(true);
  });

  it('is over after seven days, and with a reset of the second factor at once', async () => {
    const browser = createHttpBrowser();
    await remember(browser);
    await server.backend.db
      .update(knownDevices)
      .set({ mfaSavedUntil: sql`now()` })
      .where(eq(knownDevices.userId, user.userId));
    expect(stepOf(await type(browser))).toBe('totp');
    await remember(browser);
    await own.manage(`DELETE /users/${user.userName}/mfa-devices`);
    expect(stepOf(await type(browser))).toBe('bind');
  });

  it('reaches the level of a password alone: an app that needs more asks for the code', async () => {
    const browser = createHttpBrowser();
    await remember(browser);
    const page = await start(browser, { acr_values: 'urn:postern:acr:mfa' });
    const next = await browser.submit(page, { username: user.userName, password: user.password });
    expect(stepOf(next)).toBe('totp');
    await type(browser);
    const [event] = await server.backend.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.actorUserId, user.userId), eq(auditEvents.action, 'logon')))
      .orderBy(sql`${auditEvents.auditEventId} desc`)
      .limit(1);
    expect(event?.details).toMatchObject({ amr: ['pwd'], acr: 'urn:postern:acr:pwd' });
  });

  it('comes with a fresh cookie: one that was copied or planted before is a stranger’s', async () => {
    const browser = createHttpBrowser();
    const planted = 'P'.repeat(43);
    browser.cookies.store(new URL(own.issuer), [`${cookieName}=${planted}; Path=/${own.alias}`]);
    await browser.submit(await type(browser), { code: await authenticator.nextCode() });
    const first = deviceCookie(browser)?.value;
    expect(first).not.toContain(planted);
    const copy = stolen(browser);
    const records = (await rowsOf(user)).length;
    await remember(browser);
    // In place of the old one, not beside it.
    expect(deviceCookie(browser)?.value).toMatch(/^[\w-]{43}$/);
    expect(deviceCookie(browser)?.value).not.toBe(first);
    expect(await rowsOf(user)).toHaveLength(records);
    expect(stepOf(await type(copy))).toBe('totp');
    expect(hasCode(await type(browser))).toBe(true);
  });

  it('somebody else who has theirs remembered with a copied cookie changes nothing of who is known by it', async () => {
    const home = createHttpBrowser();
    await remember(home);
    const before = await rowsOf(user);
    const copy = stolen(home);
    const { made: mallory, authenticator: theirs } = await withApp();
    const page = await type(copy, mallory);
    expect(hasCode(await copy.submit(page, { code: await theirs.nextCode(), remember_device: 'yes' }))).toBe(true);
    expect(hasCode(await type(copy, mallory))).toBe(true);
    expect(await rowsOf(user)).toEqual(before);
    expect(hasCode(await type(home))).toBe(true);
  });

  it('both users of one browser have theirs remembered there, each until they forget it', async () => {
    const shared = createHttpBrowser();
    await remember(shared);
    const { made: bob, authenticator: bobs } = await withApp();
    const page = await type(shared, bob);
    expect(hasCode(await shared.submit(page, { code: await bobs.nextCode(), remember_device: 'yes' }))).toBe(true);
    for (const who of [user, bob]) expect(hasCode(await type(shared, who))).toBe(true);
    await own.manage(`DELETE /users/${user.userName}/devices`);
    expect(stepOf(await type(shared))).toBe('totp');
    expect(hasCode(await type(shared, bob))).toBe(true);
  });

  it('guesses at codes are counted for a known device on its own', async () => {
    const home = createHttpBrowser();
    await remember(home, {});
    const wrongCodes = async (browser: HttpBrowser, count: number) => {
      const statuses: number[] = [];
      for (const _at of times(count))
        statuses.push((await browser.submit(await type(browser), { code: '000000' })).status);
      return statuses;
    };
    expect(await wrongCodes(createHttpBrowser(), 11)).toEqual([...times(10).map(() => 401), 429]);
    const atHome = await home.submit(await type(home), { code: await authenticator.nextCode() });
    expect(hasCode(atHome)).toBe(true);
    expect((await wrongCodes(stolen(home), 11)).at(-1)).toBe(429);
  }, 120_000);
});
