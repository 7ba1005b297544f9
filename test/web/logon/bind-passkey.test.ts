import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvents } from '../../../src/storage/db/schema/audit-events.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, stepOf, walkThroughLogon, stepAddress } from '../../support/logon-driver.ts';
import { givePasskey } from '../../support/factors.ts';
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

describe('binding a passkey or security key in a logon', () => {
  const atBind = async (user: TestUser): Promise<AtPasswordPage> => {
    const { browser, page } = await open();
    const bind = await browser.submit(page, { username: user.userName, password: user.password });
    expect([stepOf(bind), bind.html.includes('&amp;factor=bind-passkey')]).toEqual(['bind', true]);
    const passkeyPage = await browser.open(stepAddress(bind, 'bind-passkey'));
    expect(stepOf(passkeyPage)).toBe('bind-passkey');
    return { browser, page: passkeyPage };
  };
  const devicesOf = async ({ userName }: TestUser) =>
    (await account.manage(`GET /users/${userName}/mfa-devices`))['items'] as Record<string, unknown>[];

  it('brings recovery codes, reaches the highest level, and is asked for from then on', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const authenticator = createPasskeyProvider(server.origin);
    const { browser, page } = await atBind(user);
    const response = authenticator.register(passkeyOptionsOn(page));
    const codes = await browser.submit(page, { name: ' Work laptop ', passkey_response: response });
    const course = await walkThroughLogon(browser, codes, user);
    expect([course.steps, course.recoveryCodes.length]).toEqual([['recovery-codes'], 10]);
    expect(await logonEvents('success')).toMatchObject([{ acr: 'urn:postern:acr:phr', amr: ['pwd', 'swk', 'mfa'] }]);
    expect(await devicesOf(user)).toMatchObject([{ type: 'passkey', name: 'Work laptop' }]);
    const again = await app.signIn(createHttpBrowser(), { ...user, passkey: authenticator });
    expect(again.course.steps).toEqual(['password', 'passkey-factor']);
    const byCode = await open();
    const factor = await byCode.browser.submit(byCode.page, { username: user.userName, password: user.password });
    const [recoveryCode = ''] = course.recoveryCodes;
    const recovered = await byCode.browser.submit(factor, { step: 'recovery', recovery_code: recoveryCode });
    expect(hasCode(recovered)).toBe(true);
  });

  it('a name that will not do is replaced by another', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await atBind(user);
    const response = createSecurityKey(server.origin).register(passkeyOptionsOn(page));
    expect(stepOf(await browser.submit(page, { name: 'x'.repeat(500), passkey_response: response }))).toBe(
      'recovery-codes',
    );
    expect(await devicesOf(user)).toMatchObject([{ type: 'security-key', name: 'Security key' }]);
  });

  it('what is no answer to this page binds nothing, and the app can be bound instead', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const other = await atBind(await account.createUser({ mfaRequired: true }));
    const { browser, page } = await atBind(user);
    const strange = createPasskeyProvider(server.origin).register(passkeyOptionsOn(other.page));
    for (const response of ['', '{}', strange]) {
      const refused = await browser.submit(page, { passkey_response: response });
      expect([refused.status, stepOf(refused)]).toEqual([401, 'bind-passkey']);
    }
    expect(await devicesOf(user)).toEqual([]);
    const course = await walkThroughLogon(browser, await browser.open(`${page.url.origin}${page.url.pathname}`), user);
    expect(course.steps).toEqual(['bind', 'recovery-codes']);
    expect(await devicesOf(user)).toMatchObject([{ type: 'totp' }]);
  });

  it('a key that somebody has bound already is refused', async () => {
    const authenticator = createSecurityKey(server.origin);
    await userWith(authenticator);
    const [known] = authenticator.credentials;
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await atBind(user);
    const response = createSecurityKey(server.origin).register(
      passkeyOptionsOn(page),
      known === undefined ? {} : { credentialId: known.id },
    );
    expect((await browser.submit(page, { passkey_response: response })).status).toBe(401);
    expect(await devicesOf(user)).toEqual([]);
  });

  it('of two answers at once one binds', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const { browser, page } = await atBind(user);
    const responses = [1, 2].map(() => createPasskeyProvider(server.origin).register(passkeyOptionsOn(page)));
    const answers = await Promise.all(
      responses.map((response) => browser.submit(page, { passkey_response: response })),
    );
    for (const { status } of answers) expect(status).toBeLessThan(500);
    expect(await devicesOf(user)).toHaveLength(1);
  });
});
