import { eq } from 'drizzle-orm';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import { sectionNames } from '../../src/web/portal/sections.ts';
import { createAuthenticatorApp } from '../support/authenticator-app.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal, stepOf, walkThroughLogon, stepAddress } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, challengeOf, newVerifier, postAsClient, redeemCode } from './support/code-flow.ts';
import { type EnrolmentStage, enrolmentStages, typePassword } from './support/half-done-logons.ts';
import { hasCode } from './support/logon-start.ts';

let server: TestServer;
let account: TestAccount;
let application: TestApplication;
/** An app that must have a second factor, and one that asks each user's consent. */
let strict: TestApplication;
let third: TestApplication;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  application = await account.createApplication();
  strict = await account.createApplication({ requiredAcr: 'urn:postern:acr:mfa' });
  third = await account.createApplication({ firstParty: false });
});
afterAll(() => server.close());

const devicesOf = ({ userId }: TestUser) =>
  server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId));

/** All that an enrolment could have changed. */
const credentialsOf = async (user: TestUser) => ({
  profile: (await server.backend.db.select().from(loginProfiles).where(eq(loginProfiles.userId, user.userId)))[0],
  devices: await devicesOf(user),
});

const reach = (stage: EnrolmentStage) => enrolmentStages[stage]({ account, clientId: application.clientId });
const stageNames = Object.keys(enrolmentStages) as EnrolmentStage[];
const alternatives: Readonly<Record<string, readonly string[]>> = { bind: ['bind-passkey'] };

/** What an app asks for in the hope that nobody is asked. */
const silentWishes: readonly Readonly<Record<string, string>>[] = [
  { prompt: 'none' },
  { prompt: 'none', acr_values: 'urn:postern:acr:pwd' },
  { prompt: 'none', max_age: '86400', response_mode: 'form_post' },
];

const grants = [
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:openid:params:grant-type:ciba',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
];

describe.each(stageNames)('whoever is at "%s"', (stage) => {
  it('is led to no later step by an address, and to no page of their own', async () => {
    const { browser, page, user } = await reach(stage);
    const before = await credentialsOf(user);
    expect(stepOf(page)).toBe(stage);
    for (const factor of [
      'password',
      'totp',
      'recovery',
      'reset',
      'bind',
      'bind-passkey',
      'recovery-codes',
      'consent',
    ]) {
      const shown = await browser.open(stepAddress(page, factor));
      expect([stage, ...(alternatives[stage] ?? [])]).toContain(stepOf(shown));
    }
    for (const place of ['', '/portal', ...sectionNames.map((name) => `/portal/${name}`), '/portal/security/passkey']) {
      const led = await browser.open(`${account.issuer}${place}`);
      expect([place, led.html.includes('/portal/sign-out')]).toEqual([place, false]);
      if (led.status === 200) expect([place, stepOf(led)]).toEqual([place, 'password']);
    }
    expect(await credentialsOf(user)).toEqual(before);
  });

  it('gets nothing for any app without being asked, by no prompt and no grant, and nothing from the API', async () => {
    const { browser, page, user } = await reach(stage);
    for (const { clientId } of [application, strict, third])
      for (const wish of silentWishes) {
        const { leftFor, html } = await browser.open(authorizationUrl(account.issuer, clientId, wish));
        expect(`${leftFor?.search ?? ''}${html}`).toContain('login_required');
        expect(leftFor?.searchParams.get('code') ?? null).toBeNull();
        expect(html).not.toContain('name="code"');
      }
    for (const grant_type of grants) {
      const fields = { username: user.userName, password: user.password, scope: 'openid' };
      const { status, body } = await postAsClient(`${account.issuer}/oauth2/token`, application, {
        grant_type,
        ...fields,
      });
      expect([grant_type, status, 'access_token' in body]).toEqual([grant_type, 400, false]);
    }
    const cookie = browser.cookies.headerFor(page.url);
    for (const path of ['/me', '/me/mfa-devices', '/me/recovery-codes'])
      expect((await fetch(`${account.issuer}/api/v1${path}`, { headers: { cookie } })).status).toBe(401);
  });

  it('is not taken past it by forms of the portal that were never shown', async () => {
    const { browser, page, user, chosen } = await reach(stage);
    const before = await credentialsOf(user);
    const csrf = page.forms[0]?.fields['csrf'] ?? '';
    const fields = {
      csrf,
      password: user.password,
      old_password: user.password,
      new_password: chosen,
      confirm_password: chosen,
    };
    for (const path of [
      '/password',
      '/security/app/begin',
      '/security/app',
      '/security/passkey',
      '/security/recovery-codes',
    ]) {
      const headers = { origin: server.origin, 'sec-fetch-site': 'same-origin' };
      const answer = await browser.open(`${account.issuer}/portal${path}`, { method: 'POST', headers, fields });
      expect([path, answer.html.includes('/portal/sign-out'), hasCode(answer)]).toEqual([path, false, false]);
    }
    expect(await credentialsOf(user)).toEqual(before);
  });

  it('stays there while somebody else signs in in another tab', async () => {
    const { browser, page, user, chosen } = await reach(stage);
    const neighbour = await account.createUser();
    const verifier = newVerifier();
    const tab = await browser.open(
      authorizationUrl(account.issuer, application.clientId, { code_challenge: challengeOf(verifier) }),
    );
    const theirs = await browser.submit(tab, typePassword(neighbour));
    const code = theirs.leftFor?.searchParams.get('code') ?? '';
    const { body } = await redeemCode(account.issuer, application, { code, verifier });
    expect(decodeJwt(String(body['id_token'])).sub).toBe(neighbour.userId);
    expect((await browser.open(account.issuer)).html).toContain(neighbour.userName);
    const before = await credentialsOf(user);
    expect(stepOf(await browser.open(page.url))).toBe(stage);
    const skipped = await browser.submit(page, { step: 'consent', decision: 'approve' });
    expect(hasCode(skipped)).toBe(false);
    expect(await credentialsOf(user)).toEqual(before);
    const me = await browser.open(account.issuer);
    expect(me.html.includes(user.userName)).toBe(false);
    // Nor does whoever leaves it find it done: the next logon asks for what is missing still.
    const { steps } = await logOnToPortal(createHttpBrowser(), account.issuer, {
      ...user,
      newPassword: chosen,
      authenticator: createAuthenticatorApp('A'.repeat(32)),
    });
    const expected = {
      reset: ['password', 'reset', 'bind', 'recovery-codes'],
      bind: ['password', 'bind', 'recovery-codes'],
      'recovery-codes': ['password', 'totp'],
    };
    expect(steps).toEqual(expected[stage]);
  });

  it('is asked once for each thing that is missing, and then gets in', async () => {
    const { browser, page, user, chosen } = await reach(stage);
    const course = await walkThroughLogon(browser, page, { ...user, newPassword: chosen });
    expect(course.steps).toEqual(['reset', 'bind', 'recovery-codes'].slice(stageNames.indexOf(stage)));
    expect(hasCode(course.page)).toBe(true);
    expect((await browser.open(account.issuer)).html).toContain('/portal/sign-out');
  });
});

it('nothing of all this ended as a fault of ours', () => {
  expect(
    server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
  ).toEqual([]);
});
