import type { Context } from 'koa';
import { sendPage } from '../views/send-page.ts';
import { takeNotice } from './notices.ts';
import type { PortalDeps } from './portal-deps.ts';
import { hostedBy } from './visit.ts';

/** What ended the session and all others with it. */
const endings = {
  'password-changed': { title: 'portal.ended.password.title', message: 'portal.ended.password' },
  'device-removed': { title: 'portal.ended.device.title', message: 'portal.ended.device' },
} as const;

/** Where a session ends: by signing out, or by what its user has done. */
export function showSignedOut(deps: PortalDeps, ctx: Context): void {
  const { issuerName } = hostedBy(ctx);
  const notice = takeNotice(ctx, deps, { issuerName });
  const logonHref = `/${issuerName}`;
  if (notice !== 'password-changed' && notice !== 'device-removed')
    return sendPage(ctx, deps, { name: 'sign-out/done', logonHref });
  sendPage(ctx, deps, { name: 'portal/ended', logonHref, ...endings[notice] });
}
