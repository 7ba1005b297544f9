import { hash as hashBcrypt } from '@node-rs/bcrypt';
import { and, eq, like, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { ephemeralEntries } from '../../../src/storage/db/schema/ephemeral.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { type BrowserPage, createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf } from '../../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  // So that tests can come from any address.
  server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
});
beforeEach(async () => {
  account = await server.account();
});
afterAll(() => server.close());

const setPolicy = (policy: object) => account.manage('PATCH /account/password-policy', policy);
const prefer = (changes: object) => account.manage('PATCH /account/security-preferences', changes);
const enter = async (user: Pick<TestUser, 'userName' | 'password'>, from = '192.0.2.1'): Promise<BrowserPage> => {
  const browser = createHttpBrowser();
  const headers = { 'x-forwarded-for': from };
  const page = await browser.open(account.issuer);
  return await browser.submit(page, { username: user.userName, password: user.password }, { headers });
};
const refusals = async () =>
  (
    await server.backend.db
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.accountId, account.accountId), eq(auditEvents.action, 'logon')))
  ).flatMap(({ details }) => details['reason'] ?? []);
const age = (userId: string, days: number) =>
  server.backend.db
    .update(loginProfiles)
    .set({ passwordSetAt: sql`now() - make_interval(days => ${days}::int, secs => 5)` })
    .where(eq(loginProfiles.userId, userId));
const hashOf = async (userId: string) =>
  (await server.backend.db.select().from(loginProfiles).where(eq(loginProfiles.userId, userId)))[0]?.passwordHash;

describe('a password past its age', () => {
  it('is to be changed at the next logon, which leads on with the new one', async () => {
    const user = await account.createUser();
    await setPolicy({ maxPasswordAge: 30 });
    await age(user.userId, 29);
    expect((await logOnToPortal(createHttpBrowser(), account.issuer, user)).steps).toEqual(['password']);
    await age(user.userId, 30);
    const reset = await enter(user);
    expect([stepOf(reset), reset.html.includes('has reached its age limit')]).toEqual(['reset', true]);
    const wish = newPassword();
    const course = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: wish });
    expect([course.steps, course.page.status]).toEqual([['password', 'reset'], 200]);
    const again = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, password: wish });
    expect(again.steps).toEqual(['password']);
  });

  it('where it expires for good is refused like a wrong one, and the audit log knows why', async () => {
    const user = await account.createUser();
    await setPolicy({ maxPasswordAge: 30, hardExpire: true });
    await age(user.userId, 31);
    const [expired, wrong] = [await enter(user), await enter({ ...user, password: 'something else' })];
    expect([expired.status, stepOf(expired), errorOn(expired)]).toEqual([401, 'password', errorOn(wrong)]);
    expect(await refusals()).toEqual(['password expired', 'wrong name or password']);
    const password = newPassword();
    await account.manage(`PUT /users/${user.userName}/login-profile`, { password, resetRequired: false });
    expect((await enter({ ...user, password })).status).toBe(200);
  });
});

describe('a password chosen at logon', () => {
  it('meets the policy of the account, whose rules the page tells', async () => {
    const user = await account.createUser({ resetRequired: true });
    await setPolicy({ minimumPasswordLength: 20, requireSymbols: true, passwordReusePrevention: 3 });
    const page = await enter(user);
    for (const rule of ['At least 20 characters', 'Contains a symbol', 'none of the last 3'])
      expect(page.html).toContain(rule);
    const weak = await logOnToPortal(createHttpBrowser(), account.issuer, {
      ...user,
      newPassword: 'correct horse battery',
    });
    expect([weak.page.status, stepOf(weak.page), errorOn(weak.page)]).toEqual([
      400,
      'reset',
      'A password contains a symbol.',
    ]);
    expect((await enter(user)).status).toBe(200);
  });

  it('is none of the former ones', async () => {
    const user = await account.createUser();
    await setPolicy({ passwordReusePrevention: 2, maxPasswordAge: 1 });
    const chosen = newPassword();
    await age(user.userId, 1);
    await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, newPassword: chosen });
    await age(user.userId, 1);
    const person = { ...user, password: chosen };
    for (const newPassword of [user.password, chosen]) {
      const { page } = await logOnToPortal(createHttpBrowser(), account.issuer, { ...person, newPassword });
      expect([page.status, stepOf(page)]).toEqual([400, 'reset']);
    }
    const { page } = await logOnToPortal(createHttpBrowser(), account.issuer, {
      ...person,
      newPassword: newPassword(),
    });
    expect(page.status).toBe(200);
  });
});

describe('tries at a password', () => {
  it('end where the policy says, alike for names that nobody has', async () => {
    const user = await account.createUser();
    await setPolicy({ maxLoginAttemps: 3 });
    for (const userName of [user.userName, 'nobody']) {
      const statuses: number[] = [];
      for (let tries = 0; tries < 4; tries += 1)
        statuses.push((await enter({ userName, password: 'wrong' }, '192.0.2.9')).status);
      expect(statuses).toEqual([401, 401, 401, 429]);
    }
    expect((await enter(user, '192.0.2.9')).status).toBe(429);
    // Over all places, but for devices that the user is known on.
    expect((await enter(user, '192.0.2.10')).status).toBe(429);
    expect((await enter(await account.createUser(), '192.0.2.10')).status).toBe(200);
  });

  it('begin anew with a logon', async () => {
    const user = await account.createUser();
    await setPolicy({ maxLoginAttemps: 2 });
    for (let rounds = 0; rounds < 3; rounds += 1) {
      expect((await enter({ ...user, password: 'wrong' })).status).toBe(401);
      expect((await enter(user)).status).toBe(200);
    }
  });
});

describe('the preferences of the account', () => {
  it('can make a second factor mandatory for everybody, whatever their profiles say', async () => {
    const user = await account.createUser();
    await prefer({ mfaOperationForLogin: 'mandatory' });
    const { steps, page } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect([steps, page.status]).toEqual([['password', 'bind', 'recovery-codes'], 200]);
    const other = await account.createUser();
    expect(stepOf(await enter(other))).toBe('bind');
    await prefer({ mfaOperationForLogin: 'independent' });
    expect((await logOnToPortal(createHttpBrowser(), account.issuer, other)).steps).toEqual(['password']);
  });

  it('let nobody in from another network, like with a wrong password, and the audit log knows why', async () => {
    const user = await account.createUser();
    await prefer({ loginNetworkMasks: ['198.51.100.0/24', '2001:db8::/32'] });
    const elsewhere = await enter(user, '192.0.2.1');
    const wrong = await enter({ ...user, password: 'something else' }, '198.51.100.7');
    expect([elsewhere.status, stepOf(elsewhere), errorOn(elsewhere)]).toEqual([401, 'password', errorOn(wrong)]);
    expect(await refusals()).toEqual(['network not allowed', 'wrong name or password']);
    for (const from of ['198.51.100.7', '2001:db8::7']) expect((await enter(user, from)).status).toBe(200);
    await prefer({ loginNetworkMasks: [] });
    expect((await enter(user, '192.0.2.1')).status).toBe(200);
  });

  it('say how long a session lasts from its logon on', async () => {
    const user = await account.createUser();
    const hoursOfLatest = async () => {
      const seconds = sql<number>`extract(epoch from ${ephemeralEntries.expiresAt} - now())::int`;
      const rows = await server.backend.db
        .select({ seconds })
        .from(ephemeralEntries)
        .where(like(ephemeralEntries.key, `oidc:${account.alias}:Session:%`));
      return Math.max(...rows.map((row) => row.seconds)) / 3600;
    };
    await prefer({ loginSessionDuration: 2, loginSessionIdleMinutes: 1440 });
    await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect(await hoursOfLatest()).toBeGreaterThan(1.9);
    expect(await hoursOfLatest()).toBeLessThanOrEqual(2);
    await prefer({ loginSessionDuration: 24 });
    await logOnToPortal(createHttpBrowser(), account.issuer, user);
    expect(await hoursOfLatest()).toBeGreaterThan(23.9);
  });
});

it('a password taken over from another system opens the pages, and is ours from then on', async () => {
  const password = newPassword();
  const passwordHash = await hashBcrypt(password, 4);
  const created = await account.manage('POST /users', {
    ...{ userName: 'alice', displayName: 'Alice', consoleLogon: { passwordHash } },
  });
  const { userId } = created['user'] as { userId: string };
  expect(await hashOf(userId)).toBe(passwordHash);
  const { steps, page } = await logOnToPortal(createHttpBrowser(), account.issuer, { userName: 'alice', password });
  expect([steps, page.status]).toEqual([['password'], 200]);
  expect(await hashOf(userId)).toMatch(/^\$argon2id\$/);
  expect((await enter({ userName: 'alice', password })).status).toBe(200);
});
