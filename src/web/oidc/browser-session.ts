import type { Context } from 'koa';
import { errors, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import type { HostedIssuer } from './issuers.ts';

/** A session somebody is signed in to. */
export type SignedInSession = Session & { readonly accountId: string };

/** The session of this browser at this issuer, if somebody is signed in to it and nothing has ended it. Counts as a use of it. */
export async function signedInUser(ctx: Context, { provider }: HostedIssuer): Promise<SignedInSession | undefined> {
  // The engine reads its cookie with its own keys; outside its routes it makes the context it needs itself.
  const session = await provider.Session.get(ctx as unknown as KoaContextWithOIDC);
  if (session.accountId === undefined) return undefined;
  return (await prolong(session)) ? (session as SignedInSession) : undefined;
}

/** Answers whether the session still lasts: another request may have ended it just now. */
async function prolong(session: Session): Promise<boolean> {
  try {
    // Saved as it was: our storage writes only what needs to be written.
    await session.persist();
    return true;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return false;
    throw error;
  }
}
