import Router from '@koa/router';
import type { Context } from 'koa';
import { findNamedAccount } from '../../domain/logon/find-named-account.ts';
import type { Database } from '../../storage/db/database.ts';
import { readForm } from '../http/form-body.ts';
import { seeOther } from '../http/redirect.ts';
import { type PageDeps, sendPage } from '../views/send-page.ts';

interface AccountGateDeps extends PageDeps {
  readonly db: Database;
  readonly logonDomain: string;
  readonly publicUrl: string;
}

/** What password managers and browsers lead to, and the part of the portal that it is. There is nothing else to be led to. */
const partsOfPortal: ReadonlyMap<string, string> = new Map([
  ['password', 'password'],
  ['passkeys', 'security'],
  ['sessions', 'sessions'],
]);

/**
 * Addresses by which password managers and browsers find where a password is changed (W3C, A Well-Known URL for Changing Passwords) and passkeys
 * are managed (W3C, A Well-Known URL for Relying Party Passkey Endpoints). All accounts share one origin, so these first ask for the account.
 */
export function createAccountGate(deps: AccountGateDeps): Router {
  const router = new Router({ sensitive: true, strict: true });
  router.get('/.well-known/change-password', (ctx) => seeOther(ctx, '/-/account/password'));
  router.get('/.well-known/passkey-endpoints', (ctx) => tellPasskeyEndpoints(deps, ctx));
  for (const [target, part] of partsOfPortal) {
    const action = `/-/account/${target}`;
    router.get(action, (ctx) => sendPage(ctx, deps, { name: 'logon/general', action, username: '' }, { here: action }));
    router.post(action, (ctx) => leadToPortal(deps, ctx, { action, part }));
  }
  return router;
}

function tellPasskeyEndpoints({ publicUrl }: AccountGateDeps, ctx: Context): void {
  const address = `${publicUrl}/-/account/passkeys`;
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.type = 'application/json';
  ctx.body = JSON.stringify({ enroll: address, manage: address });
}

async function leadToPortal(
  deps: AccountGateDeps,
  ctx: Context,
  { action, part }: { readonly action: string; readonly part: string },
): Promise<void> {
  const username = (await readForm(ctx.req)).get('username') ?? '';
  const named = await findNamedAccount(deps, username);
  if (named.found === 'account')
    return seeOther(ctx, `/${named.alias}/portal/${part}?username=${encodeURIComponent(named.userName)}`);
  const page = { name: 'logon/general', action, username, error: `general.${named.found}` } as const;
  sendPage(ctx, deps, page, { status: 400, here: action });
}
