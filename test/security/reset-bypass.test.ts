import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import { codeAt, createAuthenticatorApp } from '../support/authenticator-app.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf, totpSecretOn, walkThroughLogon } from '../support/logon-driver.ts';
import {
  callApi,
  newPassword,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback, obtainTokens, refresh, userinfoStatus } from './support/code-flow.ts';

const stepNames = [
  ...['password', 'passkey', 'passkey-factor', 'totp', 'recovery'],
  ...['reset', 'bind', 'bind-passkey', 'recovery-codes', 'consent'],
];

/** What may be answered in place of a step: another proof of the same thing. */
const standIns: Readonly<Record<string, string>> = { password: 'passkey', totp: 'recovery', bind: 'bind-passkey' };

describe('reset and first-login bypass, enrolment skipped', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication();
  });
  afterAll(() => server.close());

  /** Everything that a step could have changed on a user. */
  const credentialsOf = async ({ userId }: TestUser) => {
    const { db } = server.backend;
    return {
      profile: (await db.select().from(loginProfiles).where(eq(loginProfiles.userId, userId)))[0],
      devices: await db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId)),
    };
  };

  const openLogon = (browser: HttpBrowser) => browser.open(authorizationUrl(account.issuer, application.clientId));
  const codeOf = (page: BrowserPage) => page.leftFor?.searchParams.get('code') ?? undefined;
  const typePassword = async (browser: HttpBrowser, page: BrowserPage, { userName, password }: TestUser) =>
    await browser.submit(page, { username: userName, password });

  /** A logon at which this step is due. */
  const reach: Readonly<
    Record<
      'password' | 'totp' | 'reset' | 'bind' | 'recovery-codes',
      (browser: HttpBrowser) => Promise<{ page: BrowserPage; user: TestUser }>
    >
  > = {
    password: async (browser) => ({
      page: await openLogon(browser),
      user: await account.createUser({ resetRequired: true }),
    }),
    totp: async (browser) => {
      const user = await account.createUser({ mfaRequired: true });
      await logOnToPortal(createHttpBrowser(), account.issuer, user);
      return { page: await typePassword(browser, await openLogon(browser), user), user };
    },
    reset: async (browser) => {
      const user = await account.createUser({ resetRequired: true, mfaRequired: true });
      return { page: await typePassword(browser, await openLogon(browser), user), user };
    },
    bind: async (browser) => {
      const user = await account.createUser({ mfaRequired: true });
      return { page: await typePassword(browser, await openLogon(browser), user), user };
    },
    'recovery-codes': async (browser) => {
      const user = await account.createUser({ mfaRequired: true });
      const bind = await typePassword(browser, await openLogon(browser), user);
      return {
        page: await browser.submit(bind, { code: await createAuthenticatorApp(totpSecretOn(bind)).nextCode() }),
        user,
      };
    },
  };

  /** All that any step takes, so that whichever were evaluated would have something to work with. */
  const everyField = (other: TestUser, password: string) => ({
    username: other.userName,
    password: other.password,
    code: '000000',
    recovery_code: '000000-000000-000000-000000',
    passkey_response: '{}',
    new_password: password,
    confirm_password: password,
    decision: 'approve',
  });

  for (const due of Object.keys(reach) as (keyof typeof reach)[]) {
    const others = stepNames.filter((name) => name !== due && name !== standIns[due]);
    it(`while "${due}" is due, an answer to ${others.join(', ')} or to no step at all changes nothing`, async () => {
      const browser = createHttpBrowser();
      const { page, user } = await reach[due](browser);
      expect(stepOf(page)).toBe(due);
      const other = await account.createUser();
      const before = await credentialsOf(user);
      const chosen = newPassword();
      for (const step of [...others, '', '__proto__', 'password,reset']) {
        const after = await browser.submit(page, { ...everyField(other, chosen), step });
        expect(codeOf(after), step).toBeUndefined();
        expect(stepOf(after), step).toBe(due);
      }
      expect(await credentialsOf(user)).toEqual(before);
      // Nor does a half-done logon lead on when the engine is asked to resume it, or started again.
      const resumed = await browser.open(`${account.issuer}/oauth2/authorize/${page.url.pathname.split('/').at(-1)}`);
      expect(codeOf(resumed)).toBeUndefined();
      expect(stepOf(resumed)).toBe('password');
      expect(stepOf(await openLogon(browser))).toBe('password');
      expect((await browser.open(account.issuer)).html).not.toContain('sign-out');
    });
  }

  it('a password is set only by whoever gave the first one, in that very logon', async () => {
    const user = await account.createUser({ resetRequired: true });
    const browser = createHttpBrowser();
    const reset = await typePassword(browser, await openLogon(browser), user);
    const before = await credentialsOf(user);
    const chosen = newPassword();
    const fields = { new_password: chosen, confirm_password: chosen };

    // A second tab of the same browser has proved nothing, though its own form token is good.
    const secondTab = await openLogon(browser);
    expect(stepOf(await browser.submit(secondTab, { ...fields, step: 'reset' }))).toBe('password');
    // Its token does not serve the first tab's logon.
    const swapped = await browser.submit(reset, { ...fields, csrf: secondTab.forms[0]?.fields['csrf'] ?? '' });
    expect(swapped.status).toBe(403);
    // Another browser that learnt the address and the token has no part in it.
    const stranger = createHttpBrowser();
    expect((await stranger.submit(reset, fields)).status).toBe(410);
    // Another app's name in the address leads nowhere else.
    const otherApp = await account.createApplication();
    const form = {
      action: `${reset.url.pathname}?client_id=${otherApp.clientId}`,
      method: 'POST',
      fields: { step: 'totp', csrf: reset.forms[0]?.fields['csrf'] ?? '' },
      buttons: {},
    } as const;
    expect(stepOf(await browser.submit(reset, fields, { form }))).toBe('reset');
    expect(await credentialsOf(user)).toEqual(before);

    const done = await browser.submit(reset, { ...fields, username: (await account.createUser()).userName });
    expect(codeOf(done)).toBeTruthy();
    expect((await credentialsOf(user)).profile?.passwordHash).not.toBe(before.profile?.passwordHash);
  });

  it('of two logons that wait for a new password the slower one is void', async () => {
    const user = await account.createUser({ resetRequired: true });
    const [first, second] = [createHttpBrowser(), createHttpBrowser()];
    const pages = [
      await typePassword(first, await openLogon(first), user),
      await typePassword(second, await openLogon(second), user),
    ] as const;
    const [owners, thiefs] = [newPassword(), newPassword()];
    expect(codeOf(await first.submit(pages[0], { new_password: owners, confirm_password: owners }))).toBeTruthy();
    const kept = await credentialsOf(user);
    const late = await second.submit(pages[1], { new_password: thiefs, confirm_password: thiefs });
    expect(stepOf(late)).toBe('password');
    expect(await credentialsOf(user)).toEqual(kept);
  });

  it('of two answers at once exactly one sets the password', async () => {
    const user = await account.createUser({ resetRequired: true });
    const browser = createHttpBrowser();
    const reset = await typePassword(browser, await openLogon(browser), user);
    const wanted = [newPassword(), newPassword(), newPassword()];
    const ended = await Promise.all(
      wanted.map((one) => browser.submit(reset, { new_password: one, confirm_password: one })),
    );
    expect(ended.filter((page) => codeOf(page) !== undefined)).toHaveLength(1);
    expect(ended.every(({ status }) => status < 500)).toBe(true);
    const good = await Promise.all(
      wanted.map(async (password) => {
        const { page } = await logOnToPortal(createHttpBrowser(), account.issuer, { ...user, password });
        return page.html.includes('sign-out');
      }),
    );
    expect(good.filter(Boolean)).toHaveLength(1);
  });

  it('a first password past its time neither opens a logon nor lets a waiting one go on', async () => {
    const user = await account.createUser({ resetRequired: true });
    const browser = createHttpBrowser();
    const waiting = await typePassword(browser, await openLogon(browser), user);
    expect(stepOf(waiting)).toBe('reset');
    await server.backend.db
      .update(loginProfiles)
      .set({ initialPasswordExpiresAt: new Date(Date.now() - 1000) })
      .where(eq(loginProfiles.userId, user.userId));
    const before = await credentialsOf(user);
    const chosen = newPassword();
    expect(stepOf(await browser.submit(waiting, { new_password: chosen, confirm_password: chosen }))).toBe('password');
    const fresh = createHttpBrowser();
    const refused = await typePassword(fresh, await openLogon(fresh), user);
    expect([refused.status, stepOf(refused)]).toEqual([401, 'password']);
    expect(await credentialsOf(user)).toEqual(before);
  });

  it('a demand made while people are signed in ends what they have, and nothing goes round it', async () => {
    const user = await account.createUser();
    const { accessToken, refreshToken, browser } = await obtainTokens(account.issuer, application, user);
    expect(await userinfoStatus(account.issuer, accessToken)).toBe(200);
    await account.manage(`PUT /users/${user.userName}/login-profile`, { resetRequired: true, mfaRequired: true });

    const silent = await browser.open(authorizationUrl(account.issuer, application.clientId, { prompt: 'none' }));
    expect(silent.leftFor?.searchParams.get('error')).toBe('login_required');
    expect(codeOf(silent)).toBeUndefined();
    expect((await refresh(account.issuer, application, refreshToken)).body['error']).toBe('invalid_grant');
    expect(await userinfoStatus(account.issuer, accessToken)).toBe(401);
    expect((await callApi(account.issuer, accessToken, 'GET /me')).status).toBe(401);
    expect((await browser.open(account.issuer)).html).not.toContain('sign-out');

    const fresh = createHttpBrowser();
    const half = await typePassword(fresh, await openLogon(fresh), user);
    expect(stepOf(half)).toBe('reset');
    const silentToo = await fresh.open(authorizationUrl(account.issuer, application.clientId, { prompt: 'none' }));
    expect(silentToo.leftFor?.href.startsWith(`${callback}?error=login_required`)).toBe(true);
    const course = await walkThroughLogon(fresh, half, { ...user, newPassword: newPassword() });
    expect(course.steps).toEqual(['reset', 'bind', 'recovery-codes']);
    expect(codeOf(course.page)).toBeTruthy();
  });

  it('a second factor once bound cannot be swapped by a logon that was still to bind one', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const thief = createHttpBrowser();
    const waiting = await typePassword(thief, await openLogon(thief), user);
    expect(stepOf(waiting)).toBe('bind');
    await logOnToPortal(createHttpBrowser(), account.issuer, user);
    const bound = await credentialsOf(user);
    expect(bound.devices).toHaveLength(1);
    const code = await codeAt(totpSecretOn(waiting), Math.floor(Date.now() / 30_000));
    const late = await thief.submit(waiting, { code });
    expect(stepOf(late)).toBe('totp');
    expect(await credentialsOf(user)).toEqual(bound);
  });
});
