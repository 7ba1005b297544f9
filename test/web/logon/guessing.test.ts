import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { longestPasswordLookedAt } from '../../../src/domain/login-profiles/password-rules.ts';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { loginProfiles } from '../../../src/storage/db/schema/login-profiles.ts';
import { hasCode, tryPassword } from '../../security/support/logon-start.ts';
import type { AuthenticatorApp } from '../../support/authenticator-app.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal, stepOf } from '../../support/logon-driver.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const times = (count: number) => Array.from({ length: count }, (_none, at) => at);

describe('guessing at the logon', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    // So that tests can come from any address.
    server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    account = await server.account();
  });
  afterAll(() => server.close());

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const refusals = async ({ accountId }: Pick<TestAccount, 'accountId'>, reason: string) =>
    await server.backend.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.accountId, accountId), eq(auditEvents.outcome, 'refused')))
      .then((events) => events.filter(({ details }) => details['reason'] === reason));

  interface AtStep {
    readonly browser: HttpBrowser;
    readonly page: BrowserPage;
  }
  const start = async ({ issuer }: TestAccount = account): Promise<AtStep> => {
    const browser = createHttpBrowser();
    return { browser, page: await browser.open(issuer) };
  };
  const enterPassword = async (user: TestUser, address = '192.0.2.1', at?: AtStep): Promise<AtStep> => {
    const { browser, page } = at ?? (await start());
    return {
      browser,
      page: await browser.submit(page, { username: user.userName, password: user.password }, from(address)),
    };
  };

  describe('second factors', () => {
    const withApp = async (): Promise<{
      user: TestUser;
      authenticator: AuthenticatorApp;
      recoveryCodes: readonly string[];
    }> => {
      const user = await account.createUser({ mfaRequired: true });
      const { authenticator, recoveryCodes } = await logOnToPortal(createHttpBrowser(), account.issuer, user);
      if (authenticator === undefined) throw new Error('nothing was bound');
      return { user, authenticator, recoveryCodes };
    };

    it('five wrong codes void the logon: the right one is not taken then, the password is asked for, and then it is', async () => {
      const { user, authenticator, recoveryCodes } = await withApp();
      const { browser, page } = await enterPassword(user);
      const wrong = [
        { code: '000000' },
        { step: 'recovery', recovery_code: '000000-000000-000000-000000' },
        { code: '000001' },
        { code: '000002' },
      ];
      for (const fields of wrong) expect((await browser.submit(page, fields)).status).toBe(401);
      expect(stepOf(await browser.submit(page, { code: '000003' }))).toBe('password');
      const late = await browser.submit(page, { code: await authenticator.nextCode() });
      expect([late.status, stepOf(late)]).toEqual([200, 'password']);
      const recovery = await browser.submit(page, { step: 'recovery', recovery_code: recoveryCodes[0] ?? '' });
      expect([recovery.status, stepOf(recovery)]).toEqual([200, 'password']);

      const again = await enterPassword(user, '192.0.2.3', { browser, page: recovery });
      expect(stepOf(again.page)).toBe('totp');
      const done = await browser.submit(again.page, { step: 'recovery', recovery_code: recoveryCodes[0] ?? '' });
      expect([done.status, stepOf(done)]).toEqual([200, undefined]);
    });

    it('of codes sent at once five are looked at, and the logon is void', async () => {
      const { user, authenticator } = await withApp();
      const { browser, page } = await enterPassword(user);
      const sent = await Promise.all(times(12).map((at) => browser.submit(page, { code: String(100_000 + at) })));
      expect(sent.filter(({ status }) => status === 401).length).toBeLessThan(5);
      expect(stepOf(await browser.open(page.url))).toBe('password');
      const late = await browser.submit(page, { code: await authenticator.nextCode() });
      expect(stepOf(late)).toBe('password');
    });

    it('a hundred failures a day, from however many sources, and no more; somebody else is not held up', async () => {
      const { user, authenticator } = await withApp();
      const guess = async (at: number, code: string) => {
        const { browser, page } = await enterPassword(user, `198.18.${at}.1`);
        expect(stepOf(page)).toBe('totp');
        return await browser.submit(page, { code }, from(`198.18.${at}.1`));
      };
      for (const at of times(100)) expect((await guess(at, '000000')).status).toBe(401);
      const { ephemeral } = server.backend;
      const counting = vi.spyOn(ephemeral, 'increment');
      const right = await guess(101, await authenticator.nextCode());
      expect([right.status, stepOf(right)]).toEqual([429, 'totp']);
      // Whoever has the password may know how long to wait.
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(80_000);
      expect(right.html).toContain('data-countdown="');
      // What was not evaluated is none of the codes that one logon has.
      const counter = counting.mock.calls.map(([key]) => key).find((key) => key.startsWith('logon-codes:'));
      expect(await ephemeral.get(counter ?? '')).toBe('0');
      expect((await guess(102, '000000')).status).toBe(429);
      const other = await withApp();
      const { browser, page } = await enterPassword(other.user);
      expect((await browser.submit(page, { code: '000000' })).status).toBe(401);
    }, 120_000);

    it('tries that are throttled leave one event a window', async () => {
      const own = await server.account();
      const user = await own.createUser({ mfaRequired: true });
      await logOnToPortal(createHttpBrowser(), own.issuer, user);
      for (const _at of times(4)) {
        const { browser, page } = await enterPassword(user, '192.0.2.1', await start(own));
        for (const _code of times(4)) await browser.submit(page, { code: '000000' }, from('192.0.2.1'));
      }
      expect(await refusals(own, 'wrong')).toHaveLength(10);
      expect(await refusals(own, 'throttled')).toHaveLength(1);
    });
  });

  describe('passwords', () => {
    /** Whether the right password leads on to an app. */
    const tryRight = async (own: TestAccount, user: TestUser, address: string) => {
      const { clientId } = await own.createApplication();
      const { page } = await tryPassword(own.issuer, clientId, { ...user, ...from(address) });
      return hasCode(page);
    };
    const guess = async (own: TestAccount, userName: string, password: string, address: string) => {
      const { browser, page } = await start(own);
      return (await browser.submit(page, { username: userName, password }, from(address))).status;
    };

    it('a hundred over all names of an account from one source, whether anybody has them or not', async () => {
      const own = await server.account();
      const [alice, bob] = [await own.createUser(), await own.createUser()];
      const statuses: number[] = [];
      for (const at of times(100)) statuses.push(await guess(own, `nobody-${at}`, 'wrong', '192.0.2.7'));
      expect(new Set(statuses)).toEqual(new Set([401]));
      expect(await guess(own, alice.userName, alice.password, '192.0.2.7')).toBe(429);
      expect(await guess(own, 'nobody-at-all', 'wrong', '192.0.2.7')).toBe(429);
      expect(await guess(own, bob.userName, bob.password, '192.0.2.8')).toBe(200);
      expect(await refusals(own, 'throttled')).toHaveLength(1);
    }, 120_000);

    it('fifty an hour over all sources, whether anybody has the name or not', async () => {
      const own = await server.account();
      const user = await own.createUser();
      for (const userName of [user.userName, 'nobody']) {
        const statuses: number[] = [];
        for (const at of times(52)) statuses.push(await guess(own, userName, 'wrong', `198.18.${at}.1`));
        expect(statuses).toEqual([...times(50).map(() => 401), 429, 429]);
      }
      expect(await guess(own, user.userName, user.password, '198.18.200.1')).toBe(429);
      expect(await refusals(own, 'throttled')).toHaveLength(2);
    }, 120_000);

    it('the account may ask for fewer an hour (RAM: MaxLoginAttemps), and a right one begins anew', async () => {
      const own = await server.account();
      const user = await own.createUser();
      await own.manage('PATCH /account/password-policy', { maxLoginAttemps: 3 });
      const failFrom = async (at: number) => await guess(own, user.userName, 'wrong', `198.18.${at}.3`);
      for (const at of times(2)) expect(await failFrom(at)).toBe(401);
      expect(await tryRight(own, user, '198.18.3.3')).toBe(true);
      for (const at of times(3)) expect(await failFrom(at)).toBe(401);
      expect(await failFrom(4)).toBe(429);
      expect(await tryRight(own, user, '198.18.5.3')).toBe(false);
    });

    it('names of other accounts are counted each for itself, and none of them is this account’s', async () => {
      const own = await server.account();
      const user = await own.createUser();
      const elsewhere = (at: number) => `${user.userName}@elsewhere-${at}`;
      for (const at of times(12)) expect(await guess(own, elsewhere(at), user.password, '192.0.2.9')).toBe(401);
      for (const _at of times(9)) expect(await guess(own, elsewhere(0), user.password, '192.0.2.9')).toBe(401);
      expect(await guess(own, elsewhere(0).toUpperCase(), user.password, '192.0.2.9')).toBe(429);
      expect(await guess(own, 'x'.repeat(200), user.password, '192.0.2.9')).toBe(401);
      expect(await guess(own, '', user.password, '192.0.2.9')).toBe(401);
      expect(await guess(own, user.userName, user.password, '192.0.2.9')).toBe(200);
    });

    it('a password longer than is looked at is wrong like any other', async () => {
      const user = await account.createUser();
      expect(await guess(account, user.userName, 'x'.repeat(longestPasswordLookedAt + 1), '192.0.2.10')).toBe(401);
    });
  });

  it('twenty choices of a new password are hashed, then the next waits and changes nothing', async () => {
    const own = await server.account();
    const user = await own.createUser({ resetRequired: true });
    const stored = async () =>
      (await server.backend.db.select().from(loginProfiles).where(eq(loginProfiles.userId, user.userId)))[0]
        ?.passwordHash;
    const before = await stored();
    const { browser, page } = await enterPassword(user, '192.0.2.1', await start(own));
    expect(stepOf(page)).toBe('reset');
    const choose = (password: string) =>
      browser.submit(page, { new_password: password, confirm_password: password }, from('192.0.2.1'));
    for (const _at of times(25)) expect((await choose('short')).status).toBe(400);
    for (const _at of times(20)) expect((await choose(user.password)).status).toBe(400);
    const wish = newPassword();
    const answers = await Promise.all(times(3).map(() => choose(wish)));
    for (const answer of answers) expect([answer.status, stepOf(answer)]).toEqual([429, 'reset']);
    expect(await stored()).toBe(before);
    expect(await refusals(own, 'throttled')).toHaveLength(1);
    const elsewhere = await browser.submit(page, { new_password: wish, confirm_password: wish }, from('192.0.2.2'));
    expect(elsewhere.status).toBe(200);
    expect(await stored()).not.toBe(before);
  });
});
