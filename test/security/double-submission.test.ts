import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import { createAuthenticatorApp } from '../support/authenticator-app.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, recoveryCodesOn, stepOf, totpSecretOn } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasCode, startLogon } from './support/logon-start.ts';

describe('pages asked for and forms sent many times at once', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication();
  });
  afterAll(() => server.close());

  it('a page asked for many times at once is the same page each time', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const typed = { username: user.userName, password: user.password };
    const answered = await browser.submit(page, typed, { stopAt: () => true });
    expect(answered.leftFor?.pathname).toBe(page.url.pathname);
    const shown = await Promise.all(Array.from({ length: 8 }, () => browser.open(page.url)));
    expect(shown.map(({ status }) => status)).toEqual(shown.map(() => 200));
    expect(new Set(shown.map(totpSecretOn)).size).toBe(1);
  });

  it('a form sent many times at once goes on once, and nobody is told of a fault', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const bind = await browser.submit(page, { username: user.userName, password: user.password });
    const code = await createAuthenticatorApp(totpSecretOn(bind)).nextCode();
    const bound = await Promise.all(Array.from({ length: 6 }, () => browser.submit(bind, { code })));
    expect(bound.every(({ status }) => status < 500)).toBe(true);
    const codes = bound.find((one) => recoveryCodesOn(one).length === 10);
    if (codes === undefined) throw new Error('nobody was shown the recovery codes');
    const ended = await Promise.all(Array.from({ length: 8 }, () => browser.submit(codes, {})));
    expect(ended.every(({ status }) => status < 500)).toBe(true);
    expect(ended.some(hasCode)).toBe(true);
  });

  it('an answer to a step that is due no more goes on where nothing else is', async () => {
    const user = await account.createUser({ mfaRequired: true });
    await logOnToPortal(createHttpBrowser(), account.issuer, user);
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const waiting = await browser.submit(page, { username: user.userName, password: user.password });
    expect(stepOf(waiting)).toBe('totp');
    const { db } = server.backend;
    await db.update(loginProfiles).set({ mfaRequired: false }).where(eq(loginProfiles.userId, user.userId));
    await db.delete(mfaDevices).where(eq(mfaDevices.userId, user.userId));
    expect(hasCode(await browser.submit(waiting, { code: '000000' }))).toBe(true);
  });

  it('and the log tells of no fault', () => {
    const faults = server.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
    expect(faults).toEqual([]);
  });
});
