import { type Client, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { commandLineClientId } from './artefact-store.ts';
import { isFirstParty } from './clients.ts';
import { requestState } from './request-state.ts';

/** What the hosted logon can reach, weakest first. */
export const acrValues = ['urn:postern:acr:pwd', 'urn:postern:acr:mfa'] as const;

const { Check, base } = interactionPolicy;

/**
 * When the engine must ask the user something. Everything the logon requires happens inside the one `login` prompt; `consent` remains for
 * third-party apps, and for nobody's first-party app.
 */
export function createInteractionPolicy(): interactionPolicy.DefaultPolicy {
  const policy = base();
  const login = policy.get('login');
  const consent = policy.get('consent');
  if (login === undefined || consent === undefined) throw new Error('the engine has no login or consent prompt');

  // Both ask for ever when the logon cannot reach the value asked for.
  login.checks.remove('essential_acrs');
  login.checks.remove('essential_acr');
  login.checks.remove('claims_id_token_sub_value');
  login.checks.add(new Check('subject', 'another user was asked for', 'login_required', isSomebodyElse));
  login.checks.add(
    new Check(
      'address_gone',
      'the redirect address is not registered any more',
      'invalid_request',
      refuseRemovedAddress,
    ),
  );
  login.checks.add(new Check('account_gone', 'the user has to authenticate again', 'login_required', accountIsGone));
  login.checks.add(
    new Check('acr', 'the requested authentication level was not reached', 'login_required', acrIsMissing),
  );

  consent.checks.remove('consent_prompt');
  consent.checks.add(
    new Check('consent_prompt', 'consent was asked for', 'consent_required', (ctx) => consentWasAskedFor(ctx)),
    0,
  );
  consent.checks.remove('native_client_prompt');
  consent.checks.add(
    new Check(
      'command_line',
      'the command line asks each time',
      'consent_required',
      isUnansweredCommandLine,
      everythingAsked,
    ),
  );
  return policy;
}

/**
 * The app asked for one user (`id_token_hint`, or the `sub` claim with a value; OpenID Connect Core sections 3.1.2.1 and 5.5.1): anybody
 * else is asked to log on, once. A logon as somebody else ends in an error, never in their token.
 */
function isSomebodyElse({ oidc }: KoaContextWithOIDC): boolean {
  const hinted = oidc.result?.login === undefined ? undefined : requestState().hintedSubject;
  const claimed = (oidc.claims.id_token?.['sub'] as { value?: unknown } | null | undefined)?.value;
  const present = oidc.session?.accountId;
  const differs = [hinted, claimed].some((wanted) => wanted !== undefined && wanted !== present);
  if (differs && oidc.result?.login !== undefined)
    throw new errors.LoginRequired('somebody else than the requested user logged on');
  return differs;
}

/** A live session whose user was disabled or re-credentialed: the session check of the engine knows nothing of it. */
const accountIsGone = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.session?.accountId !== undefined && oidc.account === undefined;

/** The engine looks at the address when a request begins, and not again when it is resumed: it may have been removed since. */
function refuseRemovedAddress({ oidc }: KoaContextWithOIDC): boolean {
  const address = oidc.params?.['redirect_uri'];
  const client = oidc.client as Client;
  if (typeof address !== 'string' || !client.redirectUriAllowed(address)) throw new errors.InvalidRedirectUri();
  return false;
}

function acrIsMissing({ oidc }: KoaContextWithOIDC): boolean {
  const wanted = essentialAcrValues(oidc.claims);
  if (wanted.length === 0 || oidc.session?.accountId === undefined) return false;
  const reached = acrValues.indexOf(oidc.acr as (typeof acrValues)[number]);
  // A stronger logon satisfies a weaker wish.
  if (wanted.some((value) => acrValues.some((known, rank) => known === value && rank <= reached))) return false;
  const possible = wanted.some((value) => acrValues.some((known) => known === value));
  if (!possible || oidc.result?.login !== undefined) {
    throw new errors.UnmetAuthenticationRequirements('the requested authentication level cannot be reached');
  }
  return true;
}

/** OpenID Connect Core section 5.5.1.1: `acr` as an essential claim, with `value` or `values`. */
export function essentialAcrValues(claims: KoaContextWithOIDC['oidc']['claims']): string[] {
  const acr = claims.id_token?.['acr'] as { essential?: boolean; value?: unknown; values?: unknown } | null | undefined;
  if (acr?.essential !== true) return [];
  const values: unknown = acr.values ?? (acr.value === undefined ? [] : [acr.value]);
  if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) {
    throw new errors.InvalidRequest('claims.id_token.acr asks for no list of strings');
  }
  return values;
}

/**
 * RFC 8252 section 8.6: any program of a machine can be the command line, since it has no secret and listens on loopback. So nothing is
 * given to it without the user's word in this very request, whatever was consented to before.
 */
const isUnansweredCommandLine = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.client?.clientId === commandLineClientId && oidc.result?.consent === undefined;

/** The page names everything that is asked, and not only what earlier answers lack. */
function everythingAsked({ oidc }: KoaContextWithOIDC): Record<string, unknown> {
  const resources = Object.entries(oidc.resourceServers ?? {}).map(([resource, { scopes }]) => [
    resource,
    [...oidc.requestParamScopes].filter((scope) => scopes.has(scope)),
  ]);
  return {
    missingOIDCScope: [...oidc.requestParamOIDCScopes],
    missingResourceScopes: Object.fromEntries(resources) as Record<string, string[]>,
  };
}

function consentWasAskedFor({ oidc }: KoaContextWithOIDC): boolean {
  const client = oidc.client as Client;
  return oidc.prompts.has('consent') && oidc.promptPending('consent') && !isFirstParty(client);
}
