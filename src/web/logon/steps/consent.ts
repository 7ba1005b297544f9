import { findConsent, upsertConsent } from '../../../domain/consents/consents-store.ts';
import type { ConsentPage } from '../../views/pages/logon-pages.ts';
import { describeScopes } from '../../views/scope-words.ts';
import { claimsByScope } from '../../oidc/account-claims.ts';
import { isBuiltInClient } from '../../oidc/artefact-store.ts';
import { clientOrigin } from '../../oidc/clients.ts';
import { managementScopes } from '../../oidc/engine-settings.ts';
import { noteGrant } from '../../oidc/grants.ts';
import { recordConsent } from '../logon-audit.ts';
import { type LogonStep, principalOf, requestParameter, type Visit, visitUser } from '../visit.ts';

/** What the engine found to be missing from what was granted so far. */
interface Missing {
  readonly missingOIDCScope?: readonly string[];
  readonly missingOIDCClaims?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

const missingOf = ({ interaction }: Visit): Missing => interaction.prompt.details as Missing;

/** Of what is missing for the API: what the application may have as it is now, whatever it might have had when it asked. */
function grantableResourceScopes(visit: Visit): [resource: string, scopes: string[]][] {
  const origin = clientOrigin(visit.app.client);
  const access = origin.kind === 'application' ? origin.application.apiAccess : 'none';
  const present: readonly string[] = access === 'none' ? [] : managementScopes[access];
  return Object.entries(missingOf(visit).missingResourceScopes ?? {}).map(([resource, scopes]) => [
    resource,
    scopes.filter((scope) => present.includes(scope)),
  ]);
}

/** Names of single claims that were asked for (OpenID Connect Core section 5.5). The engine has checked the form. */
function askedClaims({ interaction }: Visit): string[] {
  const asked = JSON.parse(requestParameter(interaction, 'claims') || '{}') as Record<
    string,
    object | null | undefined
  >;
  return ['userinfo', 'id_token'].flatMap((target) => Object.keys(asked[target] ?? {}));
}

/** The OIDC scopes that were asked for by name. */
const askedScopes = ({ interaction }: Visit): string[] =>
  requestParameter(interaction, 'scope')
    .split(' ')
    .filter((scope) => scope === 'offline_access' || Object.hasOwn(claimsByScope, scope));

/** Those, and the ones that the single claims belong to. */
function scopesToShow(visit: Visit): string[] {
  const claims = new Set([...askedClaims(visit), ...(missingOf(visit).missingOIDCClaims ?? [])]);
  const ofClaims = Object.keys(claimsByScope).filter((scope) =>
    claimsByScope[scope]?.some((claim) => claims.has(claim)),
  );
  return [...askedScopes(visit), ...ofClaims];
}

/** Whether a third-party app may have what it asks for. */
export const consentStep: LogonStep = {
  name: 'consent',
  isDue: ({ purpose }) => purpose === 'consent',
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    if (form.get('decision') !== 'approve') {
      await recordConsent(visit, { given: false });
      return { outcome: 'answer', result: { error: 'access_denied', error_description: 'the user did not consent' } };
    }
    const grantId = await grant(visit);
    const scopes = [...askedScopes(visit), ...grantableResourceScopes(visit).flatMap(([, allowed]) => allowed)];
    await recordConsent(visit, { given: true, scopes });
    return { outcome: 'answer', result: { consent: { grantId } } };
  },
};

/** Saves what was agreed to: in the engine's grant for this session, and on the user for later ones, but for access to the API. */
async function grant(visit: Visit): Promise<string> {
  const { hosted, interaction, app } = visit;
  const { accountId, userId } = visitUser(visit);
  const { clientId } = app.client;
  const missing = missingOf(visit);
  const known = interaction.grantId === undefined ? undefined : await hosted.provider.Grant.find(interaction.grantId);
  const engineGrant = known ?? new hosted.provider.Grant({ accountId: userId, clientId });
  // A grant that died since the question was asked (the application was changed) held what the page showed as well.
  const scopes = known === undefined ? askedScopes(visit) : (missing.missingOIDCScope ?? []);
  if (scopes.length > 0) engineGrant.addOIDCScope(scopes.join(' '));
  if (missing.missingOIDCClaims !== undefined) engineGrant.addOIDCClaims([...missing.missingOIDCClaims]);
  for (const [resource, allowed] of grantableResourceScopes(visit)) {
    if (allowed.length > 0) engineGrant.addResourceScope(resource, allowed.join(' '));
  }
  delete (engineGrant as { exp?: number }).exp;
  engineGrant.client = app.client;
  const grantId = await engineGrant.save();
  // What belongs to no application of the account is asked each time.
  if (isBuiltInClient(clientId)) return grantId;
  await noteGrant({ ephemeral: visit.deps.ephemeral, ...hosted }, engineGrant);
  const before = await findConsent(visit.deps.db, userId, clientId);
  await upsertConsent(
    visit.deps.db,
    { accountId, userId, clientId },
    {
      scopes: [...new Set([...(before?.scopes ?? []), ...engineGrant.getOIDCScope().split(' ').filter(Boolean)])],
    },
  );
  return grantId;
}

function apiAccessToShow(visit: Visit): 'read' | 'full' | undefined {
  const scopes = grantableResourceScopes(visit).flatMap(([, allowed]) => allowed);
  if (scopes.includes('management:full')) return 'full';
  return scopes.length > 0 ? 'read' : undefined;
}

function page(visit: Visit): ConsentPage {
  const { app, interaction } = visit;
  const shown = scopesToShow(visit);
  const redirect = URL.parse(requestParameter(interaction, 'redirect_uri'));
  return {
    name: 'logon/consent',
    action: visit.action,
    csrf: visit.csrf,
    principal: principalOf(visit),
    appName: app.name ?? app.client.clientId,
    redirectHost: redirect === null ? '' : redirect.host || redirect.protocol.replace(':', ''),
    scopes: describeScopes(shown),
    offline: shown.includes('offline_access'),
    apiAccess: apiAccessToShow(visit),
  };
}
