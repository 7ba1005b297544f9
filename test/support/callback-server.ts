import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';

/** The loopback server of an app: its callback, where it is left to after sign-out, and its back-channel logout. */
export interface CallbackServer {
  readonly origin: string;
  readonly redirectUri: string;
  readonly signedOutUri: string;
  readonly backchannelUri: string;
  /** Addresses that browsers called, oldest first. */
  readonly visits: readonly URL[];
  /** Raw logout tokens received, oldest first. */
  readonly logoutTokens: readonly string[];
  /** How the next logout tokens are answered, each once, before 200 again; all of them are recorded. */
  answerLogoutsWith(...answers: readonly LogoutAnswer[]): void;
  /** What the callback answers with from now on: 200 by default, else a redirect. */
  redirectCallbackTo(address: string | undefined): void;
  readonly close: () => Promise<void>;
}

/** A status; `hang`: no answer at all. */
export type LogoutAnswer = number | 'hang';

export async function startCallbackServer(): Promise<CallbackServer> {
  const visits: URL[] = [];
  const logoutTokens: string[] = [];
  const onward: { address: string | undefined } = { address: undefined };
  const logoutAnswers: LogoutAnswer[] = [];
  const server = createServer((req, res) => {
    answer(req, res, { visits, logoutTokens, logoutAnswers, onward }).catch(() => res.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ origin, visits, logoutTokens },
    redirectUri: `${origin}/callback`,
    signedOutUri: `${origin}/signed-out`,
    backchannelUri: `${origin}/backchannel-logout`,
    answerLogoutsWith: (...answers) => void logoutAnswers.push(...answers),
    redirectCallbackTo: (address) => {
      onward.address = address;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Recording {
  readonly visits: URL[];
  readonly logoutTokens: string[];
  readonly logoutAnswers: LogoutAnswer[];
  readonly onward: { readonly address: string | undefined };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  { visits, logoutTokens, logoutAnswers, onward }: Recording,
): Promise<void> {
  const url = new URL(req.url ?? '/', `http://${req.headers.host ?? 'localhost'}`);
  if (url.pathname === '/backchannel-logout') {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    logoutTokens.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '');
    const status = logoutAnswers.shift() ?? 200;
    if (status !== 'hang') res.writeHead(status, { 'cache-control': 'no-store' }).end();
    return;
  }
  visits.push(url);
  if (url.pathname === '/callback' && onward.address !== undefined) {
    res.writeHead(302, { location: onward.address }).end();
    return;
  }
  res
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><title>App</title><h1 id="app">This is the app</h1>');
}

/** Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6); rejects where it does not hold. */
export async function verifyLogoutToken(
  token: string,
  issuer: string,
  clientId: string,
  keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(`${issuer}/oauth2/jwks`)),
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: clientId,
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'jti', 'exp'],
  });
  const events = payload['events'] as Record<string, unknown> | undefined;
  if (events?.['http://schemas.openid.net/event/backchannel-logout'] === undefined) throw new Error('no logout event');
  if (payload['nonce'] !== undefined) throw new Error('a logout token has no nonce');
  return payload;
}
