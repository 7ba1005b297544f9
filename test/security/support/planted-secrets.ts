import { createAuthenticatorApp } from '../../support/authenticator-app.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { type Person, recoveryCodesOn, totpSecretOn, walkThroughLogon } from '../../support/logon-driver.ts';
import {
  accessKeyToken,
  callApi,
  newPassword,
  requestAccessKeyToken,
  type TestAccount,
  type TestApplication,
} from '../../support/test-account.ts';
import { authorizationUrl, introspect, obtainCode, postAsClient, redeemCode, refresh } from './code-flow.ts';
import { tryPassword } from './logon-start.ts';
import { plantApiSecrets } from './planted-api-secrets.ts';

/** Secrets by name, and for those that are handed over once: by which request. */
export interface Planted {
  readonly secrets: Map<string, string>;
  readonly handedOver: Map<string, RegExp>;
}

/** Codes of an authenticator app are too short to be looked for anywhere but as values of their own. */
export interface PlantedWithCodes extends Planted {
  readonly codes: readonly string[];
}

interface Field extends Planted {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly key: { readonly id: string; readonly secret: string };
}

/** Notes a secret, and answers it. */
function plant({ secrets, handedOver }: Planted, name: string, secret: string, by?: RegExp): string {
  if (secret.length < 10) throw new Error(`"${name}" is too short to be looked for`);
  secrets.set(name, secret);
  if (by !== undefined) handedOver.set(name, by);
  return secret;
}

const plantCookies = (planted: Planted, name: string, browser: HttpBrowser): void => {
  for (const cookie of browser.cookies.all()) plant(planted, `${name} ${cookie.name}`, cookie.value, /./);
};

/** Does everything that a secret takes part in, rightly and wrongly. */
export async function plantSecrets(account: TestAccount): Promise<PlantedWithCodes> {
  const planted: Planted = { secrets: new Map(), handedOver: new Map() };
  const application = await account.createApplication();
  plant(planted, 'client secret', application.clientSecret, /^POST .*\/applications$/);
  const another = (await account.manage(`POST /applications/${application.clientId}/secrets`)) as {
    clientSecret: string;
  };
  plant(planted, 'second client secret', another.clientSecret, /^POST .*\/secrets$/);
  plant(planted, 'bootstrap key', account.handover.accessKeySecret);
  plant(planted, 'first password of the administrator', account.handover.initialPassword);
  const consoleLogon = { mfaRequired: true };
  const made = (await account.manage('POST /users', {
    userName: 'canary',
    displayName: 'Canary',
    consoleLogon,
    programmaticAccess: true,
  })) as {
    initialPassword: string;
    accessKey: { id: string; secret: string };
  };
  plant(planted, 'generated password', made.initialPassword, /^POST .*\/users$/);
  plant(planted, 'access key secret', made.accessKey.secret, /^POST .*\/users$/);
  const field = { ...planted, account, application, key: made.accessKey };
  const { browser, person } = await firstLogon(field, made.initialPassword);
  await signInToTheApp(field, browser, person);
  await callTheApi(field, person.password);
  const { password, authenticator } = person;
  if (authenticator === undefined) throw new Error('the first logon binds an app');
  const codes = await plantApiSecrets({
    ...{ account, key: field.key, password, authenticator },
    plant: (name, secret, by) => plant(field, name, secret, by),
  });
  await logOnAgain(field, person);
  return { ...planted, codes };
}

/** A generated password, one of the user's own, an app, recovery codes. */
async function firstLogon(field: Field, initialPassword: string): Promise<{ browser: HttpBrowser; person: Person }> {
  const { account, application } = field;
  const browser = createHttpBrowser();
  const first = await browser.open(authorizationUrl(account.issuer, application.clientId));
  plant(field, 'csrf token', first.forms[0]?.fields['csrf'] ?? '', /\/logon\//);
  plant(field, 'id of a logon', first.url.pathname.split('/').at(-1) ?? '', /authorize|\/logon\//);
  const reset = await browser.submit(first, { username: 'canary', password: initialPassword });
  const chosen = plant(field, 'chosen password', newPassword());
  const mistyped = plant(field, 'mistyped new password', newPassword());
  await browser.submit(reset, { new_password: mistyped, confirm_password: chosen });
  const bind = await browser.submit(reset, { new_password: chosen, confirm_password: chosen });
  const authenticator = createAuthenticatorApp(plant(field, 'TOTP seed', totpSecretOn(bind), /\/logon\//));
  await browser.submit(bind, { code: '000000' });
  const codesPage = await browser.submit(bind, { code: await authenticator.nextCode() });
  const recoveryCodes = recoveryCodesOn(codesPage);
  for (const [at, code] of recoveryCodes.entries()) plant(field, `recovery code ${at}`, code, /\/logon\//);
  plant(field, 'recovery code without hyphens', recoveryCodes[1]?.replaceAll('-', '') ?? '');
  await browser.submit(codesPage, {});
  plantCookies(field, 'cookie', browser);
  return { browser, person: { userName: 'canary', password: chosen, authenticator } };
}

async function signInToTheApp(field: Field, browser: HttpBrowser, person: Person): Promise<void> {
  const { application, account } = field;
  const { issuer } = account;
  const typed = plant(field, 'password typed as a name', newPassword());
  await tryPassword(issuer, application.clientId, {
    userName: typed,
    password: plant(field, 'wrong password', newPassword()),
  });
  const issued = await obtainCode(issuer, application, person, { browser });
  plant(field, 'code', issued.code, /authorize/);
  plant(field, 'verifier', issued.verifier);
  await redeemCode(issuer, application, { ...issued, verifier: plant(field, 'wrong verifier', newPassword()) });
  await redeemCode(
    issuer,
    { ...application, clientSecret: plant(field, 'wrong client secret', newPassword()) },
    issued,
  );
  const tokens = (await redeemCode(issuer, application, issued)).body as Record<string, string>;
  const next = (await refresh(issuer, application, tokens['refresh_token'] ?? '')).body as Record<string, string>;
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    plant(field, name, tokens[name] ?? '', /\/oauth2\/token$/);
    plant(field, `second ${name}`, next[name] ?? '', /\/oauth2\/token$/);
  }
  await introspect(issuer, application, next['access_token'] ?? '');
  await postAsClient(`${issuer}/oauth2/revoke`, application, { token: plant(field, 'unknown token', newPassword()) });
  const parameters = { prompt: 'login', id_token_hint: next['id_token'] ?? '' };
  const hinted = await browser.open(authorizationUrl(issuer, application.clientId, parameters));
  await browser.submit(hinted, {
    username: 'canary',
    password: plant(field, 'wrong password at a hinted logon', newPassword()),
  });
}

async function callTheApi(field: Field, password: string): Promise<void> {
  const { account, key } = field;
  const { issuer } = account;
  const token = plant(field, 'token of the key', await accessKeyToken(issuer, key), /\/oauth2\/token$/);
  await requestAccessKeyToken(issuer, { id: key.id, secret: plant(field, 'wrong key secret', newPassword()) });
  const oldPassword = plant(field, 'wrong old password', newPassword());
  await callApi(issuer, token, 'POST /me/password', {
    oldPassword,
    newPassword: plant(field, 'new password of a wrong try', newPassword()),
  });
  await callApi(issuer, token, 'POST /me/password', { oldPassword: password, newPassword: 'canary' });
  await callApi(issuer, plant(field, 'wrong bearer', newPassword()), 'GET /users');
  const besideUnknown = plant(field, 'password beside an unknown field', newPassword());
  await account.api('POST /users', {
    userName: 'x',
    displayName: 'x',
    consoleLogon: { password: besideUnknown },
    oops: 1,
  });
  const besideWrong = plant(field, 'password beside a wrong flag', newPassword());
  await account.api('PUT /users/canary/login-profile', { password: besideWrong, status: 'sideways' });
  await fetch(`${issuer}/api/v1/users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: `{"userName":"x","password":"${plant(field, 'password in broken JSON', newPassword())}"`,
  });
}

async function logOnAgain(field: Field, person: Person): Promise<void> {
  const { account } = field;
  const password = plant(field, 'password set by an administrator', newPassword());
  await account.manage('PUT /users/canary/login-profile', { password, resetRequired: false });
  const browser = createHttpBrowser();
  const { page } = await walkThroughLogon(browser, await browser.open(account.issuer), { ...person, password });
  if (!page.html.includes('sign-out')) throw new Error(`not signed in: ${page.html.slice(0, 500)}`);
  plantCookies(field, 'later cookie', browser);
}
