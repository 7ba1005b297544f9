import { listOwnGroups } from '../../domain/groups/list-own-groups.ts';
import { listOwnPolicies } from '../../domain/policies/list-own-policies.ts';
import { listOf } from './answer-schemas.ts';
import { attachedPolicyBody, presentAttachedPolicy } from './attached-policy-body.ts';
import { groupOfUserBody, presentGroupOfUser } from './groups.ts';
import { route, routeGroup } from './route.ts';

export const ownRightsRoutes = routeGroup('Own rights', 'What the caller belongs to and has been given.', [
  route('GET /me/groups', listOwnGroups, {
    summary: "List the caller's groups",
    answer: listOf(groupOfUserBody),
    present: ({ items }) => ({ items: items.map(presentGroupOfUser) }),
  }),
  route('GET /me/policies', listOwnPolicies, {
    summary: "List the caller's policies",
    description: "Those attached to the caller, and those that the caller's groups have.",
    answer: listOf(attachedPolicyBody),
    present: ({ items }) => ({ items: items.map(presentAttachedPolicy) }),
  }),
]);
