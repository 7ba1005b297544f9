import { AppError, type ErrorCode } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import { visiblePolicy } from './find-visible-policy.ts';
import { findPolicy } from './policies-store.ts';
import type { PolicyReference } from './policy-fields.ts';
import { requireRightOverPlatformAdministrators } from './platform-administrators.ts';
import { findSystemPolicy } from './system-policies.ts';

/**
 * The policy to attach, under the name it was made under. Throws `EntityNotExist.Policy`; one over the platform is given by those alone who
 * may make platform administrators. Behind the lock of the account, so that a custom policy cannot go while it is attached.
 */
export async function attachablePolicy(
  context: OperationContext,
  reference: PolicyReference,
): Promise<PolicyReference> {
  const policy = await visiblePolicy(context, reference);
  if (policy.policyType === 'system' && policy.system.platformOnly) {
    await requireRightOverPlatformAdministrators(context);
  }
  return { policyType: policy.policyType, policyName: policy.policyName };
}

/** The name that attachments of a policy bear. One that is not there keeps what was typed, and is attached to nobody. */
export async function attachedName(
  { db, caller }: OperationContext,
  { policyType, policyName }: PolicyReference,
): Promise<string> {
  const policy =
    policyType === 'system' ? findSystemPolicy(policyName) : await findPolicy(db, caller.accountId, policyName);
  return policy?.policyName ?? policyName;
}

interface Limit {
  readonly code: ErrorCode;
  readonly most: number;
  readonly holder: 'user' | 'group';
}

/** Throws when a user or a group has more policies of a type than they can have. */
export function requireWithin(count: number, policyType: PolicyReference['policyType'], limit: Limit): void {
  if (count <= limit.most) return;
  throw new AppError(limit.code, `A ${limit.holder} has at most ${limit.most} ${policyType} policies.`);
}
