import type { Context } from 'koa';
import type { KoaContextWithOIDC, Session } from 'oidc-provider';
import type { HostedIssuer } from './issuers.ts';

/** A session somebody is signed in to. */
export type SignedInSession = Session & { readonly accountId: string };

/** The session of this browser at this issuer, if somebody is signed in to it and nothing has ended it. */
export async function signedInUser(ctx: Context, { provider }: HostedIssuer): Promise<SignedInSession | undefined> {
  // The engine reads its cookie with its own keys; outside its routes it makes the context it needs itself.
  const session = await provider.Session.get(ctx as unknown as KoaContextWithOIDC);
  return session.accountId === undefined ? undefined : (session as SignedInSession);
}
