import { readJson, refusal, send, ServerRefusal } from './requests.ts';

/** A way in to the management API of one account. */
export interface ManagementApi {
  readonly issuer: string;
  /** A token that is good for a while: long work asks anew for each request. */
  readonly accessToken: () => Promise<string>;
  /** What to do when the server takes the token no more; undefined where nothing would help. */
  readonly wayBackIn: string | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path segments below `/api/v1`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Makes a creation happen once, however often it is sent. */
  readonly idempotencyKey?: string;
}

/** A long answer arrives as fast as it is taken. */
const streamTimeoutMs = 6 * 3600_000;

/** Performs one request and answers its body as it came; undefined for an empty one. Refusals end the verb with all their faults. */
export async function callApi(api: ManagementApi, request: ApiRequest): Promise<unknown> {
  const answer = await ask(api, request, { accept: 'application/json' });
  return answer.status === 204 ? undefined : await readJson(answer);
}

/** Performs one request and answers its body piece by piece, in the given media type. */
export async function streamApi(
  api: ManagementApi,
  request: ApiRequest,
  accept: string,
): Promise<AsyncIterable<Uint8Array>> {
  const { body } = await ask(api, request, { accept, timeoutMs: streamTimeoutMs });
  return body ?? nothing();
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function ask(
  api: ManagementApi,
  { method, path, query, body, idempotencyKey }: ApiRequest,
  { accept, timeoutMs }: { accept: string; timeoutMs?: number },
): Promise<Response> {
  const url = new URL(`${api.issuer}/api/v1${path.map((segment) => `/${encodeURIComponent(segment)}`).join('')}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const headers = {
    authorization: `Bearer ${await api.accessToken()}`,
    accept,
    ...(body === undefined
      ? {}
      : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await send(url, init, timeoutMs);
  if (answer.ok) return answer;
  throw withWayBackIn(api, answer, await refusal(answer));
}

/** A token that was good until something ended it (a sign-out, a new password): says how to get another. */
function withWayBackIn({ wayBackIn }: ManagementApi, answer: Response, refused: ServerRefusal): ServerRefusal {
  if (answer.status !== 401 || wayBackIn === undefined) return refused;
  const { message, code, details, faults } = refused;
  return new ServerRefusal(answer, { message, code, details: [...details, wayBackIn], faults });
}
