import { hash, randomBytes } from 'node:crypto';
import type { CookieJar } from './cookie-jar.ts';
import type { HttpClient, ServerAnswer } from './http-client.ts';
import type { ClientCredentials, Target } from './target.ts';

/** The addresses that the load uses, from discovery. */
export interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly userinfo_endpoint: string;
  readonly introspection_endpoint: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** What one worker drives a server with. */
export interface Driver {
  readonly http: HttpClient;
  readonly target: Target;
  readonly endpoints: Endpoints;
  readonly user: { readonly name: string; readonly password: string };
}

export const basicAuthorization = ({ id, secret }: ClientCredentials) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

/** Signs in to the app with a name and a password, as a browser without a session does, and redeems the code. */
export async function logOn(driver: Driver, jar: CookieJar): Promise<Tokens> {
  const { http, user } = driver;
  const verifier = newVerifier();
  const started = await authorize(driver, jar, verifier);
  const page = await http.send(locationOf(started), { jar });
  const form = { ...hiddenFields(page.body), username: user.name, password: user.password };
  const posted = await http.send(formAction(page.body), { jar, form });
  const resumed = await http.send(locationOf(posted), { jar });
  return await redeem(driver, codeOf(resumed), verifier);
}

/** The code flow of a browser that has a session: the authorization request is answered at once. */
export async function signInWithSession(driver: Driver, jar: CookieJar): Promise<Tokens> {
  const verifier = newVerifier();
  return await redeem(driver, codeOf(await authorize(driver, jar, verifier)), verifier);
}

export async function refresh({ http, target, endpoints }: Driver, refreshToken: string): Promise<Tokens> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const answer = await http.send(endpoints.token_endpoint, { headers: basicAuthorization(target.app), form });
  return JSON.parse(answer.body) as Tokens;
}

const newVerifier = (): string => randomBytes(32).toString('base64url');

async function authorize({ http, target, endpoints }: Driver, jar: CookieJar, verifier: string): Promise<ServerAnswer> {
  const query = new URLSearchParams({
    client_id: target.app.id,
    redirect_uri: target.redirectUri,
    response_type: 'code',
    scope: target.scope,
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
    state: 'bench',
  });
  return await http.send(`${endpoints.authorization_endpoint}?${query.toString()}`, { jar });
}

async function redeem({ http, target, endpoints }: Driver, code: string, verifier: string): Promise<Tokens> {
  const form = { grant_type: 'authorization_code', code, redirect_uri: target.redirectUri, code_verifier: verifier };
  const answer = await http.send(endpoints.token_endpoint, { headers: basicAuthorization(target.app), form });
  const tokens = JSON.parse(answer.body) as Partial<Tokens>;
  if (tokens.access_token === undefined || tokens.refresh_token === undefined) throw new Error('tokens are missing');
  return { access_token: tokens.access_token, refresh_token: tokens.refresh_token };
}

function locationOf({ location, status, body }: ServerAnswer): string {
  if (location === undefined) throw new Error(`expected a redirect, got ${status}: ${body.slice(0, 500)}`);
  return location;
}

function codeOf(answer: ServerAnswer): string {
  const code = new URL(locationOf(answer), 'http://localhost').searchParams.get('code');
  if (code === null) throw new Error(`no code in ${locationOf(answer)}`);
  return code;
}

function formAction(page: string): string {
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) throw new Error(`no form on the page: ${page.slice(0, 500)}`);
  return action.replaceAll('&amp;', '&');
}

const hiddenFields = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
