import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import { sourceNetwork } from '../../domain/throttle/source-network.ts';
import type { EphemeralStore } from '../../storage/ephemeral/ephemeral-store.ts';
import { createRequestLimiter, limitHeaders } from './request-limits.ts';

/** What a request shows to be let in. */
export interface Credentials {
  /** The account's name in the address. */
  readonly alias: string;
  readonly authorization: string | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
}

interface AdmissionDeps {
  readonly ephemeral: EphemeralStore;
  readonly authenticate: (credentials: Credentials) => Promise<Caller>;
  readonly requestsPerMinute: number;
}

/** Lets a request in, or throws `InvalidAccessToken` or `Throttling.User`. `headers` tell the caller what is left. */
export type Admission = (
  credentials: Credentials,
) => Promise<{ readonly caller: Caller; readonly headers: Readonly<Record<string, string>> }>;

const windowSeconds = 60;

/** Of the requests that a caller has, the part that a source has which fail to say who calls, whatever account they name. */
const strangersPart = 0.5;

/**
 * Authenticates, then counts: each caller's requests against the caller's limit, and those that nobody answers for against that of their source.
 * A source past its limit still gets in with a token that is good, since an office may sit behind one address.
 */
export function createAdmission({ ephemeral, authenticate, requestsPerMinute }: AdmissionDeps): Admission {
  const callers = createRequestLimiter(ephemeral, { policy: 'caller', requests: requestsPerMinute, windowSeconds });
  const strangers = createRequestLimiter(ephemeral, {
    policy: 'source',
    requests: Math.ceil(requestsPerMinute * strangersPart),
    windowSeconds,
  });
  return async (credentials) => {
    const caller = await authenticate(credentials).catch(async (error: unknown) => {
      if (error instanceof AppError && error.code === 'InvalidAccessToken')
        await strangers.take(sourceNetwork(credentials.sourceIp));
      throw error;
    });
    const allowance = await callers.take(caller.userId);
    return { caller, headers: limitHeaders(callers.limit, allowance) };
  };
}
