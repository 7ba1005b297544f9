import Router, { type RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import type { OperationDeps } from '../../domain/operation.ts';
import { readJsonBody } from '../http/json-body.ts';
import { answerProblems, type ErrorLog } from '../http/koa-errors.ts';
import { requestInfo } from '../http/request-info.ts';
import { type Admission, createAdmission, type Credentials } from './admission.ts';
import { jsonType, problemType } from './openapi/openapi.ts';
import { createPublicDocuments, type PublicDocumentsDeps } from './public-documents.ts';
import { idempotencyKeyOf, preconditionOf } from './request-headers.ts';
import type { Answer } from './api-request.ts';
import type { Route } from './route-types.ts';
import { routes } from './routes.ts';
import { sendAnswer } from './send-answer.ts';

export interface ManagementApiDeps extends OperationDeps, PublicDocumentsDeps {
  readonly log: ErrorLog;
  /** Throws `InvalidAccessToken` unless the credentials are good for this account now. */
  readonly authenticate: (credentials: Credentials) => Promise<Caller>;
  /** Requests that each caller has a minute. */
  readonly requestsPerMinute: number;
}

const prefix = '/:alias/api/v1';
const underPrefix = /^\/([^/]+)\/api\/v1(\/.*|$)/;

/** `/<alias>/api/v1/…` (product.md section 5). Reads no cookie, so no browser can be made to act for its user. */
export function createManagementApi(deps: ManagementApiDeps): Middleware {
  const router = new Router({ prefix, sensitive: true, strict: true });
  const callers = new WeakMap<Context['req'], Caller>();
  for (const one of routes)
    router.register(one.path, [one.method], (ctx) => serve(deps, one, ctx, callers.get(ctx.req)));
  const dispatch = router.routes();
  const problems = answerProblems(deps.log);
  const documents = createPublicDocuments(deps);
  const admission = createAdmission(deps);

  return async (ctx, next) => {
    const [, alias, below = ''] = underPrefix.exec(ctx.path) ?? [];
    if (alias === undefined) {
      await next();
      return;
    }
    const { requestId } = requestInfo(ctx.req);
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': requestId });
    await problems(ctx, async () => {
      if (await documents(ctx, alias, below)) return;
      callers.set(ctx.req, await admit(admission, ctx, alias));
      await dispatch(ctx as RouterContext, () => refuseUnmatched(ctx as RouterContext));
    });
    if (ctx.status === 401) ctx.set('WWW-Authenticate', challenge(ctx.headers.authorization));
  };
}

/** RFC 6750 section 3: a request without any token learns only which scheme is asked for. */
const challenge = (authorization: string | undefined): string =>
  authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';

async function admit(admission: Admission, ctx: Context, alias: string): Promise<Caller> {
  const { authorization } = ctx.headers;
  const { caller, headers } = await admission({ alias, authorization, ...requestInfo(ctx.req) });
  ctx.set(headers);
  return caller;
}

async function serve(
  deps: ManagementApiDeps,
  one: Route,
  ctx: RouterContext,
  caller: Caller | undefined,
): Promise<void> {
  if (caller === undefined) throw new Error('a route was reached without a caller');
  const mediaType = acceptedType(ctx, one);
  const idempotencyKey = one.takesIdempotencyKey ? idempotencyKeyOf(ctx.headers) : undefined;
  const body = await readJsonBody(ctx.req, mediaTypes(ctx.method), one.bodyLimit);
  const precondition = preconditionOf(ctx.headers);
  const request = {
    params: ctx.params,
    query: ctx.URL.searchParams,
    body,
    path: ctx.path,
    precondition,
    idempotencyKey,
    prefersWhole: mediaType === one.wholeAs?.mediaType,
  };
  const answer = await one.handle({ deps, caller, request, guardedBy: one.guardedBy });
  if (answer.stream !== undefined) tellOfBreak(deps.log, ctx, answer.stream);
  sendAnswer(ctx, one, answer);
}

/** What the client would have of what the route answers with. Throws `NotAcceptable` where that is nothing. */
function acceptedType(ctx: Context, { wholeAs }: Route): string {
  const whole = wholeAs === undefined ? [] : [wholeAs.mediaType];
  const usual = wholeAs?.isUsual === true ? [...whole, jsonType] : [jsonType, ...whole];
  const accepted = ctx.accepts(...usual, problemType);
  if (accepted === false)
    throw new AppError('NotAcceptable', 'Answers are application/json; say in Accept that you take it.');
  return accepted;
}

/** Once an answer has begun a fault can only break it off: the log tells why, unless it was the client who left. */
function tellOfBreak(log: ErrorLog, { req }: Context, { chunks }: NonNullable<Answer['stream']>): void {
  chunks.once('error', (error: NodeJS.ErrnoException) => {
    if (error instanceof AppError || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    log.error({ requestId: requestInfo(req).requestId, err: error }, 'an answer broke off');
  });
}

const mediaTypes = (method: string): readonly string[] =>
  method === 'PATCH' ? ['application/merge-patch+json', jsonType] : [jsonType];

async function refuseUnmatched(ctx: RouterContext): Promise<void> {
  const methods = new Set((ctx.matched ?? []).flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new AppError('EntityNotExist.Resource', 'There is nothing at this address.');
  ctx.set('Allow', [...methods].join(', '));
  throw new AppError('MethodNotAllowed', 'This address does not know this method.');
}
