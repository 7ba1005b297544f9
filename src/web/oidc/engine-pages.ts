import type { Context, Next } from 'koa';
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { requestInfo } from '../http/request-info.ts';
import type { LanguageWish } from '../views/page-language.ts';
import { type PageDeps, sendPage } from '../views/send-page.ts';
import type { Wording } from '../views/translate.ts';
import { clientOrigin } from './clients.ts';
import type { EngineDeps } from './engine-deps.ts';
import { hintNamesSession } from './logout-request.ts';
import { endSession } from './sign-out.ts';

/** Nothing of the engine's own is ever shown (see handover.ts); what it answers is for programs. */
const nothingRuns = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** Every answer of the engine is nobody's to frame, sniff or refer from. */
export function enginePageHeaders({ https }: PageDeps) {
  const headers = {
    'Content-Security-Policy': nothingRuns,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    ...(https && { 'Strict-Transport-Security': 'max-age=63072000' }),
  };
  return async (ctx: Context, next: Next): Promise<void> => {
    ctx.set(headers);
    await next();
    if (ctx.status === 404 && ctx.body === undefined) refuseMethod(ctx);
  };
}

/** The entrance lets only the engine's own addresses through, so one without an answer was asked in the wrong way. */
function refuseMethod(ctx: Context): void {
  const posted = /\/(?:token|introspect|revoke|confirm)$/.test(ctx.path);
  const allow = posted ? 'POST' : ctx.path.endsWith('/userinfo') ? 'GET, POST' : 'GET';
  ctx.status = 405;
  ctx.set('Allow', allow);
  ctx.body = { error: 'invalid_request', error_description: `this address takes ${allow}` };
}

/** What a person reads where the engine cannot send them back to their app. */
const explained = ['invalid_client', 'invalid_redirect_uri', 'invalid_request', 'unauthorized_client'] as const;

function explanation({ error, error_description: description }: ErrorOut): Wording {
  const known = explained.find((name) => name === error);
  const told = typeof description === 'string' ? `${error}: ${description}` : error;
  return { key: known === undefined ? 'error.app' : `error.app.${known}`, values: { error: told } };
}

export function renderEngineError(
  ctx: KoaContextWithOIDC,
  deps: PageDeps,
  { out, error, issuerName }: { out: ErrorOut; error: Error; issuerName: string },
): void {
  const unavailable = error instanceof StoreUnavailableError;
  const expired = error.name === 'SessionNotFound';
  sendPage(
    ctx as unknown as Context,
    deps,
    {
      name: 'errors/error',
      heading: unavailable ? 'error.away.title' : expired ? 'error.logon-over.title' : 'error.did-not-work',
      message: unavailable ? 'error.away' : expired ? 'error.logon-over' : explanation(out),
      requestId: requestInfo(ctx.req).requestId,
      actionHref: `/${issuerName}`,
      actionLabel: 'common.to-your-logon-page',
    },
    { status: unavailable ? 503 : ctx.status, wish: languageWish(ctx) },
  );
}

/** The languages that the app asked this request to be answered in. */
const languageWish = ({ oidc }: KoaContextWithOIDC): LanguageWish | undefined => {
  const uiLocales = (oidc as KoaContextWithOIDC['oidc'] | undefined)?.params?.['ui_locales'];
  return typeof uiLocales === 'string' ? { uiLocales, askedAt: Math.floor(Date.now() / 1000) } : undefined;
};

/** What the engine keeps of a logout request in the session while the question is open. */
interface SignOutState {
  readonly secret: string;
  readonly postLogoutRedirectUri?: string;
  readonly state?: string;
  clientId?: string | undefined;
}

/** Signs out at once where the app's hint names this session, else asks. */
export async function renderSignOutQuestion(ctx: KoaContextWithOIDC, deps: EngineDeps): Promise<void> {
  const { oidc } = ctx;
  const { session, client } = oidc;
  const state = session?.state as SignOutState | undefined;
  if (session === undefined || state === undefined) throw new Error('a sign-out question without a session');
  if (hintNamesSession(ctx)) {
    await endSession(session, deps, ctx.req);
    oidc.cookies.set(oidc.provider.cookieName('session'), null, { path: new URL(oidc.issuer).pathname });
    ctx.status = 303;
    ctx.redirect(withState(state.postLogoutRedirectUri ?? oidc.urlFor('end_session_success'), state));
    return;
  }
  // To the engine a "no" still ends what the app was given, and anybody can make a browser ask in an app's name. Here it ends nothing.
  state.clientId = undefined;
  sendPage(
    ctx as unknown as Context,
    deps,
    {
      name: 'sign-out/question',
      action: oidc.urlFor('end_session_confirm'),
      hiddenFields: [{ name: 'xsrf', value: state.secret }],
      appName: client === undefined ? undefined : appName(client),
    },
    {
      wish: languageWish(ctx),
      formAction: ['https:', 'http://localhost:*', 'http://127.0.0.1:*', ...privateScheme(state.postLogoutRedirectUri)],
    },
  );
}

/** The scheme of a native app, which the answer to the question leads back to. */
function privateScheme(address: string | undefined): string[] {
  const protocol = address === undefined ? undefined : URL.parse(address)?.protocol;
  return protocol === undefined || protocol === 'http:' || protocol === 'https:' ? [] : [protocol];
}

function withState(
  address: string,
  { postLogoutRedirectUri, state }: { postLogoutRedirectUri?: string; state?: string },
): string {
  if (postLogoutRedirectUri === undefined || state === undefined) return address;
  const url = new URL(address);
  url.searchParams.set('state', state);
  return url.href;
}

/** Undefined for our own portal, which needs no naming. */
const appName = (client: NonNullable<KoaContextWithOIDC['oidc']['client']>): string | undefined => {
  const origin = clientOrigin(client);
  return origin.kind === 'application' ? origin.application.displayName : undefined;
};

/** After a sign-out without an address to go back to; who chose to stay is led to the portal. */
export async function renderSignedOut(ctx: KoaContextWithOIDC, deps: PageDeps): Promise<void> {
  const alias = new URL(ctx.oidc.issuer).pathname.slice(1);
  const { client, provider } = ctx.oidc;
  if ((await provider.Session.get(ctx)).accountId !== undefined) {
    ctx.status = 303;
    ctx.redirect(`/${alias}`);
    return;
  }
  sendPage(
    ctx as unknown as Context,
    deps,
    {
      name: 'sign-out/done',
      logonHref: `/${alias}`,
      appName: client === undefined ? undefined : appName(client),
    },
    { wish: languageWish(ctx) },
  );
}
