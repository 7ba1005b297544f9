import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A request as a server of the management API gets it. */
export interface Recorded {
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Instead of JSON. */
  readonly text?: string;
}

/** A server that writes down what it is asked and answers as it is told: for the form of requests, which no server of ours would tell. */
export interface RecordingServer {
  readonly recorded: Recorded[];
  /** The environment of a caller with an access key there. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export async function openRecordingServer(answer: (request: Recorded) => Reply): Promise<RecordingServer> {
  const recorded: Recorded[] = [];
  const server = createServer((req, res) => {
    const reply = async (): Promise<Reply> => {
      const url = new URL(req.url ?? '', 'http://127.0.0.1');
      if (url.pathname.endsWith('/oauth2/token'))
        return { status: 200, body: { access_token: 'token', expires_in: 600 } };
      const body = req.headers['content-type'] === undefined ? undefined : await json(req);
      const path = url.pathname.replace(/^\/demo\/api\/v1/, '');
      const query = Object.fromEntries(url.searchParams);
      const request = { method: req.method ?? '', path, query, headers: req.headers, body };
      recorded.push(request);
      return answer(request);
    };
    reply().then(
      ({ status, headers = {}, body, text }) => {
        res.writeHead(status, { 'content-type': 'application/json', ...headers });
        res.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
      },
      (error: unknown) => res.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    recorded,
    env: {
      POSTERN_ISSUER: `http://127.0.0.1:${port}/demo`,
      POSTERN_ACCESS_KEY_ID: 'PSTKx',
      POSTERN_ACCESS_KEY_SECRET: 'secret',
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
