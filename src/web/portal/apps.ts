import type { ConsentView } from '../../domain/consents/consent-changes.ts';
import { deleteOwnConsent, listOwnConsents } from '../../domain/consents/own-consents.ts';
import type { Form } from '../http/form-body.ts';
import { describeScopes } from '../views/scope-words.ts';
import type { PortalAppsPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { addressOf, type LeadOn, perform, type PortalRoute, type PortalVisit } from './visit.ts';

export const appPages: readonly PortalRoute[] = [
  { section: 'apps', path: '/apps', show: appsPage },
  { section: 'apps', path: '/apps/withdraw', act: withdraw, again: appsPage },
];

async function appsPage(visit: PortalVisit): Promise<PortalAppsPage> {
  const [{ items }, frame] = await Promise.all([perform(visit, listOwnConsents, {}), frameOf(visit, 'apps')]);
  return {
    name: 'portal/apps',
    ...frame,
    action: addressOf(visit, '/apps/withdraw'),
    apps: items.map(showApp),
  };
}

const showApp = ({ clientId, displayName, createdAt, scopes }: ConsentView): PortalAppsPage['apps'][number] => ({
  clientId,
  name: displayName,
  since: createdAt,
  scopes: describeScopes(scopes).map(({ title }) => title),
  offline: scopes.includes('offline_access'),
});

async function withdraw(visit: PortalVisit, form: Form): Promise<LeadOn> {
  await perform(visit, deleteOwnConsent, { clientId: form.get('app') });
  return { leadTo: '/apps', notice: 'consent-withdrawn' };
}
