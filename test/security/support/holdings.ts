import type { HttpBrowser } from '../../support/http-browser.ts';
import { walkThroughLogon } from '../../support/logon-driver.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../../support/test-account.ts';
import {
  authorizationUrl,
  introspect,
  type IssuedCode,
  obtainCode,
  obtainTokens,
  redeemCode,
  refresh,
  userinfoStatus,
} from './code-flow.ts';
import { hasCode, startLogon } from './logon-start.ts';

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Everything that a user of an app can hold. */
export interface Holdings {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
  readonly key: AccessKey;
  readonly browser: HttpBrowser;
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string };
  readonly offline: { readonly accessToken: string; readonly refreshToken: string };
  readonly apiToken: string;
  readonly keyToken: string;
  readonly code: IssuedCode;
}

/** Makes a user, an app and all of it. */
export async function hold(account: TestAccount): Promise<Holdings> {
  const application = await account.createApplication({ apiAccess: 'full' });
  const user = await account.createUser();
  const { accessKey: key } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
    accessKey: AccessKey;
  };
  const { issuer } = account;
  const { browser, ...tokens } = await obtainTokens(issuer, application, user);
  const offline = await obtainTokens(issuer, application, user, {
    browser,
    parameters: { scope: 'openid offline_access', prompt: 'consent' },
  });
  const resource = `${issuer}/api/v1`;
  const forApi = await obtainCode(issuer, application, user, {
    browser,
    parameters: { scope: 'openid management:read management:full', resource },
  });
  const apiToken = await redeemForApi(issuer, application, forApi, resource);
  const code = await obtainCode(issuer, application, user, { browser });
  return {
    account,
    application,
    user,
    key,
    browser,
    tokens,
    offline,
    apiToken,
    keyToken: await accessKeyToken(issuer, key),
    code,
  };
}

async function redeemForApi(
  issuer: string,
  application: TestApplication,
  { code, verifier }: IssuedCode,
  resource: string,
): Promise<string> {
  const answer = await fetch(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${application.clientId}:${application.clientSecret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: 'https://app.example.com/callback',
      resource,
    }),
  });
  return ((await answer.json()) as { access_token?: string }).access_token ?? '';
}

/** What of it works: each thing tried at the place where it is used. Codes and refresh tokens are used up by it. */
export async function whatWorks({
  account: { issuer },
  application,
  browser,
  tokens,
  offline,
  apiToken,
  keyToken,
  key,
  code,
  user,
}: Holdings) {
  const silent = await browser.open(authorizationUrl(issuer, application.clientId, { prompt: 'none' }));
  const fresh = await startLogon(issuer, application.clientId);
  const { page } = await walkThroughLogon(fresh.browser, fresh.page, user);
  return {
    accessToken: (await userinfoStatus(issuer, tokens.accessToken)) === 200,
    offlineAccessToken: (await userinfoStatus(issuer, offline.accessToken)) === 200,
    introspection: (await introspect(issuer, application, tokens.accessToken)).body['active'] === true,
    apiToken: (await callApi(issuer, apiToken, 'GET /me')).status === 200,
    keyToken: (await callApi(issuer, keyToken, 'GET /me')).status === 200,
    key: (await requestAccessKeyToken(issuer, key)).status === 200,
    portal: (await browser.open(issuer)).html.includes('sign-out'),
    session: hasCode(silent),
    code: (await redeemCode(issuer, application, code)).status === 200,
    refreshToken: (await refresh(issuer, application, tokens.refreshToken)).status === 200,
    offlineRefreshToken: (await refresh(issuer, application, offline.refreshToken)).status === 200,
    password: hasCode(page),
  };
}

export type Works = Awaited<ReturnType<typeof whatWorks>>;

export const everything: Works = {
  accessToken: true,
  offlineAccessToken: true,
  introspection: true,
  apiToken: true,
  keyToken: true,
  key: true,
  portal: true,
  session: true,
  code: true,
  refreshToken: true,
  offlineRefreshToken: true,
  password: true,
};
export const nothing = Object.fromEntries(Object.keys(everything).map((name) => [name, false])) as unknown as Works;
/** Sessions, tokens and codes of a user are gone, and the key's tokens with them; the key itself is another thing. */
export const onlyTheKey: Works = { ...nothing, key: true };
