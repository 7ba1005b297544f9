import type Router from '@koa/router';
import type { IncomingMessage } from 'node:http';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import { errors } from 'oidc-provider';
import type { Logger } from 'pino';
import { HashingOverloadedError } from '../../crypto/password-hashing.ts';
import { AppError } from '../../domain/app-error.ts';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { problemOf } from '../http/problem.ts';
import { requestInfo } from '../http/request-info.ts';
import type { HostedIssuer, IssuerLookup } from '../oidc/issuers.ts';
import { type ReadAhead, requestState, settleWrites, withRequestState } from '../oidc/request-state.ts';
import { brandPages, pageBrand } from '../views/page-brand.ts';
import type { ErrorPage } from '../views/pages/message-pages.ts';
import { errorWording } from '../views/error-wording.ts';
import { type PageDeps, sendPage } from '../views/send-page.ts';
import { isIssuerName } from '../../domain/accounts/alias-rules.ts';

export interface PagesAppDeps extends PageDeps {
  readonly logger: Logger;
  readonly findIssuer: (issuerName: string) => Promise<IssuerLookup>;
  /** Begins to read what the request will need. */
  readonly readAhead: (issuerName: string, req: IncomingMessage) => ReadAhead;
}

interface PagesAppParts {
  /** Middleware that answers without an issuer: assets, the management API, the general logon page. */
  readonly withoutIssuer: readonly Middleware[];
  /** Pages that ask for the account. */
  readonly general: readonly Router[];
  /** Pages of an issuer. */
  readonly ofIssuer: readonly Router[];
}

/** Everything of the main listener but the engine's own endpoints, with the one place where pages' errors end. */
export function createPagesApp(deps: PagesAppDeps, parts: PagesAppParts): Koa {
  const app = new Koa();
  // The entrance has replaced what the request said of host and scheme by what the deployment is configured with.
  app.proxy = true;
  app.silent = true;
  app.use((ctx, next) => answerErrors(deps, ctx, next));
  for (const middleware of parts.withoutIssuer) app.use(middleware);
  for (const router of parts.general) app.use(router.routes());
  const issuerRoutes = parts.ofIssuer.map((router) => router.routes() as unknown as Middleware);
  app.use((ctx, next) => withIssuer(deps, ctx, next, issuerRoutes));
  app.use((ctx) => sendErrorPage(deps, ctx, notFound));
  return app;
}

const notFound = {
  status: 404,
  heading: 'error.not-found.title',
  message: 'error.not-found',
} as const;
const suspended = {
  status: 403,
  heading: 'error.suspended.title',
  message: 'error.suspended',
} as const;

/** Runs the pages of an issuer, with its engine and its account found live. */
async function withIssuer(deps: PagesAppDeps, ctx: Context, next: Next, routes: readonly Middleware[]): Promise<void> {
  const issuerName = ctx.path.split('/')[1] ?? '';
  if (!isIssuerName(issuerName)) {
    await next();
    return;
  }
  const finding = deps.findIssuer(issuerName);
  const ahead = deps.readAhead(issuerName, ctx.req);
  const lookup = await finding;
  if (lookup.found === 'suspended') return sendErrorPage(deps, ctx, suspended);
  if (lookup.found === 'nothing') {
    await next();
    return;
  }
  (ctx.state as { hosted: HostedIssuer }).hosted = lookup.hosted;
  brandPages(ctx, pageBrand(lookup.hosted.currentAlias, lookup.hosted.settings.branding));
  await withRequestState(
    lookup.hosted.account,
    async () => {
      const run = routes.reduceRight<() => Promise<unknown>>(
        (inner, route) => () => Promise.resolve(route(ctx, inner)),
        next,
      );
      await run();
      await settleWrites(requestState());
    },
    ahead,
  );
}

interface ErrorAnswer extends Pick<ErrorPage, 'heading' | 'message'> {
  readonly status: number;
  readonly retryAfterSeconds?: number | undefined;
}

function sendErrorPage(
  deps: PageDeps,
  ctx: Context,
  { status, heading, message, retryAfterSeconds }: ErrorAnswer,
): void {
  if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
  const requestId = status >= 500 ? requestInfo(ctx.req).requestId : undefined;
  sendPage(
    ctx,
    deps,
    { name: 'errors/error', heading, message, requestId, actionHref: '/', actionLabel: 'common.to-logon-page' },
    { status },
  );
}

async function answerErrors(deps: PagesAppDeps, ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const answer = errorAnswer(error);
    if (answer.status >= 500)
      deps.logger.error({ err: error, path: ctx.path, requestId: requestInfo(ctx.req).requestId }, 'a page failed');
    sendErrorPage(deps, ctx, answer);
  }
}

/** How a refusal reads on a page. */
function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof AppError) {
    const { status } = problemOf(error);
    const message = errorWording(error);
    return { status, heading: 'error.did-not-work', message, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof errors.OIDCProviderError) {
    return {
      status: error.statusCode,
      heading: 'error.did-not-work',
      message: 'error.ended-meanwhile',
    };
  }
  if (error instanceof StoreUnavailableError) {
    return {
      status: 503,
      heading: 'error.away.title',
      message: 'error.away',
      retryAfterSeconds: 2,
    };
  }
  if (error instanceof HashingOverloadedError) {
    return {
      status: 503,
      heading: 'error.busy.title',
      message: 'error.busy',
      retryAfterSeconds: error.retryAfterSeconds,
    };
  }
  return {
    status: 500,
    heading: 'error.ours.title',
    message: 'error.ours',
  };
}
