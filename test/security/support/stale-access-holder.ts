import { giveAuthenticatorApp, givePasskey } from '../../support/factors.ts';
import type { AuthenticatorApp } from '../../support/authenticator-app.ts';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { passkeyOptionsOn, type Person, stepOf } from '../../support/logon-driver.ts';
import { createSecurityKey, type SoftwareAuthenticator } from '../../support/software-authenticator.ts';
import { accessKeyToken, type TestAccount, type TestApplication, type TestUser } from '../../support/test-account.ts';
import { authorizationUrl, callback, type IssuedCode, obtainCode, obtainTokens, postAsClient } from './code-flow.ts';
import type { AccessKey } from './holdings.ts';
import { startLogon } from './logon-start.ts';
import type { TwoServers } from './stale-access-servers.ts';

/** An account with an app of its own, which asks for no consent, and one of a partner, which does. */
export interface World {
  readonly servers: TwoServers;
  readonly account: TestAccount;
  readonly house: TestApplication;
  readonly partner: TestApplication;
}

export async function openWorld(servers: TwoServers): Promise<World> {
  const account = await servers.account();
  // Devices may stand in for the second factor.
  await account.manage('PATCH /account/security-preferences', { enableSaveMFATicket: true });
  return {
    ...{ servers, account },
    house: await account.createApplication(),
    partner: await account.createApplication({ firstParty: false, apiAccess: 'full' }),
  };
}

/** Somebody with two second factors, and everything that gives access in their name. */
export interface Holder extends World {
  readonly user: TestUser;
  readonly authenticator: AuthenticatorApp;
  readonly securityKey: SoftwareAuthenticator;
  readonly key: AccessKey;
  readonly keyToken: string;
  /** With the session that all below came of, but for `elsewhere` and `halfway`. */
  readonly browser: HttpBrowser;
  readonly accessToken: string;
  readonly apiToken: string;
  readonly offlineRefreshToken: string;
  /** Of the house's app; it ends with the session. */
  readonly refreshToken: string;
  readonly code: IssuedCode;
  /** Waits for the user's word, in `browser`. */
  readonly consentPage: BrowserPage;
  /** Another session, on a device that stands in for the second factor. */
  readonly elsewhere: HttpBrowser;
  /** A logon whose password was right and whose second factor is to come. */
  readonly halfway: { readonly browser: HttpBrowser; readonly page: BrowserPage };
}

export async function holdEverything(world: World): Promise<Holder> {
  const { servers, account, house, partner } = world;
  const { issuer } = account;
  const user = await account.createUser();
  const { accessKey: key } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
    accessKey: AccessKey;
  };
  const authenticator = await giveAuthenticatorApp(servers, account, user);
  const securityKey = createSecurityKey(servers.config.publicUrl);
  await givePasskey(servers, account, user, securityKey);
  const person = { ...user, passkey: securityKey };
  const tokens = await obtainTokens(issuer, partner, person);
  const { browser, accessToken } = tokens;
  const offline = await obtainTokens(issuer, partner, person, {
    browser,
    parameters: { scope: 'openid offline_access', prompt: 'consent' },
  });
  return {
    ...{ ...world, user, authenticator, securityKey, key, browser, accessToken },
    keyToken: await accessKeyToken(issuer, key),
    apiToken: await obtainApiToken(world, person, browser),
    offlineRefreshToken: offline.refreshToken,
    refreshToken: (await obtainTokens(issuer, house, person, { browser })).refreshToken,
    code: await obtainCode(issuer, partner, person, { browser }),
    consentPage: await browser.open(authorizationUrl(issuer, partner.clientId, { prompt: 'consent' })),
    elsewhere: await rememberDevice(issuer, person),
    halfway: await goHalfway(world, person),
  };
}

type Somebody = Person & { readonly passkey: SoftwareAuthenticator };

async function obtainApiToken(
  { account: { issuer }, partner }: World,
  person: Somebody,
  browser: HttpBrowser,
): Promise<string> {
  const resource = `${issuer}/api/v1`;
  const parameters = { scope: 'openid management:read management:full', resource };
  const { code, verifier } = await obtainCode(issuer, partner, person, { browser, parameters });
  const { body } = await postAsClient(`${issuer}/oauth2/token`, partner, {
    grant_type: 'authorization_code',
    ...{ code, code_verifier: verifier, redirect_uri: callback, resource },
  });
  return String(body['access_token']);
}

/** Logs on to the portal and ticks that this device is to stand in for the second factor. */
async function rememberDevice(
  issuer: string,
  { userName: username, password, passkey }: Somebody,
): Promise<HttpBrowser> {
  const browser = createHttpBrowser();
  const page = await browser.submit(await browser.open(issuer), { username, password });
  await browser.submit(page, { passkey_response: passkey.assert(passkeyOptionsOn(page)), remember_device: 'yes' });
  return browser;
}

async function goHalfway({ account: { issuer }, partner }: World, { userName: username, password }: Somebody) {
  const { browser, page } = await startLogon(issuer, partner.clientId);
  const halfway = await browser.submit(page, { username, password });
  if (stepOf(halfway) !== 'passkey-factor') throw new Error(`no second factor asked: ${stepOf(halfway)}`);
  return { browser, page: halfway };
}
