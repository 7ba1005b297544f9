import { z } from 'zod';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { deletePolicy as deletePolicyRow, findPolicy, type PolicyRow } from './policies-store.ts';
import { countAttachments, deleteAttachments, touchHolders } from './policy-attachments-store.ts';
import { customPolicyInput, noSuchPolicy, policyResource } from './policy-fields.ts';
import { countVersions } from './policy-versions-store.ts';
import { requireRightToLift } from './reaching-administrators.ts';
import { loadPolicyStatements } from './statements-store.ts';

const deletePolicyInput = customPolicyInput.extend({
  /** Also detaches it everywhere and deletes its versions, and is content when there is no such policy. */
  cascade: z.boolean().default(false),
});

/** Without `cascade`, refused with every conflict at once while it is attached or has versions beside the default one. */
export const deletePolicy: Operation<z.infer<typeof deletePolicyInput>, undefined, { deleted: boolean }> = {
  name: 'DeletePolicy',
  action: 'ram:DeletePolicy',
  effect: 'change',
  input: deletePolicyInput,
  resource: policyResource,
  auditDetails: ({ cascade }, { deleted }) => ({ cascade, deleted }),
  perform: async (context, input) => {
    const { db, caller } = context;
    await lockAccount(db, caller.accountId);
    const row = await findPolicy(db, caller.accountId, input.policyName);
    if (row === undefined) {
      if (input.cascade) return { deleted: false };
      throw noSuchPolicy();
    }
    if (!input.cascade) await refuseWhileSomethingHangsOn(db, row);
    await remove(context, row);
    return { deleted: true };
  },
};

async function remove(context: OperationContext, row: PolicyRow): Promise<void> {
  const { accountId, policyName } = row;
  const policy = { accountId, policyType: 'custom', policyName } as const;
  const access = { action: deletePolicy.action, resource: policyResource(policy, context.caller) };
  await requireRightToLift(context, access, await loadPolicyStatements(context, accountId, policyName));
  await touchHolders(context.db, policy);
  await deleteAttachments(context.db, policy);
  await deletePolicyRow(context.db, accountId, policyName);
}

async function refuseWhileSomethingHangsOn(db: OperationContext['db'], row: PolicyRow): Promise<void> {
  const { users, groups } = await countAttachments(db, { policyType: 'custom', ...row });
  const versions = await countVersions(db, row);
  const conflicts = [
    { code: 'DeleteConflict.Policy.User', detail: `The policy is attached to users (${users}).`, there: users > 0 },
    { code: 'DeleteConflict.Policy.Group', detail: `The policy is attached to groups (${groups}).`, there: groups > 0 },
    { code: 'DeleteConflict.Policy.Version', detail: 'The policy has further versions.', there: versions > 1 },
  ].filter(({ there }) => there);
  if (conflicts.length === 0) return;
  const faults = conflicts.map(({ code, detail }) => ({ pointer: '', code, detail }));
  throw new AppError(
    'DeleteConflict.Policy',
    'Something still hangs on this policy; see errors, or delete with cascade.',
    { faults },
  );
}
