import type { Context } from 'koa';
import { homeOf } from '../../domain/applications/application-home.ts';
import { clientOrigin } from '../oidc/clients.ts';
import type { HostedIssuer } from '../oidc/issuers.ts';
import { sendPage } from '../views/send-page.ts';
import type { LogonDeps } from './visit.ts';

/** A logon that is finished, expired or another browser's: says so, and offers a fresh start at the app where it is known. */
export async function sendStalePage(deps: LogonDeps, ctx: Context, hosted: HostedIssuer): Promise<void> {
  const clientId = ctx.query['client_id'];
  const client = typeof clientId === 'string' ? await hosted.provider.Client.find(clientId) : undefined;
  const origin = client === undefined ? undefined : clientOrigin(client);
  const application = origin?.kind === 'application' ? origin.application : undefined;
  const home = application === undefined ? undefined : homeOf(application);
  sendPage(
    ctx,
    deps,
    {
      name: 'logon/stale',
      appName: home === undefined ? undefined : application?.displayName,
      startOverHref: home ?? `/${hosted.issuerName}`,
    },
    { status: 410 },
  );
}
