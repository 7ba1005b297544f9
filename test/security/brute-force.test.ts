import { and, eq, isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices, recoveryCodes } from '../../src/storage/db/schema/mfa-devices.ts';
import { createAuthenticatorApp } from '../support/authenticator-app.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { errorOn, logOnToPortal, stepOf, totpSecretOn } from '../support/logon-driver.ts';
import {
  accessKeyToken,
  callApi,
  newPassword,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon, tryPassword } from './support/logon-start.ts';

/** Tries at one secret of one user from one source in a window. */
const tries = 10;
const times = (count: number): number[] => Array.from({ length: count }, (_none, at) => at);

describe('brute force', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  beforeAll(async () => {
    // So that tests can come from any address.
    server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    account = await server.account();
    application = await account.createApplication();
  });
  afterAll(() => server.close());

  const guess = async ({ userName }: TestUser, password: string, address = '192.0.2.1') => {
    const { page } = await tryPassword(account.issuer, application.clientId, {
      userName,
      password,
      headers: { 'x-forwarded-for': address },
    });
    return page;
  };
  const tokenOf = async ({ userName }: TestUser) => {
    const { accessKey } = (await account.manage(`POST /users/${userName}/access-keys`)) as {
      accessKey: { id: string; secret: string };
    };
    return await accessKeyToken(account.issuer, accessKey);
  };
  const passwordHashOf = async ({ userId }: TestUser) =>
    (
      await server.backend.db
        .select({ hash: loginProfiles.passwordHash })
        .from(loginProfiles)
        .where(eq(loginProfiles.userId, userId))
    )[0]?.hash;

  it('after ten wrong passwords the right one is refused too, and only then', async () => {
    const user = await account.createUser();
    for (const at of times(tries)) expect((await guess(user, `wrong ${at}`)).status).toBe(401);
    const right = await guess(user, user.password);
    expect([right.status, hasCode(right), stepOf(right)]).toEqual([429, false, 'password']);
    expect(errorOn(right)).toContain('Too many tries');
    // The owner elsewhere, and anybody else here, is not held up.
    expect(hasCode(await guess(user, user.password, '192.0.2.2'))).toBe(true);
    expect(hasCode(await guess(await account.createUser(), 'x'))).toBe(false);
    const neighbour = await account.createUser();
    expect(hasCode(await guess(neighbour, neighbour.password))).toBe(true);
  });

  it('a name written in other ways is the same name', async () => {
    const user = await account.createUser({ userName: 'kim' });
    const spellings = [
      'kim',
      'KIM',
      'Kim',
      ' kim ',
      `kim@${account.alias}`,
      `KIM@${account.alias}.localhost`,
      `kim@${account.accountId}`,
      '\u212aim',
      `\u212aim@${account.alias}`,
      'kIM',
    ];
    for (const spelling of spellings) expect((await guess({ ...user, userName: spelling }, 'wrong')).status).toBe(401);
    for (const spelling of spellings) {
      const page = await guess({ ...user, userName: spelling }, user.password);
      expect([spelling, page.status, hasCode(page)]).toEqual([spelling, 429, false]);
    }
  });

  it('guesses at once cannot slip past the count', async () => {
    const user = await account.createUser();
    const guesses = await Promise.all(
      [...times(29).map((at) => `wrong ${at}`), 'wrong'].map((password) => guess(user, password, '192.0.2.9')),
    );
    const evaluated = guesses.filter(({ status }) => status === 401);
    expect(evaluated).toHaveLength(tries);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(30 - tries);
    expect(hasCode(await guess(user, user.password, '192.0.2.9'))).toBe(false);
  });

  it('a source is a network, where addresses come by the billion', async () => {
    const user = await account.createUser();
    for (const at of times(tries)) expect((await guess(user, 'wrong', `2001:db8:1:2:${at}::${at}`)).status).toBe(401);
    const right = await guess(user, user.password, '2001:db8:1:2:ffff::1');
    expect([right.status, hasCode(right)]).toEqual([429, false]);
    expect(hasCode(await guess(user, user.password, '2001:db8:1:3::1'))).toBe(true);
  });

  it('what an IPv4 address is written as does not matter', async () => {
    const user = await account.createUser();
    for (const at of times(tries)) {
      const written = ['198.51.100.7', '::ffff:198.51.100.7', '::FFFF:198.51.100.7', '::ffff:c633:6407'][at % 4] ?? '';
      expect((await guess(user, 'wrong', written)).status).toBe(401);
    }
    expect((await guess(user, user.password, '198.51.100.7')).status).toBe(429);
  });

  it('the logon page and the change of password count together', async () => {
    const user = await account.createUser();
    const token = await tokenOf(user);
    const address = '127.0.0.1';
    const before = await passwordHashOf(user);
    const change = (oldPassword: string) =>
      callApi(account.issuer, token, 'POST /me/password', { oldPassword, newPassword: newPassword() });
    for (const at of times(tries / 2)) {
      expect((await guess(user, `wrong ${at}`, address)).status).toBe(401);
      expect((await change(`wrong ${at}`)).body['code']).toBe('InvalidOldPassword');
    }
    const late = await change(user.password);
    expect([late.status, late.body['code']]).toEqual([429, 'Throttling']);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await guess(user, user.password, address)).status).toBe(429);
    expect(await passwordHashOf(user)).toBe(before);
  });

  /** A user with an authenticator app, and logons of theirs that wait for a second factor. */
  const withSecondFactor = async () => {
    const user = await account.createUser({ mfaRequired: true });
    const course = await logOnToPortal(createHttpBrowser(), account.issuer, user);
    const wait = async (): Promise<{ browser: HttpBrowser; page: Awaited<ReturnType<HttpBrowser['open']>> }> => {
      const { browser, page } = await startLogon(account.issuer, application.clientId);
      return { browser, page: await browser.submit(page, { username: user.userName, password: user.password }) };
    };
    return { user, course, wait };
  };
  const usedOf = async ({ userId }: TestUser) => {
    const { db } = server.backend;
    const codes = await db
      .select()
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, userId), isNotNull(recoveryCodes.usedAt)));
    const devices = await db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId));
    return { codes: codes.length, steps: devices.map(({ lastUsedStep }) => lastUsedStep) };
  };

  it('codes of the app and recovery codes count together, over logons begun anew', async () => {
    const { user, course, wait } = await withSecondFactor();
    const before = await usedOf(user);
    for (const at of times(tries)) {
      const { browser, page } = await wait();
      expect(stepOf(page)).toBe('totp');
      const fields =
        at % 2 === 0
          ? { step: 'totp', code: '000000' }
          : { step: 'recovery', recovery_code: '000000-000000-000000-000000' };
      expect((await browser.submit(page, fields)).status).toBe(401);
    }
    const { browser, page } = await wait();
    const [recoveryCode = ''] = course.recoveryCodes;
    const byRecovery = await browser.submit(page, { step: 'recovery', recovery_code: recoveryCode });
    expect([byRecovery.status, hasCode(byRecovery)]).toEqual([429, false]);
    const byApp = await browser.submit(page, { code: (await course.authenticator?.nextCode()) ?? '' });
    expect([byApp.status, hasCode(byApp)]).toEqual([429, false]);
    expect(await usedOf(user)).toEqual(before);
  });

  it('codes guessed at once cannot slip past the count, in many logons or in one', async () => {
    const { user, wait } = await withSecondFactor();
    // One after the other: passwords tried at once are counted before it shows that they are right.
    const logons: Awaited<ReturnType<typeof wait>>[] = [];
    for (const _at of times(25)) logons.push(await wait());
    expect(logons.map(({ page }) => stepOf(page))).toEqual(times(25).map(() => 'totp'));
    const answers = await Promise.all(
      logons.map(({ browser, page }, at) => browser.submit(page, { code: String(100_000 + at) })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(tries);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(25 - tries);
    const other = await withSecondFactor();
    const { browser, page } = await other.wait();
    const inOne = await Promise.all(times(25).map((at) => browser.submit(page, { code: String(100_000 + at) })));
    expect(inOne.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(tries);
    expect([...answers, ...inOne].filter(hasCode)).toEqual([]);
    expect([(await usedOf(user)).codes, (await usedOf(other.user)).codes]).toEqual([0, 0]);
  });

  it('binding an app cannot be used to guess either', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await tryPassword(account.issuer, application.clientId, user);
    expect(stepOf(page)).toBe('bind');
    for (const at of times(tries))
      expect((await browser.submit(page, { code: String(200_000 + at) })).status).toBe(401);
    const right = await browser.submit(page, { code: await createAuthenticatorApp(totpSecretOn(page)).nextCode() });
    expect([right.status, hasCode(right)]).toEqual([429, false]);
    expect(await server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, user.userId))).toEqual([]);
  });

  it('codes that prove oneself anew through the API count with those at the logon page', async () => {
    const { user, course, wait } = await withSecondFactor();
    const token = await tokenOf(user);
    const devices = (await callApi(account.issuer, token, 'GET /me/mfa-devices')).body['items'] as { id: string }[];
    const prove = (code: string) =>
      callApi(account.issuer, token, `DELETE /me/mfa-devices/${devices[0]?.id}`, { code });
    const guessCode = async () => {
      const { browser, page } = await wait();
      return (await browser.submit(page, { code: '000000' })).status;
    };
    for (const _at of times(tries / 2)) {
      expect((await prove('000000')).body['code']).toBe('CheckAuthenticationCodeFail');
      expect(await guessCode()).toBe(401);
    }
    const right = await prove((await course.authenticator?.nextCode()) ?? '');
    expect([right.status, right.body['code']]).toEqual([429, 'Throttling']);
    expect(await guessCode()).toBe(429);
    expect((await server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, user.userId))).length).toBe(
      1,
    );
  });

  describe('access keys', () => {
    const keyOf = async ({ userName }: TestUser) =>
      ((await account.manage(`POST /users/${userName}/access-keys`)) as { accessKey: { id: string; secret: string } })
        .accessKey;
    const request = (id: string, secret: string, address: string) =>
      fetch(`${account.issuer}/oauth2/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
          'x-forwarded-for': address,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    const alarms = async (accessKeyId: string) =>
      (await server.backend.db.select().from(auditEvents).where(eq(auditEvents.action, 'access-key-guessing'))).filter(
        ({ details }) => details['accessKeyId'] === accessKeyId,
      );

    it('guesses at a secret are told once a window, from one source, and keep no right secret out', async () => {
      const key = await keyOf(await account.createUser());
      const guessed = await Promise.all(times(20).map(() => request(key.id, 'x'.repeat(30), '192.0.2.60')));
      expect(guessed.map(({ status }) => status)).toEqual(times(20).map(() => 401));
      expect(await alarms(key.id)).toEqual([]);
      for (const _at of times(10)) expect((await request(key.id, 'x'.repeat(30), '192.0.2.60')).status).toBe(401);
      const [alarm, ...others] = await alarms(key.id);
      expect(others).toEqual([]);
      expect(alarm).toMatchObject({
        accountId: account.accountId,
        actorUserId: null,
        actorVia: `accessKey:${key.id}`,
        sourceIp: '192.0.2.60',
        outcome: 'refused',
        details: { reason: 'access key guessing', per: 'key', failures: 20, windowSeconds: 900 },
      });
      expect(JSON.stringify(alarm)).not.toContain(key.secret);
      expect((await request(key.id, key.secret, '192.0.2.60')).status).toBe(200);
    });

    it('what is right is not counted, nor what comes from elsewhere', async () => {
      const key = await keyOf(await account.createUser());
      for (const _at of times(25)) expect((await request(key.id, key.secret, '192.0.2.61')).status).toBe(200);
      for (const at of times(25)) expect((await request(key.id, 'wrong', `198.51.100.${at}`)).status).toBe(401);
      expect(await alarms(key.id)).toEqual([]);
    });

    it('guesses spread over keys from one source are told, too', async () => {
      const keys = await Promise.all(times(6).map(async () => await keyOf(await account.createUser())));
      for (const key of keys) await Promise.all(times(18).map(() => request(key.id, 'x'.repeat(30), '192.0.2.62')));
      const told = (await Promise.all(keys.map(({ id }) => alarms(id)))).flat();
      expect(told.map(({ details }) => details['per'])).toEqual(['source']);
    });
  });

  it('the right password does not clear the count of the second factor', async () => {
    const { wait } = await withSecondFactor();
    for (const at of times(tries)) {
      const { browser, page } = await wait();
      expect((await browser.submit(page, { code: String(300_000 + at) })).status).toBe(401);
    }
    const { browser, page } = await wait();
    expect((await browser.submit(page, { code: '300100' })).status).toBe(429);
  });

  it('the count is a number, whatever the driver makes of aggregates', async () => {
    const counted = await server.backend.ephemeral.increment('throttle:test', 60);
    expect(counted).toEqual({ count: 1, ttlSeconds: expect.any(Number) as number });
    expect((await server.backend.ephemeral.increment('throttle:test', 60)).count).toBe(2);
  });
});
