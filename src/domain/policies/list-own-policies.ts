import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { type AttachedPolicyView, viewAttachedPolicies } from './attached-policies.ts';
import { listPoliciesThroughGroups, listUserPolicies } from './user-policies-store.ts';

const noInput = z.strictObject({});

/** What the caller has been given, by name: their own and those of their groups. What is in them is for administrators. */
export const listOwnPolicies: Operation<
  z.infer<typeof noInput>,
  undefined,
  { items: readonly AttachedPolicyView[] }
> = {
  name: 'ListOwnPolicies',
  action: 'ram:ListPoliciesForUser',
  effect: 'read',
  selfService: true,
  input: noInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  perform: async ({ db, caller }) => {
    const [own, throughGroups] = await Promise.all([
      listUserPolicies(db, caller.userId),
      listPoliciesThroughGroups(db, caller.userId),
    ]);
    return { items: await viewAttachedPolicies(db, caller.accountId, [...own, ...throughGroups]) };
  },
};
