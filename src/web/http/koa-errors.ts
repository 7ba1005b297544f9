import { STATUS_CODES } from 'node:http';
import type { Context, Middleware } from 'koa';
import { HashingOverloadedError } from '../../crypto/password-hashing.ts';
import { AppError } from '../../domain/app-error.ts';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { type Problem, problemOf, unexpectedProblem } from './problem.ts';
import { requestInfo } from './request-info.ts';

/** As much of a logger as errors need. */
export interface ErrorLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** How long a store out of reach is given before a client tries again. */
const storeRetrySeconds = 5;

/** Answers whatever is thrown below as problem+json (RFC 9457). The only place of a JSON surface that catches. */
export function answerProblems(log: ErrorLog): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemFor(error);
      const { requestId } = requestInfo(ctx.req);
      if (problem.status >= 500) log.error({ requestId, err: error }, problem.code);
      sendProblem(ctx, problem, requestId);
    }
  };
}

function problemFor(error: unknown): Problem {
  if (error instanceof AppError) return problemOf(error);
  if (error instanceof StoreUnavailableError) return unavailable(storeRetrySeconds);
  if (error instanceof HashingOverloadedError) return unavailable(error.retryAfterSeconds);
  return unexpectedProblem;
}

const unavailable = (retryAfterSeconds: number): Problem =>
  problemOf(new AppError('ServiceUnavailable', 'This cannot be served right now; try again.', { retryAfterSeconds }));

function sendProblem(ctx: Context, problem: Problem, requestId: string): void {
  const { status, code, detail, errors, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  // The rest of a body that we did not read would be taken for the next request.
  if (status === 413 || status === 415) ctx.set('Connection', 'close');
  const fieldFaults = errors.length > 0 ? { errors } : {};
  ctx.status = status;
  ctx.body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail,
    requestId,
    ...fieldFaults,
  });
  ctx.type = 'application/problem+json';
}
