import { createHash, randomBytes } from 'node:crypto';
import { createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { type Person, walkThroughLogon } from '../../support/logon-driver.ts';
import type { TestApplication } from '../../support/test-account.ts';

/** The address that test applications are registered with; browsers of these tests stop before it. */
export const callback = 'https://app.example.com/callback';

export const newVerifier = (): string => randomBytes(32).toString('base64url');
export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** An authorization request by hand; `undefined` leaves a parameter out. */
export function authorizationUrl(
  issuer: string,
  clientId: string,
  changes: Readonly<Record<string, string | undefined>> = {},
): string {
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: callback,
    code_challenge: challengeOf(newVerifier()),
    code_challenge_method: 'S256',
    ...changes,
  };
  const present = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${issuer}/oauth2/authorize?${new URLSearchParams(present).toString()}`;
}

export interface IssuedCode {
  readonly code: string;
  readonly verifier: string;
  readonly browser: HttpBrowser;
}

export interface SignInOptions {
  /** A new one unless given. */
  readonly browser?: HttpBrowser;
  /** Of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Signs a person in and takes the code on its way to the app. */
export async function obtainCode(
  issuer: string,
  { clientId }: Pick<TestApplication, 'clientId'>,
  person: Person,
  { browser = createHttpBrowser(), parameters = {} }: SignInOptions = {},
): Promise<IssuedCode> {
  const verifier = newVerifier();
  const address = authorizationUrl(issuer, clientId, { code_challenge: challengeOf(verifier), ...parameters });
  const { page } = await walkThroughLogon(browser, await browser.open(address), person);
  const code = page.leftFor?.searchParams.get('code');
  if (code === null || code === undefined)
    throw new Error(`no code: ${page.leftFor?.href ?? page.url.href} ${page.html.slice(0, 600)}`);
  return { code, verifier, browser };
}

/** What an endpoint for programs answered. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** Posts a form as a client: confidential ones with their secret in the header, public ones with `client_id`. */
export async function postAsClient(
  address: string,
  { clientId, clientSecret }: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  fields: Readonly<Record<string, string>>,
): Promise<JsonAnswer> {
  const isPublic = clientSecret === '';
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const answer = await fetch(address, {
    method: 'POST',
    headers: isPublic ? {} : { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ ...fields, ...(isPublic ? { client_id: clientId } : {}) }),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
  };
}

export const redeemCode = (
  issuer: string,
  client: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  { code, verifier }: Pick<IssuedCode, 'code' | 'verifier'>,
): Promise<JsonAnswer> =>
  postAsClient(`${issuer}/oauth2/token`, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  });

export const refresh = (
  issuer: string,
  client: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  refreshToken: string,
): Promise<JsonAnswer> =>
  postAsClient(`${issuer}/oauth2/token`, client, { grant_type: 'refresh_token', refresh_token: refreshToken });

export const introspect = (
  issuer: string,
  client: Pick<TestApplication, 'clientId' | 'clientSecret'>,
  token: string,
): Promise<JsonAnswer> => postAsClient(`${issuer}/oauth2/introspect`, client, { token });

export async function userinfoStatus(issuer: string, accessToken: string): Promise<number> {
  const answer = await fetch(`${issuer}/oauth2/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  await answer.body?.cancel();
  return answer.status;
}

/** The tokens of a whole sign-in by hand. */
export async function obtainTokens(
  issuer: string,
  application: TestApplication,
  person: Person,
  options: SignInOptions = {},
): Promise<{
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  readonly browser: HttpBrowser;
}> {
  const issued = await obtainCode(issuer, application, person, options);
  const { status, body } = await redeemCode(issuer, application, issued);
  if (status !== 200) throw new Error(`no tokens: ${status} ${JSON.stringify(body)}`);
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = body as Record<string, string>;
  return {
    accessToken: accessToken ?? '',
    refreshToken: refreshToken ?? '',
    idToken: idToken ?? '',
    browser: issued.browser,
  };
}
