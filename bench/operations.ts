import { basicAuthorization, type Driver, logOn, refresh, signInWithSession } from './app-flow.ts';
import type { CookieJar } from './cookie-jar.ts';

/** Performs the operation once. */
export type Iteration = () => Promise<unknown>;

/** Makes a worker ready for an operation; what this costs is not measured. */
type Prepare = (driver: Driver) => Promise<Iteration>;

export const operationNames = [
  'discovery',
  'client_credentials',
  'refresh',
  'userinfo',
  'introspection',
  'admin_request',
  'code_flow',
  'password_logon',
] as const;

export type OperationName = (typeof operationNames)[number];

export const operationTitles: Readonly<Record<OperationName, string>> = {
  discovery: 'discovery',
  client_credentials: 'client_credentials',
  refresh: 'refresh with rotation',
  userinfo: 'userinfo',
  introspection: 'introspection',
  admin_request: 'admin request (bare: userinfo)',
  code_flow: 'code flow, live session',
  password_logon: 'password logon',
};

function requestToken({ http, target, endpoints }: Driver) {
  const headers = basicAuthorization(target.service);
  const form = { grant_type: 'client_credentials', resource: target.resource };
  return http.send(endpoints.token_endpoint, { headers, form });
}

async function askUserinfo(driver: Driver): Promise<Iteration> {
  const { access_token } = await logOn(driver, new Map());
  const headers = { authorization: `Bearer ${access_token}` };
  return () => driver.http.send(driver.endpoints.userinfo_endpoint, { headers });
}

export const operations: Readonly<Record<OperationName, Prepare>> = {
  discovery: (driver) =>
    Promise.resolve(() => driver.http.send(`${driver.target.issuer}/.well-known/openid-configuration`)),

  client_credentials: (driver) => Promise.resolve(() => requestToken(driver)),

  refresh: async (driver) => {
    let tokens = await logOn(driver, new Map());
    return async () => {
      tokens = await refresh(driver, tokens.refresh_token);
    };
  },

  userinfo: askUserinfo,

  introspection: async (driver) => {
    const { access_token } = await logOn(driver, new Map());
    const headers = basicAuthorization(driver.target.app);
    const form = { token: access_token, token_type_hint: 'access_token' };
    return async () => {
      const { body } = await driver.http.send(driver.endpoints.introspection_endpoint, { headers, form });
      if (!body.includes('"active":true')) throw new Error(`the token is not active: ${body}`);
    };
  },

  // Token check, policies and one read; the engine alone has nothing nearer to it than userinfo.
  admin_request: async (driver) => {
    const { adminAddress } = driver.target;
    if (adminAddress === undefined) return await askUserinfo(driver);
    const { body } = await requestToken(driver);
    const headers = { authorization: `Bearer ${(JSON.parse(body) as { access_token: string }).access_token}` };
    return () => driver.http.send(adminAddress, { headers });
  },

  code_flow: async (driver) => {
    const jar: CookieJar = new Map();
    await logOn(driver, jar);
    return () => signInWithSession(driver, jar);
  },

  password_logon: (driver) => Promise.resolve(() => logOn(driver, new Map())),
};
