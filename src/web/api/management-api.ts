import Router, { type RouterContext } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { AppError } from '../../domain/app-error.ts';
import type { Caller } from '../../domain/caller.ts';
import type { OperationDeps } from '../../domain/operation.ts';
import { readJsonBody } from '../http/json-body.ts';
import { answerProblems, type ErrorLog } from '../http/koa-errors.ts';
import { requestInfo } from '../http/request-info.ts';
import type { Answer, Route } from './route.ts';
import { routes } from './routes.ts';

/** What a request shows to be let in. */
export interface Credentials {
  /** The account's name in the address. */
  readonly alias: string;
  readonly authorization: string | undefined;
  readonly sourceIp: string;
  readonly requestId: string;
}

export interface ManagementApiDeps extends OperationDeps {
  readonly log: ErrorLog;
  /** Throws `InvalidAccessToken` unless the credentials are good for this account now. */
  readonly authenticate: (credentials: Credentials) => Promise<Caller>;
}

const prefix = '/:alias/api/v1';
const underPrefix = /^\/([^/]+)\/api\/v1(?:\/|$)/;

/** `/<alias>/api/v1/…` (product.md section 5). Reads no cookie, so no browser can be made to act for its user. */
export function createManagementApi(deps: ManagementApiDeps): Middleware {
  const router = new Router({ prefix, sensitive: true, strict: true });
  const callers = new WeakMap<Context['req'], Caller>();
  for (const one of routes)
    router.register(one.path, [one.method], (ctx) => serve(deps, one, ctx, callers.get(ctx.req)));
  const dispatch = router.routes();
  const problems = answerProblems(deps.log);

  return async (ctx, next) => {
    const alias = underPrefix.exec(ctx.path)?.[1];
    if (alias === undefined) {
      await next();
      return;
    }
    const info = requestInfo(ctx.req);
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': info.requestId });
    const { authorization } = ctx.headers;
    await problems(ctx, async () => {
      callers.set(ctx.req, await deps.authenticate({ alias, authorization, ...info }));
      await dispatch(ctx as RouterContext, () => refuseUnmatched(ctx as RouterContext));
    });
    if (ctx.status === 401) ctx.set('WWW-Authenticate', challenge(authorization));
  };
}

/** RFC 6750 section 3: a request without any token learns only which scheme is asked for. */
const challenge = (authorization: string | undefined): string =>
  authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"';

async function serve(
  deps: ManagementApiDeps,
  one: Route,
  ctx: RouterContext,
  caller: Caller | undefined,
): Promise<void> {
  if (caller === undefined) throw new Error('a route was reached without a caller');
  const body = await readJsonBody(ctx.req, mediaTypes(ctx.method));
  const request = { params: ctx.params, query: ctx.URL.searchParams, body, path: ctx.path };
  send(ctx, await one.handle(deps, caller, request));
}

const mediaTypes = (method: string): readonly string[] =>
  method === 'PATCH' ? ['application/merge-patch+json', 'application/json'] : ['application/json'];

function send(ctx: Context, { status, body, location }: Answer): void {
  if (location !== undefined) ctx.set('Location', location);
  ctx.status = status;
  if (body === undefined) return;
  ctx.body = JSON.stringify(body);
  ctx.type = 'application/json';
}

async function refuseUnmatched(ctx: RouterContext): Promise<void> {
  const methods = new Set((ctx.matched ?? []).flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new AppError('EntityNotExist.Resource', 'There is nothing at this address.');
  ctx.set('Allow', [...methods].join(', '));
  throw new AppError('MethodNotAllowed', 'This address does not know this method.');
}
