import { setTimeout as delay } from 'node:timers/promises';
import { type ApiRequest, callApi, type ManagementApi } from '../client/management-api.ts';
import { ServerRefusal } from '../client/requests.ts';
import { CliFailure } from '../failure.ts';

const attempts = 8;
const longestPauseSeconds = 60;

/** How long to wait before it is worth another try; undefined where none is. */
function pauseAfter(error: unknown, attempt: number): number | undefined {
  const growing = 2 ** attempt / 2;
  if (error instanceof ServerRefusal) {
    const passing = error.status === 429 || error.status === 503 || error.code === 'IdempotentRequestInProgress';
    return passing ? (error.retryAfterSeconds ?? growing) : undefined;
  }
  return error instanceof CliFailure && error.code === 'Unreachable' ? growing : undefined;
}

/**
 * Performs a request that does no harm when it is repeated; waits and repeats it where the server is away, busy, or asks for patience
 * (`Retry-After`).
 */
export async function callPatiently(api: ManagementApi, request: ApiRequest): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callApi(api, request);
    } catch (error) {
      const seconds = pauseAfter(error, attempt);
      if (seconds === undefined || attempt === attempts) throw error;
      await delay(Math.min(seconds, longestPauseSeconds) * 1000);
    }
  }
}
