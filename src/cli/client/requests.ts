import { z } from 'zod';
import { CliFailure } from '../failure.ts';
import { formatFault, printable } from '../text.ts';

/** How long an answer may take, body included. */
const usualTimeoutMs = 60_000;

const problem = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string().optional(), detail: z.string() })).optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

/** A refusal by the server: of the management API (RFC 9457) or of the engine (RFC 6749 section 5.2). */
export class ServerRefusal extends CliFailure {
  readonly status: number;
  /** Field faults with their places, for callers that can say better what is there. */
  readonly faults: readonly { readonly pointer: string; readonly detail: string }[];
  /** What the server asked for by `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(answer: Response, { message, code, details, faults }: RefusalTexts) {
    super(message, { code, details });
    this.status = answer.status;
    this.faults = faults;
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
  }
}

interface RefusalTexts {
  readonly message: string;
  readonly code: string;
  readonly details: readonly string[];
  readonly faults: ServerRefusal['faults'];
}

/** Sends a request. Redirects are not followed: they would carry the secret to another address. */
export async function send(url: string | URL, init: RequestInit, timeoutMs = usualTimeoutMs): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const { origin } = new URL(url);
    const reason = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
    throw new CliFailure(`${origin} cannot be reached${reason}. Is the server running?`, { code: 'Unreachable' });
  }
}

export const readJson = (answer: Response): Promise<unknown> => answer.json().catch(() => undefined);

/** What an id in the address belongs to. No body has fields of these names. */
const identified: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  ClientId: ['EntityNotExist.Application', 'This application does not exist.'],
  SecretId: ['EntityNotExist.Application.Secret', 'This secret does not exist.'],
  AccessKeyId: ['EntityNotExist.User.AccessKey', 'This access key does not exist.'],
};

/** To the server an id of another form is a faulty field; to people it is a thing that does not exist. */
function nonexistent({ errors = [] }: z.infer<typeof problem>): RefusalTexts | undefined {
  const named = errors.map((fault) => ({ ...fault, names: identified[fault.code?.split('.')[1] ?? ''] }));
  const [code, message] = named.find(({ names }) => names !== undefined)?.names ?? [];
  if (code === undefined || message === undefined) return undefined;
  const details = named.filter(({ names }) => names !== undefined).map(({ detail }) => printable(detail));
  return { message, code, details, faults: [] };
}

/** Why a request was refused, with all its faults. */
export async function refusal(answer: Response): Promise<ServerRefusal> {
  const parsed = problem.safeParse(await readJson(answer));
  const nothing = parsed.success ? nonexistent(parsed.data) : undefined;
  if (nothing !== undefined) return new ServerRefusal(answer, nothing);
  const { title, detail, code, error, error_description, errors = [], requestId } = parsed.data ?? {};
  const sentence = detail ?? title ?? error_description ?? `The server answered ${answer.status}.`;
  const request = requestId === undefined ? [] : [`Request id: ${requestId}`];
  return new ServerRefusal(answer, {
    message: printable(sentence),
    code: code ?? error ?? `Http${answer.status}`,
    details: [...errors.map(formatFault), ...request].map(printable),
    faults: errors.map((fault) => ({ pointer: fault.pointer, detail: printable(fault.detail) })),
  });
}
