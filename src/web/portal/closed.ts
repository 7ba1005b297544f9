import { findAccountSettings } from '../../domain/accounts/account-settings-store.ts';
import type { PortalClosedPage } from '../views/pages/portal-pages.ts';
import type { Wording } from '../views/translate.ts';
import { frameOf } from './frame.ts';
import { type SectionName, sectionLabels } from './sections.ts';
import type { PortalVisit } from './visit.ts';

/** In place of a part that is closed to the user: says so, and whom to ask. */
export async function closedPage(
  visit: PortalVisit,
  section: SectionName,
  message: Wording = 'portal.closed',
): Promise<PortalClosedPage> {
  const [settings, frame] = await Promise.all([
    findAccountSettings(visit.deps.db, visit.hosted.accountId),
    frameOf(visit, section),
  ]);
  return {
    name: 'portal/closed',
    ...frame,
    title: sectionLabels[section],
    message,
    helpText: settings?.helpText ?? undefined,
  };
}
