import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

/** An answer, nothing followed and nothing hidden. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface RawRequest {
  readonly method?: string;
  /** Any header at all, `Host` and repeated ones too. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Sends exactly this request target, which a URL would have cleaned up. */
export async function sendRaw(
  origin: string,
  target: string,
  { method = 'GET', headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const { port } = new URL(origin);
  const sent = request({ host: '127.0.0.1', port, path: target, method, headers, agent: false });
  const answered = new Promise<RawAnswer>((resolve, reject) => {
    sent.once('response', (answer) => resolve(toAnswer(answer)));
    sent.once('error', reject);
  });
  sent.end(body);
  return await answered;
}

/** A request whose body is held back until it is told to go on: the server has begun to work on it when this resolves. */
export async function holdRequest(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ readonly finish: () => Promise<RawAnswer> }> {
  const { port, pathname, search } = new URL(address);
  const length = String(Buffer.byteLength(body));
  const held = request({
    host: '127.0.0.1',
    port,
    path: `${pathname}${search}`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
      'content-length': length,
      expect: '100-continue',
    },
    agent: false,
  });
  held.flushHeaders();
  await once(held, 'continue');
  return {
    finish: async () => {
      const answered = once(held, 'response') as Promise<[IncomingMessage]>;
      held.end(body);
      const [answer] = await answered;
      return await toAnswer(answer);
    },
  };
}

async function toAnswer(answer: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() };
}

/** Sends bytes as they are and answers the status line's number; 0 where the connection was closed without an answer. */
export async function sendBytes(origin: string, bytes: string): Promise<number> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // The server may close before it has read everything, which is its right.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.write(bytes, 'latin1');
  await closed;
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? 0);
}
