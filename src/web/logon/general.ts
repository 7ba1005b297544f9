import Router from '@koa/router';
import type { Context } from 'koa';
import { findIssuer } from '../../domain/accounts/accounts-store.ts';
import { isIssuerName } from '../../domain/accounts/alias-rules.ts';
import { parseLogonName } from '../../domain/logon/logon-name.ts';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { sendPage } from '../views/send-page.ts';
import type { LogonDeps } from './visit.ts';

/** The page for whoever does not know their account's address: it asks for `user@alias` and leads there, and nowhere else. */
export function createGeneralLogonRouter(deps: LogonDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/', (ctx) => sendPage(ctx, deps, { name: 'logon/general', username: '' }));
  router.post('/-/logon', (ctx) => leadToAccount(deps, ctx));
  return router;
}

async function leadToAccount(deps: LogonDeps, ctx: Context): Promise<void> {
  const typed = (await readForm(ctx.req)).get('username') ?? '';
  const name = parseLogonName(typed, deps.logonDomain);
  const alias = name?.accountName;
  if (name === undefined || alias === undefined)
    return refuse(deps, ctx, typed, 'Type your logon name as user@alias, for example alice@acme.');
  // Aliases are public (every issuer's address is), so saying that one is unknown tells nothing of users.
  const issuer = isIssuerName(alias) ? await findIssuer(deps.db, alias) : undefined;
  if (issuer === undefined)
    return refuse(deps, ctx, typed, 'There is no account of this name here. Check what stands behind the @.');
  seeOther(ctx, `/${alias}?username=${encodeURIComponent(name.userName)}`);
}

function refuse(deps: LogonDeps, ctx: Context, username: string, error: string): void {
  sendPage(ctx, deps, { name: 'logon/general', username, error }, { status: 400 });
}
