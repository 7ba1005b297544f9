import { z } from 'zod';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { listGroupPolicies } from '../policies/group-policies-store.ts';
import { requireRightOverPlatformAdministrators } from '../policies/platform-administrators.ts';
import { requireRightToLift } from '../policies/reaching-administrators.ts';
import { loadGroupStatements } from '../policies/statements-store.ts';
import { findSystemPolicy } from '../policies/system-policies.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { lockUser, touchUser } from '../users/users-store.ts';
import { groupNameField } from './group-fields.ts';
import { countGroupsOfUser, deleteMember, insertMember } from './group-members-store.ts';
import { groupResource } from './group-resource.ts';
import { lockedGroup } from './locked-group.ts';

const membershipInput = z.strictObject({ userName: userNameField, groupName: groupNameField });

type MembershipInput = z.infer<typeof membershipInput>;

/** RAM asks for the right over the user and over the group. */
const bothResources = ({ userName, groupName }: MembershipInput, caller: Caller) => [
  userResource(userName, caller),
  groupResource(groupName, caller),
];

/** `added` is false when the user was a member already. */
export const addUserToGroup: Operation<MembershipInput, undefined, { added: boolean }> = {
  name: 'AddUserToGroup',
  action: 'ram:AddUserToGroup',
  effect: 'change',
  input: membershipInput,
  resource: bothResources,
  auditDetails: ({ userName, groupName }, { added }) => ({ userName, groupName, added }),
  perform: async (context, input) => {
    const { accountId, userId, groupId } = await lockedBoth(context, input);
    await requireRightOverWhatItBrings(context, groupId);
    const added = await insertMember(context.db, { accountId, groupId, userId });
    if (added) await withinQuota(context, userId);
    if (added) await touchUser(context.db, userId);
    return { added };
  },
};

export const removeUserFromGroup: Operation<MembershipInput, undefined, void> = {
  name: 'RemoveUserFromGroup',
  action: 'ram:RemoveUserFromGroup',
  effect: 'change',
  input: membershipInput,
  resource: bothResources,
  auditDetails: ({ userName, groupName }) => ({ userName, groupName }),
  perform: async (context, input) =>
    await keepingAnAdministrator(context.db, context.caller.accountId, async () => {
      const { userId, groupId } = await lockedBoth(context, input);
      if (userId === context.caller.userId) await requireRightToLeave(context, input);
      if (!(await deleteMember(context.db, { groupId, userId }))) {
        throw new AppError('EntityNotExist.User.Group', 'The user is not in this group.');
      }
      await touchUser(context.db, userId);
    }),
};

async function lockedBoth(context: OperationContext, { userName, groupName }: MembershipInput) {
  const { groupId } = await lockedGroup(context, groupName);
  const user = await lockUser(context.db, context.caller.accountId, { userName });
  if (user === undefined) throw noSuchUser();
  return { groupId, userId: user.userId, accountId: user.accountId };
}

/** A group can hold what keeps its members from administrators. */
async function requireRightToLeave(context: OperationContext, { groupName }: MembershipInput): Promise<void> {
  const access = { action: removeUserFromGroup.action, resource: groupResource(groupName, context.caller) };
  await requireRightToLift(context, access, await loadGroupStatements(context, context.caller.accountId, groupName));
}

/** A group that makes platform administrators of its members is joined like the policy is attached. */
async function requireRightOverWhatItBrings(context: OperationContext, groupId: string): Promise<void> {
  const attached = await listGroupPolicies(context.db, groupId);
  const ofPlatform = attached.some(
    ({ policyType, policyName }) => policyType === 'system' && findSystemPolicy(policyName)?.platformOnly === true,
  );
  if (ofPlatform) await requireRightOverPlatformAdministrators(context);
}

/** RAM: 10 groups a user, unless the platform set another quota. */
async function withinQuota({ db, caller }: OperationContext, userId: string): Promise<void> {
  const { groupsPerUserQuota } = await loadQuotas(db, caller.accountId);
  if ((await countGroupsOfUser(db, userId)) > groupsPerUserQuota) {
    throw new AppError('LimitExceeded.User.Group', `A user is in at most ${groupsPerUserQuota} groups.`);
  }
}
