import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { lockedPolicy } from './find-visible-policy.ts';
import { updatePolicy } from './policies-store.ts';
import { countAttachments } from './policy-attachments-store.ts';
import { customPolicyInput, policyDescriptionField, policyResource } from './policy-fields.ts';
import { type PolicyView, viewPolicy } from './policy-view.ts';

/** `null` removes, as in a JSON merge patch (RFC 7396). */
const updatePolicyDescriptionInput = customPolicyInput.extend({
  changes: z.strictObject({ description: policyDescriptionField.nullable().optional() }),
});

export const updatePolicyDescription: Operation<z.infer<typeof updatePolicyDescriptionInput>, undefined, PolicyView> = {
  name: 'UpdatePolicyDescription',
  action: 'ram:UpdatePolicyDescription',
  effect: 'change',
  input: updatePolicyDescriptionInput,
  resource: policyResource,
  auditDetails: ({ changes }) => ({ changed: Object.keys(changes) }),
  perform: async (context, { policyName, changes: { description } }) => {
    const found = await lockedPolicy(context, policyName);
    const row = description === undefined ? found : await updatePolicy(context.db, found, { description });
    const { users, groups } = await countAttachments(context.db, { policyType: 'custom', ...row });
    return viewPolicy(row, users + groups);
  },
};
