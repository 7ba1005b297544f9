import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliFailure } from '../failure.ts';

/** Listens for the one answer of a sign-in (RFC 8252 section 7.3). */
export interface LoopbackListener {
  /** `http://127.0.0.1:<port>/callback` */
  readonly redirectUri: string;
  /** The parameters that the browser brought; rejects after `patienceMs`. */
  readonly answer: (patienceMs: number) => Promise<URLSearchParams>;
  readonly close: () => Promise<void>;
}

const path = '/callback';
const closingMs = 1_000;

/**
 * Takes a port of loopback (0: any that is free). Only an answer with this `state` counts: whatever else comes, a page or another program
 * of this machine sent it.
 */
export async function listenOnLoopback(state: string, port = 0): Promise<LoopbackListener> {
  let receive: (parameters: URLSearchParams) => void = () => undefined;
  const received = new Promise<URLSearchParams>((resolve) => {
    receive = resolve;
  });
  const server = createServer((req, res) => {
    const parameters = answerIn(req, state, ownHost(server));
    tell(res, parameters);
    if (parameters !== undefined) receive(parameters);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: unknown) => {
    throw new CliFailure(`Port ${port} cannot be listened on (${cause instanceof Error ? cause.message : ''}).`);
  });
  return {
    redirectUri: `http://${ownHost(server)}${path}`,
    answer: (patienceMs) => Promise.race([received, refuseAfter(patienceMs)]),
    close: () => close(server),
  };
}

/** The browser gets its page to the end; one that keeps its connection open waits in vain. */
async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closingMs);
  await closed;
  clearTimeout(timer);
}

const ownHost = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Another name in `Host` is a page that had its name resolved to this machine (DNS rebinding). */
function answerIn({ method, url = '', headers }: IncomingMessage, state: string, host: string) {
  if (method !== 'GET' || headers.host !== host) return undefined;
  const { pathname, searchParams } = new URL(url, `http://${host}`);
  return pathname === path && searchParams.get('state') === state ? searchParams : undefined;
}

const page = (text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Postern</title><p>${text}</p></html>\n`;

function tell(res: ServerResponse, parameters: URLSearchParams | undefined): void {
  const text =
    parameters === undefined
      ? 'There is nothing here.'
      : parameters.has('code')
        ? 'You are signed in. You can close this window and go back to the terminal.'
        : 'You are not signed in. Go back to the terminal.';
  res.writeHead(parameters === undefined ? 404 : 200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  res.end(page(text));
}

const refuseAfter = (patienceMs: number): Promise<never> =>
  new Promise((_resolve, reject) => {
    setTimeout(
      () => reject(new CliFailure('Nobody signed in within the time.', { code: 'LoginTimeout' })),
      patienceMs,
    ).unref();
  });
