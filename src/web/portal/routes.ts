import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '../../domain/app-error.ts';
import { type Form, readForm } from '../http/form-body.ts';
import { problemOf } from '../http/problem.ts';
import { seeOther } from '../http/redirect.ts';
import { signedInUser } from '../oidc/browser-session.ts';
import { endSession } from '../oidc/sign-out.ts';
import { sendPage } from '../views/send-page.ts';
import { accessKeyPages } from './access-keys.ts';
import { activityPages } from './activity.ts';
import { appPages } from './apps.ts';
import { authenticatorAppPages } from './authenticator-app.ts';
import { closedPage } from './closed.ts';
import { detailPages } from './details.ts';
import { addressAfterLogon, logonAddress } from './logon-address.ts';
import { leaveNotice } from './notices.ts';
import { overviewPages } from './overview.ts';
import { passkeyPages } from './passkey.ts';
import { passwordPages } from './password.ts';
import type { PortalDeps } from './portal-deps.ts';
import { recoveryCodePages } from './recovery-codes.ts';
import { refusalOf } from './refusals.ts';
import { securityPages } from './security.ts';
import { sessionPages } from './sessions.ts';
import { showSignedOut } from './signed-out.ts';
import {
  addressOf,
  formSubject,
  hostedBy,
  openVisit,
  type PortalAnswer,
  type PortalRoute,
  type PortalVisit,
  type Refused,
  withNotice,
} from './visit.ts';

const portalRoutes: readonly PortalRoute[] = [
  ...[...overviewPages, ...detailPages, ...passwordPages],
  ...[...securityPages, ...passkeyPages, ...authenticatorAppPages, ...recoveryCodePages],
  ...[...accessKeyPages, ...sessionPages, ...appPages, ...activityPages],
];

/** A RAM user's own pages; the account's logon address for whoever is not signed in. */
export function createPortalRouter(deps: PortalDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/:alias/portal/callback', (ctx) => seeOther(ctx, addressAfterLogon(ctx, hostedBy(ctx))));
  router.post('/:alias/portal/sign-out', (ctx) => signOut(deps, ctx));
  router.get('/:alias/portal/signed-out', (ctx) => showSignedOut(deps, ctx));
  for (const route of portalRoutes) {
    const path = `/:alias/portal${route.path}`;
    if (route.show !== undefined) router.get(path, (ctx) => show(deps, ctx, route));
    if (route.act !== undefined) router.post(path, (ctx) => act(deps, ctx, route));
  }
  for (const route of overviewPages) router.get('/:alias', (ctx) => show(deps, ctx, route));
  return router;
}

async function show(deps: PortalDeps, ctx: Context, route: PortalRoute): Promise<void> {
  const visit = await openVisit(deps, ctx);
  if (visit === undefined) return leadToLogon(ctx, route);
  await send(visit, route, () => route.show?.(withNotice(visit)), 200);
}

async function act(deps: PortalDeps, ctx: Context, route: PortalRoute): Promise<void> {
  // The session first: another tab may rotate its cookie while the form arrives.
  const visit = await openVisit(deps, ctx);
  const form = await readForm(ctx.req);
  if (visit === undefined) return leadToLogon(ctx, route);
  deps.formTokens.verify(ctx.req, formSubject(visit), form.get('csrf'));
  const outcome = await actOn(visit, route, form);
  if (outcome === undefined || !('refusal' in outcome)) return await send(visit, route, () => outcome, 200);
  const again = { ...visit, refusal: outcome.refusal };
  await send(again, route, () => route.again?.(again, form), outcome.status);
}

const leadToLogon = (ctx: Context, { section }: PortalRoute): void =>
  seeOther(ctx, logonAddress(hostedBy(ctx), section, ctx.query['username']));

/** What came of a form; whatever the domain refuses, for the page to tell. */
async function actOn(visit: PortalVisit, route: PortalRoute, form: Form): Promise<PortalAnswer | Refused | undefined> {
  try {
    return await route.act?.(visit, form);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { status } = problemOf(error);
    if (status >= 500) throw error;
    return { refusal: refusalOf(error, form), status };
  }
}

/** Answers with a page, or leads on. A part that is closed to the user says so. */
async function send(
  visit: PortalVisit,
  { section, path }: PortalRoute,
  answer: () => Promise<PortalAnswer | undefined> | PortalAnswer | undefined,
  status: number,
): Promise<void> {
  const { ctx, deps } = visit;
  try {
    const outcome = await answer();
    if (outcome === undefined) return;
    if ('ended' in outcome || 'leadTo' in outcome) return leadOn(visit, outcome);
    const here = ctx.method === 'GET' ? undefined : { here: addressOf(visit, path) };
    sendPage(ctx, deps, outcome, { status, ...here });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NoPermission') throw error;
    // Whoever only looks is told as kindly as may be; a form that is refused is a refusal.
    sendPage(ctx, deps, await closedPage(visit, section), { status: ctx.method === 'POST' ? 403 : 200 });
  }
}

function leadOn(visit: PortalVisit, outcome: Exclude<PortalAnswer, { name: string }>): void {
  const { ctx, deps, hosted, session } = visit;
  const { issuerName } = hosted;
  if ('ended' in outcome) {
    if (outcome.ended !== undefined) leaveNotice(ctx, deps, { issuerName }, outcome.ended);
    return seeOther(ctx, addressOf(visit, '/signed-out'));
  }
  if (outcome.notice !== undefined) leaveNotice(ctx, deps, { issuerName, sessionUid: session.uid }, outcome.notice);
  seeOther(ctx, addressOf(visit, outcome.leadTo));
}

async function signOut(deps: PortalDeps, ctx: Context): Promise<void> {
  const hosted = hostedBy(ctx);
  // The session first: another tab may rotate its cookie while the form arrives.
  const session = await signedInUser(ctx, hosted);
  const form = await readForm(ctx.req);
  if (session !== undefined) {
    deps.formTokens.verify(ctx.req, formSubject({ session }), form.get('csrf'));
    await endSession(session, deps, ctx.req);
  }
  seeOther(ctx, `/${hosted.issuerName}/portal/signed-out`);
}
