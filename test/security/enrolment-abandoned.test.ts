import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginProfiles } from '../../src/storage/db/schema/login-profiles.ts';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import { giveAuthenticatorApp } from '../support/factors.ts';
import { passkeyOptionsOn, stepOf, totpSecretOn, stepAddress } from '../support/logon-driver.ts';
import { openPortal, passkeyOptionsOn as portalOptionsOn } from '../support/portal-driver.ts';
import { createPasskeyProvider } from '../support/software-authenticator.ts';
import { newPassword, type TestAccount, type TestApplication, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, obtainTokens } from './support/code-flow.ts';
import { typePassword } from './support/half-done-logons.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { codeNow, giveKey } from './support/own-devices.ts';

let server: TestServer;
let account: TestAccount;
let application: TestApplication;
/** An app that must have a second factor. */
let strict: TestApplication;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  application = await account.createApplication();
  strict = await account.createApplication({ requiredAcr: 'urn:postern:acr:mfa' });
});
afterAll(() => server.close());

const devicesOf = ({ userId }: TestUser) =>
  server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, userId));

describe('an enrolment that was begun and left', () => {
  it('is no factor: its seed is worth nothing in another logon of the same user, nor in anybody else’s', async () => {
    const user = await account.createUser({ mfaRequired: true });
    const open = async (who: TestUser) => {
      const { browser, page } = await startLogon(account.issuer, application.clientId);
      return { browser, page: await browser.submit(page, typePassword(who)) };
    };
    const neighbour = await account.createUser({ mfaRequired: true });
    const [left, present, theirs] = [await open(user), await open(user), await open(neighbour)];
    const [old, seed, foreign] = [left, present, theirs].map(({ page }) => totpSecretOn(page)) as [
      string,
      string,
      string,
    ];
    expect(new Set([old, seed, foreign]).size).toBe(3);
    for (const secret of [old, foreign]) {
      const refused = await present.browser.submit(present.page, { code: await codeNow(secret) });
      expect([refused.status, stepOf(refused), totpSecretOn(refused)]).toEqual([401, 'bind', seed]);
      // Nor does a field of a form say which seed it is.
      const told = { secret, totp_secret: secret, bind_secret: secret, code: await codeNow(secret) };
      expect((await present.browser.submit(present.page, told)).status).toBe(401);
    }
    expect(await devicesOf(user)).toEqual([]);
    expect(stepOf(await present.browser.submit(present.page, { code: await codeNow(seed) }))).toBe('recovery-codes');
    // What was bound is the seed of this logon alone.
    const later = await open(user);
    expect(stepOf(later.page)).toBe('totp');
    for (const secret of [old, foreign])
      expect((await later.browser.submit(later.page, { code: await codeNow(secret, 1) })).status).toBe(401);
    const next = await codeNow(seed, 1);
    expect(hasCode(await later.browser.submit(later.page, { code: next }))).toBe(true);
  });

  it('in the portal or through the API satisfies no demand and opens no logon', async () => {
    const user = await openPortal(account);
    const begun = await user.send(await user.open('/security'), '/security/app/begin');
    const pending = totpSecretOn(begun);
    const made = await (await giveKey(account, user)).beginApp();
    await account.manage(`PUT /users/${user.userName}/login-profile`, { mfaRequired: true });
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const bind = await browser.submit(page, typePassword(user));
    expect(stepOf(bind)).toBe('bind');
    for (const secret of [pending, made.secret])
      for (const step of ['bind', 'totp']) {
        const after = await browser.submit(bind, { step, code: await codeNow(secret) });
        expect([stepOf(after), hasCode(after)]).toEqual(['bind', false]);
      }
    expect(await devicesOf(user)).toEqual([]);
  });

  it('is ended by its own user alone', async () => {
    const elsewhere = await server.account();
    const newHolder = async (of: TestAccount) => await giveKey(of, await of.createUser());
    const [owner, neighbour, stranger] = [
      await newHolder(account),
      await newHolder(account),
      await newHolder(elsewhere),
    ];
    const pending = await owner.beginApp();
    for (const other of [neighbour, stranger]) {
      const refused = await other.activate(pending);
      expect([refused.status, refused.body['code']]).toEqual([404, 'EntityNotExist.User.MFADevice']);
      expect(await devicesOf(other.user)).toEqual([]);
    }
    expect((await owner.activate(pending)).status).toBe(200);
    expect(await devicesOf(owner.user)).toHaveLength(1);
  });

  it('is not gone on with by a password that has died, or whose user may log on no more', async () => {
    const expire = ({ userId }: TestUser) =>
      server.backend.db
        .update(loginProfiles)
        .set({ initialPasswordExpiresAt: new Date(Date.now() - 1000) })
        .where(eq(loginProfiles.userId, userId));
    const switchOff = ({ userName }: TestUser) =>
      account.manage(`PUT /users/${userName}/login-profile`, { status: 'inactive' });
    for (const kill of [expire, switchOff]) {
      const holder = await giveKey(account, await account.createUser({ resetRequired: true }));
      const pending = await holder.beginApp();
      await kill(holder.user);
      expect((await holder.activate(pending)).body['code']).toBe('InvalidOldPassword');
      expect(await devicesOf(holder.user)).toEqual([]);
      const change = { oldPassword: holder.user.password, newPassword: newPassword() };
      expect((await holder.call('POST /me/password', change)).body['code']).toBe('InvalidOldPassword');
    }
  });
});

describe('a step-up', () => {
  const wish = { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:postern:acr:mfa'] } } }) };

  it('binds nothing for a session alone: whoever has no factor gives the password first', async () => {
    const user = await openPortal(account);
    const prepared = createPasskeyProvider(server.origin);
    const response = prepared.register(portalOptionsOn(await user.open('/security/passkey')));
    const pending = totpSecretOn(await user.send(await user.open('/security'), '/security/app/begin'));
    for (const address of [
      authorizationUrl(account.issuer, application.clientId, wish),
      authorizationUrl(account.issuer, strict.clientId),
    ]) {
      const page = await user.browser.open(address);
      expect(stepOf(page)).toBe('password');
      for (const factor of ['bind', 'bind-passkey', 'recovery-codes', 'totp', 'passkey-factor'])
        expect(stepOf(await user.browser.open(stepAddress(page, factor)))).toBe('password');
      for (const fields of [
        { step: 'bind', code: await codeNow(pending) },
        { step: 'bind-passkey', passkey_response: response },
        {
          step: 'bind-passkey',
          passkey_response: prepared.register(portalOptionsOn(await user.open('/security/passkey')), {
            challenge: (JSON.parse(passkeyOptionsOn(page)) as { challenge: string }).challenge,
          }),
        },
        { step: 'totp', code: '000000' },
        { step: 'recovery-codes' },
      ]) {
        const after = await user.browser.submit(page, fields);
        expect([fields.step, stepOf(after), hasCode(after)]).toEqual([fields.step, 'password', false]);
      }
      expect(await devicesOf(user)).toEqual([]);
    }
    const page = await user.browser.open(authorizationUrl(account.issuer, application.clientId, wish));
    expect(stepOf(await user.browser.submit(page, typePassword(user)))).toBe('bind');
  });

  it('that waited while the factor was taken away binds no other in its place', async () => {
    const user = await account.createUser();
    const { browser } = await obtainTokens(account.issuer, application, user);
    const app = await giveAuthenticatorApp(server, account, user);
    const page = await browser.open(authorizationUrl(account.issuer, strict.clientId));
    expect(stepOf(page)).toBe('totp');
    await account.manage(`DELETE /users/${user.userName}/mfa-devices`);
    for (const fields of [
      { code: await app.nextCode() },
      { step: 'bind', code: '000000' },
      { step: 'bind-passkey', passkey_response: '{}' },
    ]) {
      const after = await browser.submit(page, fields);
      expect([hasCode(after), ['bind', 'bind-passkey', 'recovery-codes'].includes(stepOf(after) ?? '')]).toEqual([
        false,
        false,
      ]);
    }
    expect(await devicesOf(user)).toEqual([]);
    expect(stepOf(await browser.open(authorizationUrl(account.issuer, strict.clientId)))).toBe('password');
  });
});

it('nothing of all this ended as a fault of ours', () => {
  expect(
    server.logLines.map((line) => JSON.parse(line) as { level: number }).filter(({ level }) => level >= 50),
  ).toEqual([]);
});
