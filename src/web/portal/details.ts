import { listOwnGroups } from '../../domain/groups/list-own-groups.ts';
import { listOwnPolicies } from '../../domain/policies/list-own-policies.ts';
import { getOwnUser } from '../../domain/users/get-user.ts';
import type { PortalDetailsPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { perform, type PortalRoute, type PortalVisit } from './visit.ts';

export const detailPages: readonly PortalRoute[] = [{ section: 'details', path: '/details', show: detailsPage }];

async function detailsPage(visit: PortalVisit): Promise<PortalDetailsPage> {
  const [user, groups, policies, frame] = await Promise.all([
    perform(visit, getOwnUser, {}),
    perform(visit, listOwnGroups, {}),
    perform(visit, listOwnPolicies, {}),
    frameOf(visit, 'details'),
  ]);
  return {
    name: 'portal/details',
    ...frame,
    facts: [
      { label: 'portal.details.display-name', value: user.displayName },
      { label: 'portal.details.logon-name', value: user.logonName },
      { label: 'portal.details.email', value: user.email ?? undefined },
      { label: 'portal.details.phone', value: readablePhone(user.mobilePhone) },
      { label: 'portal.details.user-id', value: user.userId },
      { label: 'portal.details.account-id', value: visit.hosted.accountId },
    ],
    groups: groups.items.map(({ groupName, displayName }) => ({
      name: displayName ?? groupName,
      description: displayName === null || displayName === groupName ? undefined : groupName,
    })),
    policies: policies.items.map(({ policyName, description, throughGroup }) => ({
      name: policyName,
      description: description ?? undefined,
      throughGroup: throughGroup ?? undefined,
    })),
  };
}

/** RAM notes a number as `86-18600000000`. */
const readablePhone = (phone: string | null): string | undefined =>
  phone === null ? undefined : `+${phone.replace('-', ' ')}`;
