import { z } from 'zod';
import { type Page, pageFields, readPage } from '../list-page.ts';
import type { Operation } from '../operation.ts';
import { visiblePolicy } from './find-visible-policy.ts';
import { listEntities, type PolicyEntity } from './policy-attachments-store.ts';
import { policyInput, policyResource } from './policy-fields.ts';

const listEntitiesForPolicyInput = policyInput.extend({
  entityType: z.enum(['user', 'group']).optional(),
  ...pageFields,
});

/** The groups and users that a policy is attached to, in this order, each by name. */
export const listEntitiesForPolicy: Operation<
  z.infer<typeof listEntitiesForPolicyInput>,
  undefined,
  Page<PolicyEntity>
> = {
  name: 'ListEntitiesForPolicy',
  action: 'ram:ListEntitiesForPolicy',
  effect: 'read',
  input: listEntitiesForPolicyInput,
  resource: policyResource,
  perform: async (context, { entityType, limit, cursor, ...reference }) => {
    const { db, keyRing, caller } = context;
    const { policyType, policyName } = await visiblePolicy(context, reference);
    const policy = { accountId: caller.accountId, policyType, policyName };
    const list = ['policyEntities', policyType, policyName, entityType];
    return await readPage(keyRing, {
      ...{ place: { accountId: caller.accountId, list }, limit, cursor },
      read: (afterKey, most) => listEntities(db, policy, { entityType, afterKey, limit: most }),
      keyOf: (entity) => entity.key,
    });
  },
};
