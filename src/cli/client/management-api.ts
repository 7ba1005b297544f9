import { z } from 'zod';
import { CliFailure } from '../failure.ts';
import { formatFault, printable } from '../text.ts';
import type { Credentials } from './credentials.ts';

/** A way in to the management API of one account. The token lives ten minutes at most: one verb. */
export interface ManagementApi {
  readonly issuer: string;
  readonly accessToken: string;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path segments below `/api/v1`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

const timeoutMs = 60_000;

const tokenAnswer = z.object({ access_token: z.string() });

const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string().optional(), detail: z.string() })).optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

/** Exchanges the access key for a token (RFC 6749 section 4.4), for the management API alone (RFC 8707). */
export async function connect({ issuer, accessKeyId, accessKeySecret }: Credentials): Promise<ManagementApi> {
  const basic = Buffer.from(`${encodeURIComponent(accessKeyId)}:${encodeURIComponent(accessKeySecret)}`).toString(
    'base64',
  );
  const answer = await send(`${issuer}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: `${issuer}/api/v1` }),
  });
  if (!answer.ok) throw await refusal(answer);
  const parsed = tokenAnswer.safeParse(await readJson(answer));
  if (!parsed.success) throw new CliFailure(`${issuer} did not answer with a token. Is it an issuer of Postern?`);
  return { issuer, accessToken: parsed.data.access_token };
}

/** Performs one request and answers its body as it came; undefined for an empty one. Refusals end the verb with all their faults. */
export async function callApi({ issuer, accessToken }: ManagementApi, request: ApiRequest): Promise<unknown> {
  const path = request.path.map((segment) => `/${encodeURIComponent(segment)}`).join('');
  const url = new URL(`${issuer}/api/v1${path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const contentType = request.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await send(url, {
    method: request.method,
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': contentType }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? undefined : await readJson(answer);
}

/** Redirects are not followed: they would carry the secret to another address. */
async function send(url: string | URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const { origin } = new URL(url);
    const reason = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
    throw new CliFailure(`${origin} cannot be reached${reason}. Is the server running?`, { code: 'Unreachable' });
  }
}

const readJson = (answer: Response): Promise<unknown> => answer.json().catch(() => undefined);

/** What an id in the address belongs to. No body has fields of these names. */
const identified: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  ClientId: ['EntityNotExist.Application', 'This application does not exist.'],
  SecretId: ['EntityNotExist.Application.Secret', 'This secret does not exist.'],
  AccessKeyId: ['EntityNotExist.User.AccessKey', 'This access key does not exist.'],
};

/** To the server an id of another form is a faulty field; to people it is a thing that does not exist. */
function nonexistent({ errors = [] }: z.infer<typeof problem>): CliFailure | undefined {
  const faults = errors.map((fault) => ({ ...fault, names: identified[fault.code?.split('.')[1] ?? ''] }));
  const [code, sentence] = faults.find(({ names }) => names !== undefined)?.names ?? [];
  if (code === undefined || sentence === undefined) return undefined;
  const details = faults.filter(({ names }) => names !== undefined).map(({ detail }) => printable(detail));
  return new CliFailure(sentence, { code, details });
}

async function refusal(answer: Response): Promise<CliFailure> {
  const parsed = problem.safeParse(await readJson(answer));
  const nothing = parsed.success ? nonexistent(parsed.data) : undefined;
  if (nothing !== undefined) return nothing;
  const { title, detail, code, error, error_description, errors = [], requestId } = parsed.data ?? {};
  const sentence = detail ?? title ?? error_description ?? `The server answered ${answer.status}.`;
  const request = requestId === undefined ? [] : [`Request id: ${requestId}`];
  return new CliFailure(printable(sentence), {
    code: code ?? error ?? `Http${answer.status}`,
    details: [...errors.map(formatFault), ...request].map(printable),
  });
}
