import {
  attachPolicyToUser,
  detachPolicyFromUser,
  listPoliciesForUser,
} from '../../domain/policies/user-policy-operations.ts';
import { requireNothing } from './query.ts';
import { type ApiRequest, gone, ok, type Reading, type Route, route } from './route.ts';

const path = '/users/:userName/policies';

export const userPolicyRoutes: readonly Route[] = [
  route(
    `GET ${path}`,
    listPoliciesForUser,
    ({ params }) => ({ input: { userName: params['userName'] } }),
    ({ items }) => ok({ items: items.map(presentAttachment) }),
  ),
  route(`PUT ${path}/:policyType/:policyName`, attachPolicyToUser, readAttachment, gone),
  route(`DELETE ${path}/:policyType/:policyName`, detachPolicyFromUser, readAttachment, gone),
];

function readAttachment({ params, body }: ApiRequest): Reading {
  requireNothing(body);
  const { userName, policyType, policyName } = params;
  return { input: { userName, policyType, policyName } };
}

const presentAttachment = ({
  policyType,
  policyName,
  createdAt,
}: {
  policyType: string;
  policyName: string;
  createdAt: Date;
}) => ({
  policyType,
  policyName,
  attachedAt: createdAt,
});
