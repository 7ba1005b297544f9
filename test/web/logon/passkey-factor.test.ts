import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { logOnToPortal, passkeyOptionsOn, stepOf, stepAddress } from '../../support/logon-driver.ts';
import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import {
  createPasskeyProvider,
  createSecurityKey,
  type SoftwareAuthenticator,
} from '../../support/software-authenticator.ts';
import { type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let app: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: '127.0.0.1' } });
});
beforeEach(async () => {
  account = await server.account();
  app = await connectRelyingParty(account);
  return () => app.close();
});
afterAll(() => server.close());

async function userWith(
  authenticator: SoftwareAuthenticator,
  settings: Parameters<TestAccount['createUser']>[0] = {},
): Promise<TestUser> {
  const user = await account.createUser(settings);
  await givePasskey(server, account, user, authenticator);
  return user;
}

interface AtPasswordPage {
  readonly browser: HttpBrowser;
  readonly page: BrowserPage;
}

async function open(parameters: Record<string, string> = {}): Promise<AtPasswordPage> {
  const browser = createHttpBrowser();
  return { browser, page: await browser.open((await app.request(parameters)).url) };
}

const logonEvents = async (outcome: 'success' | 'refused') =>
  (
    await server.backend.db
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.accountId, account.accountId),
          eq(auditEvents.action, 'logon'),
          eq(auditEvents.outcome, outcome),
        ),
      )
  ).map(({ details, actorUserId }): Record<string, unknown> => ({ ...details, actorUserId }));

const hasCode = (page: BrowserPage): boolean => callbackOf(app, page).searchParams.has('code');

describe('a passkey or security key as second factor', () => {
  it.each([
    ['security key', createSecurityKey, 'hwk'],
    ['passkey', createPasskeyProvider, 'swk'],
  ] as const)('a %s brings a logon with password to the highest level', async (_what, create, method) => {
    const authenticator = create(server.origin);
    const user = await userWith(authenticator);
    const { course, claims } = await app.signIn(createHttpBrowser(), { ...user, passkey: authenticator });
    expect(course.steps).toEqual(['password', 'passkey-factor']);
    expect(claims).toMatchObject({ acr: 'urn:postern:acr:phr', amr: ['pwd', method, 'mfa'] });
  });

  it('names the keys that will do, and those alone', async () => {
    const authenticator = createSecurityKey(server.origin);
    const user = await userWith(authenticator);
    const other = createSecurityKey(server.origin);
    await userWith(other);
    const { browser, page } = await open();
    const factor = await browser.submit(page, { username: user.userName, password: user.password });
    expect(factor.html).toContain('<bdi>Security key</bdi>');
    const options = JSON.parse(passkeyOptionsOn(factor)) as { allowCredentials: { id: string }[] };
    expect(options.allowCredentials.map(({ id }) => id)).toEqual(authenticator.credentials.map(({ id }) => id));
    expect(factor.html).toContain('Passkeys need JavaScript');
    expect(factor.html).not.toContain('factor=totp');
    expect(factor.html).toContain('factor=recovery');
  });

  it('of another user is refused, and five of them void the logon', async () => {
    const [own, stolen] = [createSecurityKey(server.origin), createSecurityKey(server.origin)];
    const user = await userWith(own);
    await userWith(stolen);
    const { browser, page } = await open();
    let factor = await browser.submit(page, { username: user.userName, password: user.password });
    for (let tries = 0; tries < 4; tries += 1) {
      const [credential] = stolen.credentials;
      const response = stolen.assert(passkeyOptionsOn(factor), credential === undefined ? {} : { credential });
      factor = await browser.submit(factor, { passkey_response: response });
      expect([factor.status, stepOf(factor)]).toEqual([401, 'passkey-factor']);
    }
    const voided = await browser.submit(factor, { passkey_response: '' });
    expect(stepOf(voided)).toBe('password');
    expect(voided.html).toContain('wrong too many times');
    const late = await browser.submit(factor, { passkey_response: own.assert(passkeyOptionsOn(factor)) });
    expect(stepOf(late)).toBe('password');
    expect(
      (await logonEvents('refused')).map((event) => `${String(event['factor'])} ${String(event['reason'])}`),
    ).toEqual(Array.from({ length: 5 }, () => 'passkey-factor wrong'));
  });

  it('neither waits because of wrong codes nor makes codes wait, and the audit log is not flooded', async () => {
    const key = createSecurityKey(server.origin);
    const user = await userWith(key);
    const codes = await giveAuthenticatorApp(server, account, user);
    const atFactor = async () => {
      const { browser, page } = await open();
      const factor = await browser.submit(page, { username: user.userName, password: user.password });
      return (fields: Record<string, string>) => browser.submit(factor, fields);
    };
    for (let logons = 0; logons < 5; logons += 1) {
      const answer = await atFactor();
      for (let tries = 0; tries < 5; tries += 1) await answer({ passkey_response: '' });
    }
    const told = (await logonEvents('refused')).map(({ reason }) => reason);
    expect([told.length, told.filter((reason) => reason === 'throttled').length]).toEqual([21, 1]);
    expect(hasCode(await (await atFactor())({ step: 'totp', code: await codes.nextCode() }))).toBe(true);

    const statuses: number[] = [];
    for (let logons = 0; logons < 3; logons += 1) {
      const answer = await atFactor();
      for (let tries = 0; tries < 4; tries += 1) statuses.push((await answer({ step: 'totp', code: '000000' })).status);
    }
    expect(statuses.slice(9)).toEqual([401, 429, 429]);
    const { browser, page } = await open();
    const factor = await browser.submit(page, { username: user.userName, password: user.password });
    const late = await browser.submit(factor, { step: 'totp', code: await codes.nextCode() });
    expect(late.status).toBe(429);
    expect(hasCode(await browser.submit(factor, { passkey_response: key.assert(passkeyOptionsOn(factor)) }))).toBe(
      true,
    );
  });

  it('and the app stand in for one another, each page linking to the other', async () => {
    const strong = await account.createUser({ mfaRequired: true });
    const { authenticator: codes, recoveryCodes } = await logOnToPortal(createHttpBrowser(), account.issuer, strong);
    if (codes === undefined) throw new Error('nothing was bound');
    const key = createSecurityKey(server.origin);
    await givePasskey(server, account, strong, key);
    const atFactor = async () => {
      const { browser, page } = await open();
      return {
        browser,
        page: await browser.submit(page, { username: strong.userName, password: strong.password }),
      };
    };
    const first = await atFactor();
    expect(stepOf(first.page)).toBe('passkey-factor');
    const totp = await first.browser.open(stepAddress(first.page, 'totp'));
    expect([stepOf(totp), totp.html.includes('&amp;factor=passkey-factor')]).toEqual(['totp', true]);
    expect(hasCode(await first.browser.submit(totp, { code: await codes.nextCode() }))).toBe(true);

    const second = await atFactor();
    const recovery = await second.browser.open(stepAddress(second.page, 'recovery'));
    expect(recovery.html).toContain('&amp;factor=totp');
    expect(hasCode(await second.browser.submit(recovery, { recovery_code: recoveryCodes[0] ?? '' }))).toBe(true);

    const third = await atFactor();
    const wrong = await third.browser.submit(third.page, { step: 'totp', code: '000000' });
    expect([wrong.status, stepOf(wrong)]).toEqual([401, 'totp']);
    const right = await third.browser.submit(third.page, {
      passkey_response: key.assert(passkeyOptionsOn(third.page)),
    });
    expect(hasCode(right)).toBe(true);
  });
});
