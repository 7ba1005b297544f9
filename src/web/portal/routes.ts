import { randomBytes } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Session } from 'oidc-provider';
import type { Logger } from 'pino';
import { findUserOverview, listOwnWebApplications } from '../../domain/users/find-overview.ts';
import type { Database } from '../../storage/db/database.ts';
import type { FormTokens } from '../http/csrf.ts';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { portalClientId } from '../oidc/artefact-store.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { signedInUser } from '../oidc/browser-session.ts';
import { endSession } from '../oidc/sign-out.ts';
import { type PageDeps, sendPage } from '../views/send-page.ts';

export interface PortalDeps extends PageDeps {
  readonly db: Database;
  readonly formTokens: FormTokens;
  readonly logger: Logger;
}

/** A RAM user's own pages; the account's logon address for whoever is not signed in. */
export function createPortalRouter(deps: PortalDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/:alias', (ctx) => showPortal(deps, ctx));
  router.get('/:alias/portal/callback', (ctx) => seeOther(ctx, `/${hostedBy(ctx).issuerName}`));
  router.post('/:alias/portal/sign-out', (ctx) => signOut(deps, ctx));
  router.get('/:alias/portal/signed-out', (ctx) => showSignedOut(deps, ctx));
  return router;
}

const hostedBy = (ctx: Context): HostedIssuer => (ctx.state as { hosted: HostedIssuer }).hosted;

const formSubject = (session: Session): string => `portal:${session.uid}`;

async function showPortal(deps: PortalDeps, ctx: Context): Promise<void> {
  const hosted = hostedBy(ctx);
  const session = await signedInUser(ctx, hosted);
  if (session === undefined) return seeOther(ctx, logonAddress(hosted, ctx.query['username']));
  const [user, apps] = await Promise.all([
    findUserOverview(deps.db, hosted.accountId, session.accountId),
    listOwnWebApplications(deps.db, hosted.accountId),
  ]);
  if (user === undefined) return seeOther(ctx, logonAddress(hosted, undefined));
  sendPage(ctx, deps, {
    name: 'portal/overview',
    principal: `${user.userName}@${hosted.currentAlias}`,
    displayName: user.displayName,
    alias: hosted.currentAlias,
    signOutAction: `/${hosted.issuerName}/portal/sign-out`,
    csrf: deps.formTokens.issue(formSubject(session)),
    lastLogonAt: user.lastLogonAt ?? undefined,
    mfaEnabled: user.mfaEnabled,
    hasPolicies: user.hasPolicies,
    apps: apps.flatMap(({ displayName, redirectUris }) => {
      const url = URL.parse(redirectUris[0] ?? '');
      return url !== null && /^https?:$/.test(url.protocol) ? [{ name: displayName, href: `${url.origin}/` }] : [];
    }),
  });
}

/**
 * The portal signs in like any app, through the issuer, so that there is one logon and one session. The code that comes back is
 * never redeemed: its challenge is a random value to which nobody has the verifier.
 */
function logonAddress({ issuer }: HostedIssuer, username: string | string[] | undefined): string {
  const parameters = new URLSearchParams({
    client_id: portalClientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}/portal/callback`,
    code_challenge: randomBytes(32).toString('base64url'),
    code_challenge_method: 'S256',
    ...(typeof username === 'string' && username !== '' ? { login_hint: username.slice(0, 128) } : {}),
  });
  return `${issuer}/oauth2/authorize?${parameters.toString()}`;
}

async function signOut(deps: PortalDeps, ctx: Context): Promise<void> {
  const hosted = hostedBy(ctx);
  // The session first: another tab may rotate its cookie while the form arrives.
  const session = await signedInUser(ctx, hosted);
  const form = await readForm(ctx.req);
  if (session !== undefined) {
    deps.formTokens.verify(ctx.req, formSubject(session), form.get('csrf'));
    await endSession(hosted.provider, session, deps, ctx.req);
  }
  seeOther(ctx, `/${hosted.issuerName}/portal/signed-out`);
}

function showSignedOut(deps: PortalDeps, ctx: Context): void {
  const { issuerName } = hostedBy(ctx);
  sendPage(ctx, deps, { name: 'sign-out/done', alias: issuerName, logonHref: `/${issuerName}` });
}
