import {
  attachPolicyToGroup,
  detachPolicyFromGroup,
  listPoliciesForGroup,
} from '../../domain/policies/group-policy-operations.ts';
import { listOf } from './answer-schemas.ts';
import { attachedPolicyBody, presentAttachedPolicy } from './attached-policy-body.ts';
import { route, routeGroup } from './route.ts';

const path = '/groups/:groupName/policies';

export const groupPolicyRoutes = routeGroup('Policies of groups', 'What every member of a group may do.', [
  route(`GET ${path}`, listPoliciesForGroup, {
    summary: 'List the policies attached to a group',
    answer: listOf(attachedPolicyBody),
    present: ({ items }) => ({ items: items.map(presentAttachedPolicy) }),
    refuses: ['EntityNotExist.Group'],
  }),
  route(`PUT ${path}/:policyType/:policyName`, attachPolicyToGroup, {
    summary: 'Attach a policy to a group',
    description: 'Also answered 204 when it was attached already.',
    refuses: ['EntityNotExist.Group', 'EntityNotExist.Policy', 'LimitExceeded.Group.Policy'],
  }),
  route(`DELETE ${path}/:policyType/:policyName`, detachPolicyFromGroup, {
    summary: 'Detach a policy from a group',
    refuses: ['EntityNotExist.Group', 'EntityNotExist.Group.Policy', 'DeleteConflict.LastAdministrator'],
  }),
]);
