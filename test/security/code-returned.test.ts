import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mfaDevices } from '../../src/storage/db/schema/mfa-devices.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import { sectionNames } from '../../src/web/portal/sections.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { recoveryCodesOn, stepOf, totpSecretOn, stepAddress } from '../support/logon-driver.ts';
import { accessKeyToken, newPassword, type TestAccount, type TestApplication } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type AddressParts, isOwn, requestTo } from './support/api-requests.ts';
import { authorizationUrl } from './support/code-flow.ts';
import { hasCode, startLogon } from './support/logon-start.ts';
import { codeNow } from './support/own-devices.ts';
import { plantThings } from './support/planted-things.ts';
import { sendRaw } from './support/raw-http.ts';
import { readableIn } from './support/store-dump.ts';

/** Somebody who has everything that is handed over once, and whose second factor is an app. */
interface Holder {
  readonly userId: string;
  readonly userName: string;
  readonly password: string;
  readonly seed: string;
  readonly recoveryCodes: readonly string[];
  readonly key: { readonly id: string; readonly secret: string };
  readonly browser: HttpBrowser;
  /** What the pages showed when each was handed over. */
  readonly shown: readonly BrowserPage[];
  readonly secrets: Map<string, string>;
}

let server: TestServer;
let account: TestAccount;
let application: TestApplication;
let holder: Holder;
let parts: AddressParts & Readonly<Record<'mfaDeviceId' | 'accountAlias' | 'kid' | 'accountId', string>>;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded', settings: { LOG_LEVEL: 'trace' } });
  account = await server.account(undefined, { isPlatform: true });
  application = await account.createApplication();
  await account.manage('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });
  holder = await enrol();
  const { clientId } = application;
  const of = { userId: holder.userId, userName: holder.userName, password: holder.password };
  const [device] = await server.backend.db.select().from(mfaDevices).where(eq(mfaDevices.userId, holder.userId));
  const ofAccount = await plantThingsOfAccount();
  parts = { ...(await plantThings(account, of, clientId)), ...ofAccount, mfaDeviceId: device?.mfaDeviceId ?? '' };
});
afterAll(() => server.close());

/** A former name, a second key that signs, and another account, with the first password of its administrator. */
async function plantThingsOfAccount(): Promise<Readonly<Record<'accountAlias' | 'kid' | 'accountId', string>>> {
  const accountAlias = `${account.alias}-old`;
  for (const alias of [accountAlias, account.alias]) await account.manage('PATCH /account', { alias });
  const { kid } = (await account.manage('POST /account/signing-keys', { alg: 'ES256' })) as { kid: string };
  const tenant = { alias: `${account.alias}-tenant`, adminUserName: 'admin' };
  const made = (await account.manage('POST /accounts', tenant)) as { accountId: string; initialPassword: string };
  holder.secrets.set('first password of an account', made.initialPassword);
  expect(await toldIn(JSON.stringify(made))).toEqual(['first password of an account']);
  return { accountAlias, kid, accountId: made.accountId };
}

async function enrol(): Promise<Holder> {
  const made = (await account.manage('POST /users', {
    ...{ userName: 'canary', displayName: 'Canary', consoleLogon: { mfaRequired: true }, programmaticAccess: true },
  })) as { user: { userId: string }; initialPassword: string; accessKey: { id: string; secret: string } };
  const { browser, page } = await startLogon(account.issuer, application.clientId);
  const reset = await browser.submit(page, { username: 'canary', password: made.initialPassword });
  const password = newPassword();
  const bind = await browser.submit(reset, { new_password: password, confirm_password: password });
  const seed = totpSecretOn(bind);
  const codesPage = await browser.submit(bind, { code: await codeNow(seed, -1) });
  const recoveryCodes = recoveryCodesOn(codesPage);
  const done = await browser.submit(codesPage, {});
  const code = done.leftFor?.searchParams.get('code') ?? '';
  return {
    ...{ userId: made.user.userId, userName: 'canary', password, seed, recoveryCodes, key: made.accessKey, browser },
    shown: [bind, codesPage, done],
    secrets: new Map([
      ...[['first password', made.initialPassword] as const, ['password', password] as const, ['seed', seed] as const],
      ...[['access key', made.accessKey.secret] as const, ['client secret', application.clientSecret] as const],
      ...recoveryCodes.map((one, at) => [`recovery code ${at}`, one] as const),
      ['authorization code', code],
    ]),
  };
}

/** Names of all that a text gives away: what was handed over once, and the codes that the app shows about now. */
async function toldIn(text: string): Promise<string[]> {
  const codes = await Promise.all([-1, 0, 1, 2].map((later) => codeNow(holder.seed, later)));
  const tellsCode = codes.some((code) => new RegExp(`(?<![0-9])${code}(?![0-9])`).test(text));
  return [...readableIn(text, holder.secrets), ...(tellsCode ? ['code of the app'] : [])];
}

const textOf = ({ html, headers, visited }: BrowserPage): string =>
  [JSON.stringify([...headers]), ...visited.map(String), html].join('\n');

const order = ['GET', 'PATCH', 'PUT', 'POST', 'DELETE'];

/** One call of every route, those that only read first: what was answered to it. */
async function callEvery(chosen: readonly Route[], key: Holder['key']) {
  const answers: { readonly line: string; readonly status: number; readonly text: string }[] = [];
  for (const route of chosen.toSorted((left, right) => order.indexOf(left.method) - order.indexOf(right.method))) {
    const [line, body] = requestTo(route, parts);
    const [method = '', path = ''] = line.split(' ');
    const token = await accessKeyToken(account.issuer, key).catch(() => 'none');
    const answer = await fetch(`${account.issuer}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    answers.push({
      line,
      status: answer.status,
      text: JSON.stringify([...answer.headers]) + (await answer.text()),
    });
  }
  return answers;
}

describe('a code or secret that was handed over', () => {
  it('is found by this search where it was handed over', async () => {
    expect(holder.secrets.size).toBe(17);
    expect([...holder.secrets.values()].every((secret) => secret.length >= 12)).toBe(true);
    const [bind, codesPage, done] = holder.shown;
    if (bind === undefined || codesPage === undefined || done === undefined) throw new Error('nothing was shown');
    expect(await toldIn(textOf(bind).replaceAll(' ', ''))).toEqual(['seed']);
    expect(await toldIn(textOf(codesPage))).toEqual(holder.recoveryCodes.map((_code, at) => `recovery code ${at}`));
    expect(await toldIn(done.leftFor?.href ?? '')).toEqual(['authorization code']);
    expect(await toldIn(`"code":"${await codeNow(holder.seed)}"`)).toEqual(['code of the app']);
    for (const page of [bind, codesPage])
      expect(['cache-control', 'referrer-policy'].map((name) => page.headers.get(name))).toEqual([
        'no-store',
        'no-referrer',
      ]);
  });

  it('is on no page of its user’s, nor on one that asks for it', async () => {
    const pages: BrowserPage[] = [];
    for (const name of sectionNames)
      pages.push(await holder.browser.open(`${account.issuer}/portal/${name === 'overview' ? '' : name}`));
    for (const path of ['security/passkey', 'security/recovery-codes', `security/remove?device=${parts.mfaDeviceId}`])
      pages.push(await holder.browser.open(`${account.issuer}/portal/${path}`));
    expect(pages.filter(({ html }) => html.includes('/portal/sign-out')).length).toBeGreaterThan(8);
    const { browser, page } = await startLogon(account.issuer, application.clientId);
    const totp = await browser.submit(page, { username: holder.userName, password: holder.password });
    expect(stepOf(totp)).toBe('totp');
    pages.push(totp, await browser.open(stepAddress(totp, 'recovery')));
    for (const step of ['bind', 'recovery-codes', 'bind-passkey', 'reset'])
      pages.push(await browser.open(stepAddress(totp, step)), await browser.submit(totp, { step }));
    const wrong = [
      { step: 'totp', code: '000000' },
      { step: 'recovery', recovery_code: '000000-000000-000000-000000' },
    ];
    for (const fields of wrong) {
      const refused = await browser.submit(totp, fields);
      expect(refused.status).toBe(401);
      pages.push(refused);
    }
    for (const one of pages) expect([one.url.pathname, await toldIn(textOf(one))]).toEqual([one.url.pathname, []]);
  });

  it('is not shown again by going back, by another browser, or by asking to be led on once more', async () => {
    const [bind, codesPage] = holder.shown;
    if (bind === undefined || codesPage === undefined) throw new Error('nothing was shown');
    const uid = codesPage.url.pathname.split('/').at(-1) ?? '';
    const addresses = [
      codesPage.url.href,
      ...['bind', 'recovery-codes'].map((factor) => stepAddress(codesPage, factor)),
      `${account.issuer}/oauth2/authorize/${uid}`,
    ];
    for (const browser of [holder.browser, createHttpBrowser(holder.browser.cookies.copy()), createHttpBrowser()]) {
      for (const address of addresses) {
        const again = await browser.open(address);
        expect([address, hasCode(again), await toldIn(textOf(again))]).toEqual([address, false, []]);
      }
      const sent = await browser.submit(codesPage, {});
      expect([hasCode(sent), await toldIn(textOf(sent))]).toEqual([false, []]);
    }
    // An app that asks again gets another code, and the old one is nowhere.
    const next = await holder.browser.open(authorizationUrl(account.issuer, application.clientId));
    expect([hasCode(next), await toldIn(`${next.leftFor?.href}${textOf(next)}`)]).toEqual([true, []]);
  });

  it('is in no answer of the API to its user, whatever is asked or changed', async () => {
    const answers = await callEvery(routes.filter(isOwn), holder.key);
    expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(10);
    for (const { line, text } of answers) expect([line, await toldIn(text)]).toEqual([line, []]);
  });

  it('is in no answer of the API to an administrator of the account and the platform, whatever is asked or changed', async () => {
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    const others = routes.filter((route) => !isOwn(route));
    const answers = await callEvery(others, { id, secret });
    expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(65);
    // Of the account and the platform every single one did what it is for.
    const ofAccounts = answers.filter(({ line }) => /^[A-Z]+ \/accounts?(?:\/|$)/.test(line));
    expect(ofAccounts.length).toBe(others.filter(({ path }) => path.startsWith('/account')).length);
    expect(ofAccounts.filter(({ status }) => status >= 300)).toEqual([]);
    for (const { line, text } of answers) expect([line, await toldIn(text)]).toEqual([line, []]);
  });

  it('is in no list for printing, no document, no measure and no log', async () => {
    const token = await accessKeyToken(account.issuer, {
      ...{ id: account.handover.accessKeyId, secret: account.handover.accessKeySecret },
    });
    const headers = { authorization: `Bearer ${token}` };
    for (const path of ['/audit-events?format=ndjson', '/credential-report?format=csv']) {
      const answer = await fetch(`${account.issuer}/api/v1${path}`, { headers });
      expect([path, answer.status, await toldIn(await answer.text())]).toEqual([path, 200, []]);
    }
    for (const path of ['/metrics', '/readyz'])
      expect(await toldIn((await sendRaw(server.managementOrigin, path)).body)).toEqual([]);
    expect(await toldIn(server.logLines.join('\n'))).toEqual([]);
  });
});
