import { findConsent, upsertConsent } from '../../../domain/consents/consents-store.ts';
import type { ConsentPage } from '../../views/pages.ts';
import { clientOrigin } from '../../oidc/clients.ts';
import { type LogonStep, principalOf, requestParameter, type Visit, visitUser } from '../visit.ts';
import { describeScopes } from './scope-words.ts';

/** What the engine found to be missing from what was granted so far. */
interface Missing {
  readonly missingOIDCScope?: readonly string[];
  readonly missingOIDCClaims?: readonly string[];
  readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
}

const missingOf = ({ interaction }: Visit): Missing => interaction.prompt.details as Missing;

/** Whether a third-party app may have what it asks for. */
export const consentStep: LogonStep = {
  name: 'consent',
  isDue: ({ purpose }) => purpose === 'consent',
  show: (visit) => page(visit),
  submit: async (visit, form) => {
    if (form.get('decision') !== 'approve') {
      return { outcome: 'answer', result: { error: 'access_denied', error_description: 'the user did not consent' } };
    }
    return { outcome: 'answer', result: { consent: { grantId: await grant(visit) } } };
  },
};

/** Saves what was agreed to: in the engine's grant for this session, and on the user for later ones. */
async function grant(visit: Visit): Promise<string> {
  const { hosted, interaction, app } = visit;
  const { accountId, userId } = visitUser(visit);
  const { clientId } = app.client;
  const missing = missingOf(visit);
  const known = interaction.grantId === undefined ? undefined : await hosted.provider.Grant.find(interaction.grantId);
  const engineGrant = known ?? new hosted.provider.Grant({ accountId: userId, clientId });
  if (missing.missingOIDCScope !== undefined) engineGrant.addOIDCScope(missing.missingOIDCScope.join(' '));
  if (missing.missingOIDCClaims !== undefined) engineGrant.addOIDCClaims([...missing.missingOIDCClaims]);
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) {
    engineGrant.addResourceScope(resource, scopes.join(' '));
  }
  delete (engineGrant as { exp?: number }).exp;
  engineGrant.client = app.client;
  const grantId = await engineGrant.save();
  const before = await findConsent(visit.deps.db, userId, clientId);
  await upsertConsent(visit.deps.db, { accountId, userId, clientId }, {
    scopes: [...new Set([...(before?.scopes ?? []), ...engineGrant.getOIDCScope().split(' ').filter(Boolean)])],
    resources: { ...before?.resources, ...mapValues(missing.missingResourceScopes) },
  });
  return grantId;
}

const mapValues = (resources: Missing['missingResourceScopes'] = {}): Record<string, string[]> =>
  Object.fromEntries(Object.entries(resources).map(([resource, scopes]) => [resource, [...scopes]]));

function page(visit: Visit): ConsentPage {
  const { app, interaction } = visit;
  const origin = clientOrigin(app.client);
  const asked = requestParameter(interaction, 'scope').split(' ');
  const redirect = URL.parse(requestParameter(interaction, 'redirect_uri'));
  const asksForApi = Object.keys(missingOf(visit).missingResourceScopes ?? {}).length > 0;
  const apiAccess = origin.kind === 'application' && origin.application.apiAccess !== 'none' ? origin.application.apiAccess : undefined;
  return {
    name: 'logon/consent',
    action: visit.action,
    csrf: visit.csrf,
    principal: principalOf(visit),
    appName: app.name ?? app.client.clientId,
    redirectHost: redirect === null ? '' : redirect.host || redirect.protocol.replace(':', ''),
    scopes: describeScopes(asked),
    offline: asked.includes('offline_access'),
    apiAccess: asksForApi ? apiAccess : undefined,
  };
}
