import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as oidc from 'openid-client';
import { renderPage, type SignedIn, style } from './page.ts';
import type { Registration } from './register.ts';

interface AppOptions extends Registration {
  /** Where browsers find the app. */
  readonly url: string;
  readonly port: number;
}

/** What the app keeps of a browser. In memory: an example may forget. */
interface BrowserSession {
  /** Of a sign-in under way; each is good for one answer. */
  pending?: { codeVerifier: string; state: string; nonce: string } | undefined;
  signedIn?: (SignedIn & { tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers }) | undefined;
  note?: string | undefined;
}

interface App {
  readonly options: AppOptions;
  readonly config: oidc.Configuration;
  readonly sessions: Map<string, BrowserSession>;
}

interface Visit {
  readonly url: URL;
  readonly session: BrowserSession;
}

/** Where the browser goes next; undefined shows the page. */
type Handler = (app: App, visit: Visit) => Promise<string>;

const cookieName = 'sign_in_example';

const routes: Readonly<Record<string, Handler>> = {
  'GET /sign-in': beginSignIn,
  'GET /callback': finishSignIn,
  'POST /refresh': refresh,
  'POST /userinfo': askUserinfo,
  'POST /sign-out': signOut,
};

/** Starts the app. Everything it knows of the server comes from discovery. */
export async function startApp(options: AppOptions): Promise<{ close: () => Promise<void> }> {
  const { issuer, clientId, clientSecret, port } = options;
  const insecure = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  const authentication = oidc.ClientSecretBasic(clientSecret);
  const config = await oidc.discovery(new URL(issuer), clientId, undefined, authentication, { execute: insecure });
  // The signature of the ID token is checked, although it comes straight from the server.
  oidc.enableNonRepudiationChecks(config);
  const app: App = { options, config, sessions: new Map() };
  const server = createServer((req, res) => {
    answer(app, req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, 'localhost', resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(app: App, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', app.options.url);
  const session = findSession(app, req, res);
  const issuerOrigin = new URL(app.options.issuer).origin;
  res.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; form-action 'self' ${issuerOrigin}; frame-ancestors 'none'; base-uri 'none'`,
  );
  res.setHeader('cache-control', 'no-store');
  if (url.pathname === '/style.css') return void res.setHeader('content-type', 'text/css').end(style);
  const handler = routes[`${req.method} ${url.pathname}`];
  if (handler === undefined) return showPage(res, url.pathname === '/' ? 200 : 404, session);
  if (req.method === 'POST' && req.headers.origin !== app.options.url)
    return void res.writeHead(403).end('Forms of this app only.');
  try {
    res.writeHead(303, { location: await handler(app, { url, session }) }).end();
  } catch (error) {
    session.note = explain(error);
    res.writeHead(303, { location: '/' }).end();
  }
}

function findSession({ sessions }: App, req: IncomingMessage, res: ServerResponse): BrowserSession {
  const known = new RegExp(`(?:^|; )${cookieName}=([0-9a-f-]{36})(?:;|$)`).exec(req.headers.cookie ?? '')?.[1];
  const session = known === undefined ? undefined : sessions.get(known);
  if (session !== undefined) return session;
  const id = randomUUID();
  const fresh: BrowserSession = {};
  sessions.set(id, fresh);
  res.setHeader('set-cookie', `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax`);
  return fresh;
}

function showPage(res: ServerResponse, status: number, session: BrowserSession): void {
  const { signedIn, note } = session;
  session.note = undefined;
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(renderPage(signedIn, note));
}

const explain = (error: unknown): string => {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return `The server answered ${error.error}: ${error.error_description ?? 'no more is said'}`;
  }
  return error instanceof Error ? error.message : 'Something went wrong.';
};

/** Authorization code with PKCE, state and nonce. */
async function beginSignIn({ options, config }: App, { session }: Visit): Promise<string> {
  const codeVerifier = oidc.randomPKCECodeVerifier();
  session.pending = { codeVerifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: `${options.url}/callback`,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state: session.pending.state,
    nonce: session.pending.nonce,
  }).href;
}

async function finishSignIn({ config }: App, { url, session }: Visit): Promise<string> {
  const { pending } = session;
  session.pending = undefined;
  if (pending === undefined) throw new Error('No sign-in is under way in this browser.');
  const { codeVerifier, state, nonce } = pending;
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, url, checks);
  session.signedIn = { tokens, claims: tokens.claims() ?? {} };
  return '/';
}

async function refresh({ config }: App, { session }: Visit): Promise<string> {
  const { signedIn } = session;
  if (signedIn?.tokens.refresh_token === undefined) throw new Error('There is no refresh token.');
  const tokens = await oidc.refreshTokenGrant(config, signedIn.tokens.refresh_token);
  session.signedIn = { tokens: { ...signedIn.tokens, ...tokens }, claims: tokens.claims() ?? signedIn.claims };
  session.note = 'The tokens are new.';
  return '/';
}

async function askUserinfo({ config }: App, { session: { signedIn } }: Visit): Promise<string> {
  if (signedIn === undefined) throw new Error('Nobody is signed in.');
  signedIn.userinfo = await oidc.fetchUserInfo(config, signedIn.tokens.access_token, String(signedIn.claims['sub']));
  return '/';
}

/** RP-initiated logout: the server ends its session too and leads back here. */
async function signOut({ options, config }: App, { session }: Visit): Promise<string> {
  const idToken = session.signedIn?.tokens.id_token;
  session.signedIn = undefined;
  const parameters = {
    post_logout_redirect_uri: `${options.url}/`,
    ...(idToken === undefined ? {} : { id_token_hint: idToken }),
  };
  return oidc.buildEndSessionUrl(config, parameters).href;
}
