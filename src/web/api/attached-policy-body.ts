import { z } from 'zod';
import type { AttachedPolicyView } from '../../domain/policies/attached-policies.ts';
import { instant } from './answer-schemas.ts';

/** A policy that a user or a group has. */
export const attachedPolicyBody = z
  .object({
    policyType: z.enum(['system', 'custom']),
    policyName: z.string().meta({ examples: ['wiki-editors'] }),
    description: z.string().nullable(),
    defaultVersionId: z.string().meta({ description: 'The version that counts.', examples: ['v1'] }),
    attachedAt: instant,
    throughGroup: z
      .string()
      .nullable()
      .meta({
        description: 'The group that a user has it by; null where it is attached itself.',
        examples: ['developers'],
      }),
  })
  .meta({ id: 'AttachedPolicy' });

export function presentAttachedPolicy(policy: AttachedPolicyView): z.infer<typeof attachedPolicyBody> {
  return {
    policyType: policy.policyType,
    policyName: policy.policyName,
    description: policy.description,
    defaultVersionId: policy.defaultVersionId,
    attachedAt: policy.attachedAt,
    throughGroup: policy.throughGroup,
  };
}
