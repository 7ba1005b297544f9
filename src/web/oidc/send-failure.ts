import type { SendResult } from '../../domain/logout-deliveries/deliver.ts';

interface FetchError extends Error {
  readonly code?: unknown;
  readonly response?: { readonly status?: unknown };
}

/** By the error's code or name. */
const kinds: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/^ForbiddenAddressError$/, 'address not allowed'],
  [/^ERR_INVALID_URL$/, 'invalid address'],
  [/TIMEOUT|^TimeoutError$|^ETIMEDOUT$/, 'timeout'],
  [/^ENOTFOUND$|^EAI_/, 'unknown host'],
  [/CERT|TLS|SSL|SIGNATURE|^EPROTO$/, 'tls'],
];

/** What an app's answer, or its silence, comes to. Throws what is no fault of the app again: a store that is away, say. */
export function readSendFailure(error: unknown): SendResult {
  const chain = causesOf(error);
  const status = chain.find(({ response }) => response !== undefined)?.response?.status;
  if (typeof status === 'number') return { outcome: 'refused', error: `http ${status}`, reached: true };
  const signs = chain.flatMap(({ name, code }) => [name, ...(typeof code === 'string' ? [code] : [])]);
  const kind = kinds.find(([pattern]) => signs.some((sign) => pattern.test(sign)))?.[1];
  // Whatever else goes wrong with a connection: `fetch` has one error for all of it (fetch standard, "network error").
  const isNetworkError = chain.some(({ name, message }) => name === 'TypeError' && message === 'fetch failed');
  if (kind === undefined && !isNetworkError) throw error;
  return { outcome: 'refused', error: kind ?? 'no connection', reached: false };
}

/** How deep a cause can stand. */
const mostCauses = 5;

function causesOf(error: unknown): FetchError[] {
  const chain: FetchError[] = [];
  for (let cause = error; cause instanceof Error && chain.length < mostCauses; cause = cause.cause) chain.push(cause);
  return chain;
}
