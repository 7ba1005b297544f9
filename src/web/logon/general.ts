import Router from '@koa/router';
import type { Context } from 'koa';
import { findNamedAccount } from '../../domain/logon/find-named-account.ts';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { sendPage } from '../views/send-page.ts';
import type { LogonDeps } from './visit.ts';

const action = '/-/logon';

/** The page for whoever does not know their account's address: it asks for `user@alias` and leads there, and nowhere else. */
export function createGeneralLogonRouter(deps: LogonDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/', (ctx) => sendPage(ctx, deps, { name: 'logon/general', action, username: '' }, { here: '/' }));
  router.post(action, (ctx) => leadToAccount(deps, ctx));
  return router;
}

async function leadToAccount(deps: LogonDeps, ctx: Context): Promise<void> {
  const username = (await readForm(ctx.req)).get('username') ?? '';
  const named = await findNamedAccount(deps, username);
  if (named.found === 'account') return seeOther(ctx, `/${named.alias}?username=${encodeURIComponent(named.userName)}`);
  const page = { name: 'logon/general', action, username, error: `general.${named.found}` } as const;
  sendPage(ctx, deps, page, { status: 400, here: '/' });
}
