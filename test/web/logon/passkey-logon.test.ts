import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnWithPasskey, passkeyOptionsOn, stepOf, walkThroughLogon } from '../../support/logon-driver.ts';
import { givePasskey } from '../../support/factors.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import {
  createPasskeyProvider,
  createSecurityKey,
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '../../support/software-authenticator.ts';
import { newPassword, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

const refusal = 'This passkey cannot be used here. Try again, or use your password.';

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

const prefer = (changes: object) => account.manage('PATCH /account/security-preferences', changes);

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

describe('a passkey in place of name and password', () => {
  it.each([
    ['that stays on its device', false, 'hwk'],
    ['that is copied to others', true, 'swk'],
  ])('%s is a whole logon at the highest level', async (_what, backupEligible, method) => {
    const authenticator = createSoftwareAuthenticator({ origin: server.origin, backupEligible });
    const user = await userWith(authenticator);
    const request = await app.request();
    const browser = createHttpBrowser();
    const page = await logOnWithPasskey(browser, await browser.open(request.url), authenticator);
    const tokens = await app.redeem(request, callbackOf(app, page));
    expect(tokens.claims()).toMatchObject({
      sub: user.userId,
      acr: 'urn:postern:acr:phr',
      amr: [method, 'user', 'mfa'],
    });
    expect(await logonEvents('success')).toMatchObject([
      { actorUserId: user.userId, acr: 'urn:postern:acr:phr', amr: [method, 'user', 'mfa'] },
    ]);
  });

  it('is a second factor for whoever must have one, and the password is asked for all else that is due', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    await userWith(authenticator, { mfaRequired: true, resetRequired: true });
    const { browser, page } = await open();
    const reset = await logOnWithPasskey(browser, page, authenticator);
    expect(stepOf(reset)).toBe('reset');
    const course = await walkThroughLogon(browser, reset, {
      ...{ userName: '', password: '', newPassword: newPassword() },
    });
    expect([course.steps, hasCode(course.page)]).toEqual([['reset'], true]);
  });

  it('is not looked at twice, though it comes twice at once', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    await userWith(authenticator);
    const { browser, page } = await open();
    const fields = { step: 'passkey', passkey_response: authenticator.assert(passkeyOptionsOn(page)) };
    const answers = await Promise.all([1, 2, 3].map(() => browser.submit(page, fields)));
    expect(answers.filter(({ url }) => url.href.startsWith(app.server.redirectUri))).toHaveLength(1);
    expect(await logonEvents('success')).toHaveLength(1);
    const later = await open();
    const replayed = await later.browser.submit(later.page, { ...fields });
    expect([replayed.status, errorOn(replayed)]).toEqual([401, refusal]);
  });

  it('made for one logon opens no other', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    await userWith(authenticator);
    const [first, second] = [await open(), await open()];
    const response = authenticator.assert(passkeyOptionsOn(first.page));
    const crossed = await second.browser.submit(second.page, { step: 'passkey', passkey_response: response });
    expect([crossed.status, stepOf(crossed), errorOn(crossed)]).toEqual([401, 'password', refusal]);
    const own = await first.browser.submit(first.page, { step: 'passkey', passkey_response: response });
    expect(hasCode(own)).toBe(true);
  });

  it.each<[string, () => Promise<{ authenticator: SoftwareAuthenticator }>, string]>([
    [
      'of another account',
      async () => {
        const authenticator = createPasskeyProvider(server.origin);
        const other = await server.account();
        await givePasskey(server, other, await other.createUser(), authenticator);
        return { authenticator };
      },
      'unknown passkey',
    ],
    [
      'that is a security key and no passkey',
      async () => {
        const authenticator = createSecurityKey(server.origin);
        await userWith(authenticator);
        return { authenticator };
      },
      'unknown passkey',
    ],
    [
      'used without verifying who uses it',
      async () => {
        const authenticator = createPasskeyProvider(server.origin);
        await userWith(authenticator);
        return {
          authenticator: {
            ...authenticator,
            assert: (options) => authenticator.assert(options, { userVerified: false }),
          },
        };
      },
      'wrong passkey',
    ],
    [
      'of a user who was frozen',
      async () => {
        const authenticator = createPasskeyProvider(server.origin);
        const user = await userWith(authenticator);
        await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
        return { authenticator };
      },
      'not active',
    ],
    [
      'of a user whose login profile was switched off',
      async () => {
        const authenticator = createPasskeyProvider(server.origin);
        const user = await userWith(authenticator);
        await account.manage(`PUT /users/${user.userName}/login-profile`, { status: 'inactive' });
        return { authenticator };
      },
      'not active',
    ],
    [
      'from a network that is not allowed',
      async () => {
        const authenticator = createPasskeyProvider(server.origin);
        await userWith(authenticator);
        await prefer({ loginNetworkMasks: ['198.51.100.0/24'] });
        return { authenticator };
      },
      'network not allowed',
    ],
  ])('%s is refused in the same words, and the audit log knows why', async (_what, prepare, reason) => {
    const { authenticator } = await prepare();
    const { browser, page } = await open();
    const answer = await logOnWithPasskey(browser, page, authenticator);
    expect([answer.status, stepOf(answer), errorOn(answer)]).toEqual([401, 'password', refusal]);
    expect(await logonEvents('refused')).toMatchObject([{ factor: 'passkey', reason }]);
    expect(await logonEvents('success')).toEqual([]);
    expect(stepOf(await browser.open(page.url))).toBe('password');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['another kind of JSON', '[1]'],
    ['more than any authenticator says', JSON.stringify({ id: 'A'.repeat(17_000) })],
  ])('is refused where %s is sent in its place, with what was typed still there', async (_what, response) => {
    const { browser, page } = await open();
    const answer = await browser.submit(page, { step: 'passkey', passkey_response: response, username: 'alice' });
    expect([answer.status, errorOn(answer)]).toEqual([401, refusal]);
    expect(answer.forms[0]?.fields['username']).toBe('alice');
  });

  it('is neither offered nor taken where the account does not want it', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    const user = await userWith(authenticator);
    const { browser, page } = await open();
    const response = authenticator.assert(passkeyOptionsOn(page));
    await prefer({ allowUserToLoginWithPasskey: false });
    const answer = await browser.submit(page, { step: 'passkey', passkey_response: response });
    expect([answer.status, stepOf(answer), errorOn(answer)]).toEqual([200, 'password', undefined]);
    expect(passkeyOptionsOn(answer)).toBe('');
    expect(answer.html).not.toContain('id="passkey"');
    expect(await logonEvents('success')).toEqual([]);
    // As a second factor it is nobody's wish but the user's.
    const factor = await browser.submit(answer, { username: user.userName, password: user.password });
    expect(stepOf(factor)).toBe('passkey-factor');
  });

  it('is taken however many were refused at the same address, of which the audit log tells the first', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    await userWith(authenticator);
    const { browser, page } = await open();
    const send = (response: string, from: string) =>
      browser.submit(page, { step: 'passkey', passkey_response: response }, { headers: { 'x-forwarded-for': from } });
    for (let tries = 0; tries < 25; tries += 1) expect((await send('{}', '192.0.2.1')).status).toBe(401);
    const told = (await logonEvents('refused')).map(({ reason }) => reason);
    expect(told).toHaveLength(21);
    expect(told.filter((reason) => reason === 'throttled')).toHaveLength(1);
    expect(await logonEvents('success')).toEqual([]);
    expect((await send('{}', '192.0.2.2')).status).toBe(401);
    expect(await logonEvents('refused')).toHaveLength(22);
    expect(hasCode(await send(authenticator.assert(passkeyOptionsOn(page)), '192.0.2.1'))).toBe(true);
  });

  it('leads to the portal too, and the page says nothing of who has one', async () => {
    const authenticator = createPasskeyProvider(server.origin);
    await userWith(authenticator);
    const browser = createHttpBrowser();
    const first = await browser.open(account.issuer);
    expect(JSON.parse(passkeyOptionsOn(first))).toMatchObject({ allowCredentials: [], userVerification: 'required' });
    const page = await logOnWithPasskey(browser, first, authenticator);
    expect([page.status, stepOf(page)]).toEqual([200, undefined]);
    expect(page.url.href.startsWith(account.issuer)).toBe(true);
  });
});
