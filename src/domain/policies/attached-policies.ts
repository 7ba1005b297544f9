import type { Database } from '../../storage/db/database.ts';
import { findPolicies } from './policies-store.ts';
import type { PolicyReference } from './policy-fields.ts';
import { systemVersionId } from './policy-view.ts';
import { findSystemPolicy } from './system-policies.ts';

/** A policy that a user or a group has, as callers see it. */
export interface AttachedPolicyView extends PolicyReference {
  readonly description: string | null;
  readonly defaultVersionId: string;
  readonly attachedAt: Date;
  /** The group that a user has it by; null where it is attached itself. */
  readonly throughGroup: string | null;
}

interface Attachment extends PolicyReference {
  readonly createdAt: Date;
  readonly throughGroup?: string;
}

/** With what the policies say of themselves, in the order given. */
export async function viewAttachedPolicies(
  db: Database,
  accountId: string,
  attachments: readonly Attachment[],
): Promise<AttachedPolicyView[]> {
  const names = attachments.flatMap(({ policyType, policyName }) => (policyType === 'custom' ? [policyName] : []));
  const custom = new Map(
    (await findPolicies(db, accountId, [...new Set(names)])).map((policy) => [policy.policyName, policy]),
  );
  return attachments.map(({ policyType, policyName, createdAt, throughGroup = null }) => {
    const policy = policyType === 'system' ? findSystemPolicy(policyName) : custom.get(policyName);
    const defaultVersionId = custom.get(policyName)?.defaultVersionId ?? systemVersionId;
    return {
      ...{ policyType, policyName, description: policy?.description ?? null, attachedAt: createdAt, throughGroup },
      defaultVersionId: policyType === 'system' ? systemVersionId : defaultVersionId,
    };
  });
}
