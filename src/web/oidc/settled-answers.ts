import type { Context, Next } from 'koa';
import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { PageDeps } from '../views/send-page.ts';
import { renderEngineError } from './engine-pages.ts';
import { requestState, settleWrites } from './request-state.ts';

/**
 * Holds back every answer of the engine until all that it rests on is stored: a code or token that is handed out can be used at once, on
 * every process. Where it cannot be stored the answer is withdrawn, with whatever it would have handed out.
 */
export function answerOnceStored(provider: Provider, deps: PageDeps, issuerName: string) {
  return async (ctx: Context, next: Next): Promise<void> => {
    await next();
    try {
      await settleWrites(requestState());
    } catch (error) {
      withdrawAnswer(provider, deps, ctx as unknown as KoaContextWithOIDC, { error, issuerName });
    }
  };
}

function withdrawAnswer(
  provider: Provider,
  deps: PageDeps,
  ctx: KoaContextWithOIDC,
  { error, issuerName }: { error: unknown; issuerName: string },
): void {
  const cause = error instanceof Error ? error : new Error('a write failed', { cause: error });
  const out = { error: 'server_error', error_description: 'something went wrong on our side' };
  for (const name of ['Location', 'Set-Cookie']) ctx.remove(name);
  ctx.status = 500;
  if (ctx.accepts('json', 'html') === 'html') renderEngineError(ctx, deps, { out, error: cause, issuerName });
  else ctx.body = out;
  provider.emit('server_error', ctx, cause);
}
