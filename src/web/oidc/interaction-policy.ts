import { type Client, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { mayLogOnFrom } from '../../domain/accounts/login-networks.ts';
import type { SecurityPreferences } from '../../domain/accounts/security-preferences.ts';
import { type AccountNames, isNameOf, parseLogonName } from '../../domain/logon/logon-name.ts';
import { findLogonUserById } from '../../domain/logon/logon-store.ts';
import type { Database } from '../../storage/db/database.ts';
import { requestInfo } from '../http/request-info.ts';
import { commandLineClientId } from './artefact-store.ts';
import { isFirstParty, requiredAcrOf } from './clients.ts';
import { type LevelWish, readLevel, readLevelWish, reachWithBinding, satisfies, worthTrying } from './levels.ts';
import { requestState } from './request-state.ts';

/** The account whose users are asked, and what it sets. */
export interface PolicyDeps {
  readonly db: Database;
  readonly logonDomain: string;
  readonly account: AccountNames;
  readonly preferences: Pick<SecurityPreferences, 'loginNetworkMasks' | 'allowUserToManageMFADevices'>;
}

/** The reason of a login prompt for which a live session's first factor is kept, where it is the only one (see logon/step-up.ts). */
export const levelReason = 'acr';

const { Check, base } = interactionPolicy;

/**
 * When the engine must ask the user something. Everything the logon requires happens inside the one `login` prompt; `consent` remains for
 * third-party apps, and for nobody's first-party app.
 */
export function createInteractionPolicy(deps: PolicyDeps): interactionPolicy.DefaultPolicy {
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
    new Check('network', 'users may not be signed in from here', 'login_required', (ctx) => isElsewhere(deps, ctx)),
  );
  login.checks.add(
    new Check('hint', 'another user was hinted at', 'login_required', (ctx) => hintsAtSomebodyElse(deps, ctx)),
  );
  login.checks.add(
    new Check(levelReason, 'the requested authentication level was not reached', 'login_required', (ctx) =>
      levelIsMissing(deps, ctx),
    ),
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

/** RAM's LoginNetworkMasks bind whoever is signed in already, too. */
function isElsewhere({ preferences }: PolicyDeps, { oidc, req }: KoaContextWithOIDC): boolean {
  if (oidc.session?.accountId === undefined) return false;
  return !mayLogOnFrom(preferences.loginNetworkMasks, requestInfo(req).sourceIp);
}

/**
 * `login_hint` names another user of this account than the one signed in: whoever sits there is asked, once. It is a hint and no demand
 * (OpenID Connect Core section 3.1.2.1), so nobody is refused for it.
 */
async function hintsAtSomebodyElse(
  { account, logonDomain }: PolicyDeps,
  { oidc }: KoaContextWithOIDC,
): Promise<boolean> {
  const hint = oidc.params?.['login_hint'];
  if (typeof hint !== 'string' || oidc.account === undefined || isAnswered(oidc) || oidc.prompts.has('none'))
    return false;
  const name = parseLogonName(hint, logonDomain);
  if (name === undefined || !isNameOf(account, name.accountName)) return false;
  const { preferred_username: present } = await oidc.account.claims('id_token', 'openid', {}, []);
  return typeof present === 'string' && present.toLowerCase() !== name.userName.toLowerCase();
}

/** Somebody has just logged on in this very request. */
const isAnswered = ({ result }: KoaContextWithOIDC['oidc']): boolean => result?.login !== undefined;

/**
 * The session is at a lower level than is asked for. What the app must have is asked for as long as its user can reach it, and else ends in
 * `unmet_authentication_requirements`: the logon is complete at no less, so there is no loop. What it would like is asked for once, if at all.
 */
async function levelIsMissing(deps: PolicyDeps, { oidc }: KoaContextWithOIDC): Promise<boolean> {
  const wish = levelWishOf(oidc);
  if (wish.needed === undefined) throw unmet();
  const { accountId: userId } = oidc.session ?? {};
  // Whoever is not signed in, or not any more, has to log on anyway.
  if (userId === undefined || oidc.account === undefined) return false;
  const reached = readLevel(oidc.acr);
  const isEnough = satisfies(reached, wish.needed);
  if (isEnough && (wish.preferred.length === 0 || wasTried(oidc))) return false;
  const user = await findLogonUserById(deps.db, deps.account.accountId, userId);
  if (user === undefined) return true;
  if (isEnough) return worthTrying(wish, user, reached) !== undefined;
  if (!satisfies(reachWithBinding(user, deps.preferences), wish.needed)) throw unmet();
  return true;
}

const unmet = () => new errors.UnmetAuthenticationRequirements('the requested authentication level cannot be reached');

/** Wishes are asked for once, of somebody who is there. */
const wasTried = ({ prompts, result }: KoaContextWithOIDC['oidc']): boolean =>
  prompts.has('none') || result?.login !== undefined || result?.['stepUp'] === 'declined';

const levelWishOf = ({ params, claims, client }: KoaContextWithOIDC['oidc']): LevelWish =>
  readLevelWish({
    acrValues: typeof params?.['acr_values'] === 'string' ? params['acr_values'] : '',
    claims,
    requiredAcr: client === undefined ? null : requiredAcrOf(client),
  });

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
