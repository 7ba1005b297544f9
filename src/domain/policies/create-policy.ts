import { z } from 'zod';
import { lockAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { compilePolicy } from './compile-policy.ts';
import { countPolicies, insertPolicy, type PolicyRow } from './policies-store.ts';
import { policyDocumentField } from './policy-document-field.ts';
import { policyDescriptionField, policyNameField, policyResource } from './policy-fields.ts';
import { insertVersion } from './policy-versions-store.ts';
import { type PolicyView, viewPolicy } from './policy-view.ts';
import { requireRightToGive } from './reaching-administrators.ts';
import { findSystemPolicy } from './system-policies.ts';

const createPolicyInput = z.strictObject({
  policyName: policyNameField,
  description: policyDescriptionField.optional(),
  policyDocument: policyDocumentField,
});

type CreatePolicyInput = z.infer<typeof createPolicyInput>;

/** A custom policy with its first version. No name of a system policy, which would be taken for it. */
export const createPolicy: Operation<CreatePolicyInput, undefined, { policy: PolicyView }> = {
  name: 'CreatePolicy',
  action: 'ram:CreatePolicy',
  effect: 'change',
  input: createPolicyInput,
  resource: ({ policyName }, caller) => policyResource({ policyType: 'custom', policyName }, caller),
  auditDetails: () => ({ versionId: 'v1' }),
  perform: async (context, input) => {
    const { db, caller } = context;
    const { policyName, policyDocument } = input;
    const source = { policyType: 'custom', policyName } as const;
    const access = { action: createPolicy.action, resource: policyResource(source, caller) };
    await requireRightToGive(context, access, compilePolicy(policyDocument, source));
    const row = await insertWithinQuota(context, input);
    await insertVersion(db, row, { versionId: row.defaultVersionId, document: JSON.stringify(policyDocument) });
    return { policy: viewPolicy(row, 0) };
  },
};

async function insertWithinQuota(
  { db, caller: { accountId } }: OperationContext,
  { policyName, description }: CreatePolicyInput,
): Promise<PolicyRow> {
  await lockAccount(db, accountId);
  const isFree = findSystemPolicy(policyName) === undefined;
  const row = isFree ? await insertPolicy(db, { accountId, policyName, description: description ?? null }) : undefined;
  if (row === undefined) {
    const detail = 'A policy of this name exists already.';
    const faults = [{ pointer: '/policyName', code: 'EntityAlreadyExists.Policy', detail }];
    throw new AppError('EntityAlreadyExists.Policy', detail, { faults });
  }
  const { policiesQuota } = await loadQuotas(db, accountId);
  if ((await countPolicies(db, accountId)) > policiesQuota) {
    throw new AppError('LimitExceeded.Policy', `An account has at most ${policiesQuota} policies of its own.`);
  }
  return row;
}
