import * as oidc from 'openid-client';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import type { BrowserPage, HttpBrowser } from './http-browser.ts';
import { type LogonCourse, type Person, walkThroughLogon } from './logon-driver.ts';
import type { TestAccount, TestApplication } from './test-account.ts';

export interface RelyingPartyOptions {
  /** Fields of the application that differ. */
  readonly application?: Readonly<Record<string, unknown>>;
  readonly authentication?: 'client_secret_basic' | 'client_secret_post' | 'none';
  readonly issuer?: string;
}

/** What belongs to one authorization request and must come back with its answer. */
export interface SignInRequest {
  readonly url: URL;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
  readonly resource: string | undefined;
}

export type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>;

/** An app: a standard client found through discovery, with a callback on loopback. */
export interface RelyingParty {
  readonly application: TestApplication;
  readonly server: CallbackServer;
  readonly configuration: oidc.Configuration;
  /** Begins a sign-in with these parameters; `openid` and PKCE unless they say otherwise. */
  readonly request: (parameters?: Readonly<Record<string, string>>) => Promise<SignInRequest>;
  /** Redeems the answer that came to the callback; every check of the client library applies. */
  readonly redeem: (request: SignInRequest, callback: URL) => Promise<Tokens>;
  /** The whole sign-in of a person in a browser. */
  readonly signIn: (
    browser: HttpBrowser,
    person: Person,
    parameters?: Readonly<Record<string, string>>,
  ) => Promise<SignedIn>;
  readonly close: () => Promise<void>;
}

export interface SignedIn {
  readonly tokens: Tokens;
  readonly claims: oidc.IDToken;
  readonly course: LogonCourse;
}

/** Registers an application and connects a client to it; both are gone from this machine after `close`. */
export async function connectRelyingParty(
  account: TestAccount,
  options: RelyingPartyOptions = {},
): Promise<RelyingParty> {
  const server = await startCallbackServer();
  const application = await account.createApplication({
    redirectUris: [server.redirectUri],
    postLogoutRedirectUris: [server.signedOutUri],
    ...(options.application?.['backchannelLogoutUri'] === true ? { backchannelLogoutUri: server.backchannelUri } : {}),
    ...omit(options.application ?? {}, 'backchannelLogoutUri', true),
  });
  const configuration = await discover(options.issuer ?? account.issuer, application, options.authentication);
  const party: RelyingParty = {
    ...{ application, server, configuration },
    request: (parameters = {}) => beginSignIn(configuration, server.redirectUri, parameters),
    redeem: (request, callback) => redeem(configuration, request, callback),
    signIn: (browser, person, parameters) => signIn(party, browser, person, parameters),
    close: () => server.close(),
  };
  return party;
}

/** Leaves out the field where it holds the placeholder `true`. */
const omit = (fields: Readonly<Record<string, unknown>>, name: string, placeholder: unknown) =>
  Object.fromEntries(Object.entries(fields).filter(([key, value]) => key !== name || value !== placeholder));

async function discover(
  issuer: string,
  { clientId, clientSecret }: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  authentication: RelyingPartyOptions['authentication'] = clientSecret === '' ? 'none' : 'client_secret_basic',
): Promise<oidc.Configuration> {
  const methods = {
    client_secret_basic: () => oidc.ClientSecretBasic(clientSecret),
    client_secret_post: () => oidc.ClientSecretPost(clientSecret),
    none: () => oidc.None(),
  };
  return await oidc.discovery(new URL(issuer), clientId, {}, methods[authentication](), {
    execute: [oidc.allowInsecureRequests],
  });
}

async function beginSignIn(
  configuration: oidc.Configuration,
  redirectUri: string,
  parameters: Readonly<Record<string, string>>,
): Promise<SignInRequest> {
  const checks = {
    pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
    expectedState: oidc.randomState(),
    expectedNonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(configuration, {
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: await oidc.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  return { url, checks, resource: parameters['resource'] };
}

const redeem = (
  configuration: oidc.Configuration,
  { checks, resource }: SignInRequest,
  callback: URL,
): Promise<Tokens> =>
  oidc.authorizationCodeGrant(
    configuration,
    callback,
    { ...checks, idTokenExpected: true },
    resource === undefined ? {} : { resource },
  );

async function signIn(
  party: RelyingParty,
  browser: HttpBrowser,
  person: Person,
  parameters: Readonly<Record<string, string>> = {},
): Promise<SignedIn> {
  const request = await party.request(parameters);
  const course = await walkThroughLogon(browser, await browser.open(request.url), person);
  const tokens = await party.redeem(request, callbackOf(party, course.page));
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('no ID token');
  return { tokens, claims, course };
}

/** The address that a browser arrived at the app with. Fails where it ended somewhere else. */
export function callbackOf({ server }: Pick<RelyingParty, 'server'>, page: BrowserPage): URL {
  const arrived = page.leftFor ?? page.url;
  if (!arrived.href.startsWith(server.redirectUri)) {
    throw new Error(`the browser ended at ${arrived.href} (${page.status}): ${page.html.slice(0, 2000)}`);
  }
  return arrived;
}
