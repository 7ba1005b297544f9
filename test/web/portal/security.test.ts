import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt, createAuthenticatorApp } from '../../support/authenticator-app.ts';
import { type BrowserPage, createHttpBrowser } from '../../support/http-browser.ts';
import { errorOn, logOnToPortal, recoveryCodesOn, stepOf, totpSecretOn } from '../../support/logon-driver.ts';
import {
  faultyField,
  headingOf,
  noticeOn,
  openPortal,
  passkeyOptionsOn,
  type PortalUser,
} from '../../support/portal-driver.ts';
import { createPasskeyProvider, createSecurityKey } from '../../support/software-authenticator.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

const namesOn = ({ html }: BrowserPage): string[] =>
  [...html.matchAll(/class="name" dir="auto">([^<]*)</g)].map(([, name = '']) => name);

const devicesOf = async ({ userName }: PortalUser): Promise<{ id: string; type: string; name: string }[]> =>
  ((await account.manage(`GET /users/${userName}/mfa-devices`))['items'] ?? []) as {
    id: string;
    type: string;
    name: string;
  }[];

/** Sets up an authenticator app by its first two usable codes; what the page after it says. */
async function addApp(user: PortalUser, proof: Record<string, string> = { password: user.password }) {
  const page = await user.send(await user.open('/security'), '/security/app/begin');
  const secret = totpSecretOn(page);
  const step = Math.floor(Date.now() / 30_000);
  const codes = { code_1: await codeAt(secret, step), code_2: await codeAt(secret, step + 1) };
  return { secret, after: await user.send(page, '/security/app', { ...codes, ...proof }) };
}

async function addPasskey(user: PortalUser, authenticator = createPasskeyProvider(server.origin), name = 'Laptop') {
  const page = await user.open('/security/passkey');
  const response = authenticator.register(passkeyOptionsOn(page));
  return await user.send(page, '/security/passkey', { name, passkey_response: response, password: user.password });
}

describe('an authenticator app', () => {
  it('is bound by two codes in a row, with recovery codes that are shown once', async () => {
    const user = await openPortal(account);
    const { secret, after } = await addApp(user);
    expect(headingOf(after)).toBe('Your new recovery codes');
    expect(noticeOn(after)).toContain('Added.');
    expect(recoveryCodesOn(after)).toHaveLength(10);
    const reloaded = await user.browser.open(after.url);
    expect(reloaded.html).not.toContain(recoveryCodesOn(after)[0]);
    expect(noticeOn(reloaded)).toBeUndefined();
    expect(namesOn(await user.open('/security'))).toEqual(['Authenticator app']);
    const again = await logOnToPortal(createHttpBrowser(), account.issuer, {
      ...user,
      authenticator: createAuthenticatorApp(secret),
      recoveryCode: recoveryCodesOn(after)[0] ?? '',
    });
    expect(again.steps).toContain('totp');
    expect(headingOf(again.page)).toMatch(/^Hello/);
  });

  it('is not bound by codes that do not follow one another; the same seed is shown again', async () => {
    const user = await openPortal(account);
    const page = await user.send(await user.open('/security'), '/security/app/begin');
    const secret = totpSecretOn(page);
    const code = await codeAt(secret, Math.floor(Date.now() / 30_000));
    const refused = await user.send(page, '/security/app', { code_1: code, code_2: code, password: user.password });
    expect([refused.status, faultyField(refused)]).toEqual([403, 'code_1']);
    expect(totpSecretOn(refused)).toBe(secret);
    const short = await user.send(page, '/security/app', { code_1: '12', code_2: '' });
    expect([short.status, errorOn(short)]).toEqual([400, 'A code has six digits. A code has six digits.']);
    expect(await devicesOf(user)).toEqual([]);
  });

  it("of somebody else's beginning is nobody's: the page leads back and binds nothing", async () => {
    const [user, other] = [await openPortal(account), await openPortal(account)];
    const page = await other.send(await other.open('/security'), '/security/app/begin');
    const theirs = await user.browser.open(page.url);
    expect(headingOf(theirs)).toBe('Security');
    expect(theirs.html).not.toContain(totpSecretOn(page));
    expect(await devicesOf(user)).toEqual([]);
  });

  it('beside another factor asks for a proof, and without one nothing is bound', async () => {
    const user = await openPortal(account, { mfaRequired: true });
    const { after } = await addApp(user, {});
    expect(after.status).toBe(400);
    expect(await devicesOf(user)).toHaveLength(1);
    const page = await user.send(await user.open('/security'), '/security/app/begin');
    const byPassword = await user.browser.open(`${page.url.href}&by=password`);
    const secret = totpSecretOn(byPassword);
    expect(secret).toBe(totpSecretOn(page));
    const step = Math.floor(Date.now() / 30_000);
    const codes = { code_1: await codeAt(secret, step), code_2: await codeAt(secret, step + 1) };
    const done = await user.send(byPassword, '/security/app', { ...codes, password: user.password });
    expect([headingOf(done), noticeOn(done)]).toEqual(['Security', expect.stringContaining('Added.')]);
    expect(await devicesOf(user)).toHaveLength(2);
  });
});

it.each([{}, { password: '' }, { password: 'Wrong-lantern-quartz-93' }])(
  'a first factor is not set up by a session alone, without the password: %o',
  async (proof) => {
    const user = await openPortal(account);
    const { after } = await addApp(user, proof);
    expect([after.status, headingOf(after)]).toEqual([400, 'Add an authenticator app']);
    const page = await user.open('/security/passkey');
    const response = createPasskeyProvider(server.origin).register(passkeyOptionsOn(page));
    const refused = await user.send(page, '/security/passkey', { passkey_response: response, ...proof });
    expect(headingOf(refused)).toBe('Add a passkey or security key');
    expect([refused.status, faultyField(refused)]).toEqual([400, 'password']);
    expect(await devicesOf(user)).toEqual([]);
  },
);

describe('a passkey', () => {
  it('is set up in the browser, named, and good for the next logon', async () => {
    const user = await openPortal(account);
    const after = await addPasskey(user);
    expect(headingOf(after)).toBe('Your new recovery codes');
    const page = await user.open('/security');
    expect(namesOn(page)).toEqual(['Laptop']);
    expect(page.html).toContain('Passkey · Backed up');
    expect(await devicesOf(user)).toMatchObject([{ type: 'passkey', name: 'Laptop' }]);
    const again = await createHttpBrowser().open(account.issuer);
    expect(again.html).toContain('data-passkey="get"');
  });

  it('made for another session, another page or twice is none', async () => {
    const [user, other] = [await openPortal(account), await openPortal(account)];
    const authenticator = createPasskeyProvider(server.origin);
    const theirs = authenticator.register(passkeyOptionsOn(await other.open('/security/passkey')));
    const page = await user.open('/security/passkey');
    const refused = await user.send(page, '/security/passkey', {
      ...{ name: 'x', passkey_response: theirs, password: user.password },
    });
    expect([refused.status, faultyField(refused)]).toEqual([400, 'passkey']);
    for (const response of ['', '{}', 'null', '[]', 'x'.repeat(20_000)]) {
      const one = await user.send(page, '/security/passkey', {
        ...{ name: 'x', passkey_response: response, password: user.password },
      });
      expect(one.status, response.slice(0, 9)).toBe(400);
    }
    expect(await devicesOf(user)).toEqual([]);
  });

  it('is asked for as the proof for another one, one page after the other', async () => {
    const user = await openPortal(account);
    const first = createSecurityKey(server.origin);
    await addPasskey(user, first, 'Key ring');
    const page = await user.open('/security/passkey');
    expect(page.html).toContain('First, use one that you have already.');
    expect(page.html).not.toContain('data-passkey="create"');
    const proof = first.assert(passkeyOptionsOn(page));
    const ready = await user.send(page, '/security/passkey/proof', { passkey_response: proof });
    const second = createPasskeyProvider(server.origin);
    const done = await user.send(ready, '/security/passkey', {
      ...{ name: 'Phone', passkey_response: second.register(passkeyOptionsOn(ready)) },
    });
    expect([headingOf(done), noticeOn(done)]).toEqual(['Security', expect.stringContaining('Added.')]);
    expect(namesOn(done)).toEqual(['Key ring', 'Phone']);
    const third = second.register(passkeyOptionsOn(ready));
    const replayed = await user.send(ready, '/security/passkey', { name: 'Again', passkey_response: third });
    expect(replayed.status).toBe(400);
    expect(await devicesOf(user)).toHaveLength(2);
  });

  it("without a proof, or with a stranger's, is not set up beside another", async () => {
    const user = await openPortal(account);
    await addPasskey(user, createSecurityKey(server.origin), 'Key ring');
    const page = await user.open('/security/passkey');
    const forged = createPasskeyProvider(server.origin);
    const stranger = await openPortal(account);
    forged.register(passkeyOptionsOn(await stranger.open('/security/passkey')));
    const [credential] = forged.credentials;
    if (credential === undefined) throw new Error('no credential');
    const proof = forged.assert(passkeyOptionsOn(page), { credential });
    const ready = await user.send(page, '/security/passkey/proof', { passkey_response: proof });
    const made = createPasskeyProvider(server.origin).register(passkeyOptionsOn(ready));
    const refused = await user.send(ready, '/security/passkey', { name: 'Mine', passkey_response: made });
    expect(refused.status).toBe(403);
    expect(await devicesOf(user)).toHaveLength(1);
  });
});

describe('a device', () => {
  it('gets another name, and only one that is a name', async () => {
    const user = await openPortal(account);
    await addPasskey(user);
    const [device] = await devicesOf(user);
    const page = await user.open('/security');
    const renamed = await user.send(page, '/security/rename', { device: device?.id ?? '', new_name: 'Büro <b>' });
    expect([noticeOn(renamed), namesOn(renamed)]).toEqual(['Renamed.', ['Büro &lt;b&gt;']]);
    const long = await user.send(page, '/security/rename', { device: device?.id ?? '', new_name: 'x'.repeat(65) });
    expect([long.status, errorOn(long)]).toEqual([400, 'A name has 1 to 64 characters.']);
    expect(namesOn(await user.open('/security'))).toEqual(['Büro &lt;b&gt;']);
  });

  it('of somebody else is neither renamed nor removed', async () => {
    const [user, other] = [await openPortal(account), await openPortal(account)];
    await addPasskey(user, createPasskeyProvider(server.origin), 'Mine');
    await addPasskey(other, createPasskeyProvider(server.origin), 'Theirs');
    const [theirs] = await devicesOf(other);
    const page = await user.open('/security');
    const csrf = page.forms[0]?.fields['csrf'] ?? '';
    for (const path of ['/security/rename', '/security/remove']) {
      const answer = await user.browser.open(`${account.issuer}/portal${path}`, {
        ...{ method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } },
        fields: { csrf, device: theirs?.id ?? '', new_name: 'Taken', password: user.password },
      });
      expect(answer.status, path).toBe(404);
    }
    expect((await user.open(`/security/remove?device=${theirs?.id}`)).status).toBe(404);
    expect(await devicesOf(other)).toMatchObject([{ name: 'Theirs' }]);
  });

  it('goes with a proof, and every session with it', async () => {
    const user = await openPortal(account, { mfaRequired: true });
    const [device] = await devicesOf(user);
    const page = await user.open(`/security/remove?device=${device?.id}&by=password`);
    expect(page.html).toContain('It is the last one you have');
    const wrong = await user.send(page, '/security/remove', { password: 'Wrong-lantern-quartz-93' });
    expect([wrong.status, faultyField(wrong)]).toEqual([400, 'password']);
    expect(await devicesOf(user)).toHaveLength(1);
    const done = await user.send(wrong, '/security/remove', { password: user.password });
    expect(headingOf(done)).toBe('It is removed');
    expect(await devicesOf(user)).toEqual([]);
    expect(stepOf(await user.open(''))).toBe('password');
  });

  it('is not removed by the password of somebody who came without a second factor', async () => {
    const user = await openPortal(account);
    await addPasskey(user, createSecurityKey(server.origin), 'Key ring');
    const [device] = await devicesOf(user);
    const page = await user.open(`/security/remove?device=${device?.id}&by=password`);
    expect(page.html).not.toContain('name="password"');
    const refused = await user.send(page, '/security/remove', { password: user.password });
    expect(refused.status).toBe(400);
    expect(await devicesOf(user)).toHaveLength(1);
  });
});

describe('recovery codes', () => {
  it('are made anew by a passkey, shown once, and the old ones are worth nothing', async () => {
    const user = await openPortal(account);
    const key = createSecurityKey(server.origin);
    const [old = ''] = recoveryCodesOn(await addPasskey(user, key));
    const page = await user.open('/security/recovery-codes');
    expect(page.html).toContain('You have 10 left.');
    const proof = key.assert(passkeyOptionsOn(page));
    const made = await user.send(page, '/security/recovery-codes', { passkey_response: proof });
    expect([headingOf(made), recoveryCodesOn(made).length]).toEqual(['Your new recovery codes', 10]);
    expect(recoveryCodesOn(made)).not.toContain(old);
    expect((await user.browser.open(made.url)).html).not.toContain(recoveryCodesOn(made)[0]);
    const replayed = await user.send(page, '/security/recovery-codes', { passkey_response: proof });
    expect(replayed.status).toBe(403);
  });

  it('are shown to no other session, whatever address it asks for', async () => {
    const [user, other] = [await openPortal(account), await openPortal(account)];
    const page = await user.open('/security/passkey');
    const response = createPasskeyProvider(server.origin).register(passkeyOptionsOn(page));
    const form = page.forms.find(({ action }) => action.includes('/security/passkey?'));
    if (form === undefined) throw new Error('no form');
    const stopAt = ({ search }: URL) => search.includes('shown=');
    const left = await user.browser.submit(
      page,
      { name: '', passkey_response: response, password: user.password },
      { form, stopAt },
    );
    const address = left.leftFor;
    if (address === undefined) throw new Error('not led on');
    const theirs = await other.browser.open(address);
    expect(theirs.html).not.toContain('id="recovery-codes"');
    expect(recoveryCodesOn(await user.browser.open(address))).toHaveLength(10);
  });

  it('are not made without a device that they stand in for', async () => {
    const user = await openPortal(account);
    const page = await user.open('/security/recovery-codes');
    expect(page.html).toContain('Set up one of these first');
    expect(page.forms.filter(({ action }) => action.includes('recovery-codes'))).toEqual([]);
  });
});

it('where administrators manage factors, the page shows them and offers nothing', async () => {
  const user = await openPortal(account, { mfaRequired: true });
  await account.manage('PATCH /account/security-preferences', { allowUserToManageMFADevices: false });
  const page = await user.open('/security');
  await account.manage('PATCH /account/security-preferences', { allowUserToManageMFADevices: true });
  expect(namesOn(page)).toEqual(['Authenticator app']);
  expect(page.html).toContain('Administrators manage these for you');
  expect(page.html).not.toContain('/security/rename');
});
