import type { z } from 'zod';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import { groupInput, groupNameField } from '../groups/group-fields.ts';
import { touchMembers } from '../groups/group-members-store.ts';
import { groupResource, noSuchGroup } from '../groups/group-resource.ts';
import { findGroup } from '../groups/groups-store.ts';
import { lockedGroup } from '../groups/locked-group.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { attachablePolicy, attachedName, requireWithin } from './attachable-policy.ts';
import { type AttachedPolicyView, viewAttachedPolicies } from './attached-policies.ts';
import { countGroupPolicies, deleteGroupPolicy, insertGroupPolicy, listGroupPolicies } from './group-policies-store.ts';
import { policyInput, type PolicyReference, policyResource } from './policy-fields.ts';
import { requireRightToLift } from './reaching-administrators.ts';
import { loadPolicyStatements } from './statements-store.ts';

const attachmentInput = policyInput.extend({ groupName: groupNameField });

type AttachmentInput = z.infer<typeof attachmentInput>;

/** RAM asks for the right over the group and over the policy. `attached` is false when it was already. */
export const attachPolicyToGroup: Operation<AttachmentInput, undefined, { attached: boolean }> = {
  name: 'AttachPolicyToGroup',
  action: 'ram:AttachPolicyToGroup',
  effect: 'change',
  input: attachmentInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  alsoRequires: (input, caller) => [{ action: 'ram:AttachPolicyToGroup', resource: policyResource(input, caller) }],
  auditDetails: ({ policyType, policyName }, { attached }) => ({ policyType, policyName, attached }),
  perform: async (context, { groupName, ...reference }) => {
    const { accountId, groupId } = await lockedGroup(context, groupName);
    const policy = await attachablePolicy(context, reference);
    const attached = await insertGroupPolicy(context.db, { accountId, groupId, ...policy });
    if (attached) await withinQuota(context, groupId, policy);
    if (attached) await touchMembers(context.db, groupId);
    return { attached };
  },
};

export const detachPolicyFromGroup: Operation<AttachmentInput, undefined, void> = {
  name: 'DetachPolicyFromGroup',
  action: 'ram:DetachPolicyFromGroup',
  effect: 'change',
  input: attachmentInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  alsoRequires: (input, caller) => [{ action: 'ram:DetachPolicyFromGroup', resource: policyResource(input, caller) }],
  auditDetails: ({ policyType, policyName }) => ({ policyType, policyName }),
  perform: async (context, input) => {
    await keepingAnAdministrator(context.db, context.caller.accountId, () => detach(context, input));
  },
};

async function detach(context: OperationContext, { groupName, ...reference }: AttachmentInput): Promise<void> {
  const { accountId, groupId } = await lockedGroup(context, groupName);
  const { policyType } = reference;
  const policyName = await attachedName(context, reference);
  // Before it is gone: the caller may be a member. Policies of the product that forbid something give something, too, so the group tells.
  if (policyType === 'custom') {
    const access = { action: detachPolicyFromGroup.action, resource: groupResource(groupName, context.caller) };
    await requireRightToLift(context, access, await loadPolicyStatements(context, accountId, policyName));
  }
  if (!(await deleteGroupPolicy(context.db, { groupId, policyType, policyName }))) {
    throw new AppError('EntityNotExist.Group.Policy', 'This policy is not attached to the group.');
  }
  await touchMembers(context.db, groupId);
}

/** Few (quotas), so they are answered whole. */
export const listPoliciesForGroup: Operation<
  z.infer<typeof groupInput>,
  undefined,
  { items: readonly AttachedPolicyView[] }
> = {
  name: 'ListPoliciesForGroup',
  action: 'ram:ListPoliciesForGroup',
  effect: 'read',
  input: groupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  perform: async ({ db, caller }, { groupName }) => {
    const group = await findGroup(db, caller.accountId, groupName);
    if (group === undefined) throw noSuchGroup();
    return { items: await viewAttachedPolicies(db, caller.accountId, await listGroupPolicies(db, group.groupId)) };
  },
};

/** RAM: 20 system and 10 custom policies a group, unless the platform set other quotas. */
async function withinQuota(
  { db, caller }: OperationContext,
  groupId: string,
  { policyType }: PolicyReference,
): Promise<void> {
  const quotas = await loadQuotas(db, caller.accountId);
  const most =
    policyType === 'system' ? quotas.attachedSystemPoliciesPerGroupQuota : quotas.attachedPoliciesPerGroupQuota;
  const count = await countGroupPolicies(db, { groupId, policyType });
  requireWithin(count, policyType, { code: 'LimitExceeded.Group.Policy', most, holder: 'group' });
}
