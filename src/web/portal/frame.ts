import { listOwnAccessKeys } from '../../domain/access-keys/own-access-keys.ts';
import type { PortalFrame } from '../views/pages/portal-pages.ts';
import { notices } from './notices.ts';
import { type SectionName, sectionAddress, sectionLabels, sectionNames } from './sections.ts';
import { addressOf, formSubject, may, type PortalVisit, principalOf } from './visit.ts';

/** What stands around a page of this part. Access keys are offered to those who may see theirs; any other part that is closed says so itself. */
export async function frameOf(visit: PortalVisit, section: SectionName): Promise<PortalFrame> {
  const { deps, hosted, refusal, notice } = visit;
  const hasAccessKeys = await may(visit, listOwnAccessKeys, {});
  const shown = sectionNames.filter((name) => name !== 'access-keys' || hasAccessKeys);
  return {
    principal: principalOf(visit),
    alias: hosted.currentAlias,
    signOutAction: addressOf(visit, '/sign-out'),
    csrf: deps.formTokens.issue(formSubject(visit)),
    sections: shown.map((name) => ({
      label: sectionLabels[name],
      href: sectionAddress(hosted, name),
      current: name === section,
    })),
    notice: notice === undefined ? undefined : notices[notice],
    faults: refusal?.faults ?? [],
    retryAfterSeconds: refusal?.retryAfterSeconds,
  };
}
