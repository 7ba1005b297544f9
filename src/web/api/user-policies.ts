import {
  attachPolicyToUser,
  detachPolicyFromUser,
  listPoliciesForUser,
} from '../../domain/policies/user-policy-operations.ts';
import { listOf } from './answer-schemas.ts';
import { attachedPolicyBody, presentAttachedPolicy } from './attached-policy-body.ts';
import { route, routeGroup } from './route.ts';

const path = '/users/:userName/policies';

export const userPolicyRoutes = routeGroup('Policies of users', 'What a user may do.', [
  route(`GET ${path}`, listPoliciesForUser, {
    summary: 'List the policies of a user',
    description: "Those attached to the user, and those that the user's groups have.",
    answer: listOf(attachedPolicyBody),
    present: ({ items }) => ({ items: items.map(presentAttachedPolicy) }),
    refuses: ['EntityNotExist.User'],
  }),
  route(`PUT ${path}/:policyType/:policyName`, attachPolicyToUser, {
    summary: 'Attach a policy to a user',
    description: 'Also answered 204 when it was attached already.',
    refuses: ['EntityNotExist.User', 'EntityNotExist.Policy', 'LimitExceeded.User.Policy'],
  }),
  route(`DELETE ${path}/:policyType/:policyName`, detachPolicyFromUser, {
    summary: 'Detach a policy from a user',
    refuses: ['EntityNotExist.User', 'EntityNotExist.User.Policy', 'DeleteConflict.LastAdministrator'],
  }),
]);
