import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import type { Context, Next } from 'koa';
import { readJwtPayload } from './jwt-payload.ts';

/**
 * A logout request whose hint does not hold (garbled, another issuer's, of a client that is gone) is still a wish to sign out: it
 * leads to the question, not to an error. So the hint is taken out before the engine reads it. A hint past its time holds.
 */
export function dropUnusableHint(provider: Provider) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const hint = ctx.path.endsWith('/oauth2/logout') ? ctx.query['id_token_hint'] : undefined;
    if (hint !== undefined && !(await isUsable(provider, hint, ctx.query['client_id']))) {
      const { id_token_hint: _hint, ...rest } = ctx.query;
      ctx.query = rest;
      // The engine finds where it is mounted by comparing the two.
      Object.assign(ctx.req, { originalUrl: `${new URL(provider.issuer).pathname}${ctx.url}` });
    }
    await next();
  };
}

async function isUsable(
  provider: Provider,
  hint: string | string[],
  clientId: string | string[] | undefined,
): Promise<boolean> {
  const payload = typeof hint === 'string' ? readJwtPayload(hint) : undefined;
  if (
    typeof hint !== 'string' ||
    typeof payload?.aud !== 'string' ||
    (clientId !== undefined && clientId !== payload.aud)
  )
    return false;
  const client = await provider.Client.find(payload.aud);
  if (client === undefined) return false;
  try {
    await provider.IdToken.validate(hint, client);
    return true;
  } catch {
    return false;
  }
}

/** Whether the hint (verified by the engine) names the very session of this browser: only then the question may be skipped. */
export function hintNamesSession({ oidc }: KoaContextWithOIDC): boolean {
  const hint = oidc.entities.IdTokenHint as { payload: { sub?: unknown; sid?: unknown } } | undefined;
  const { session, client } = oidc;
  if (hint === undefined || client === undefined || session?.accountId === undefined) return false;
  return (
    hint.payload.sub === session.accountId &&
    hint.payload.sid !== undefined &&
    hint.payload.sid === session.sidFor(client.clientId)
  );
}
