import { z } from 'zod';
import { lockAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser, lockUser, touchUser, type UserRow } from '../users/users-store.ts';
import { attachablePolicy, attachedName, requireWithin } from './attachable-policy.ts';
import { type AttachedPolicyView, viewAttachedPolicies } from './attached-policies.ts';
import { policyInput, type PolicyReference, policyResource } from './policy-fields.ts';
import { requireRightToLift } from './reaching-administrators.ts';
import { loadPolicyStatements } from './statements-store.ts';
import {
  countUserPolicies,
  deleteUserPolicy,
  insertUserPolicy,
  listPoliciesThroughGroups,
  listUserPolicies,
} from './user-policies-store.ts';

const attachmentInput = policyInput.extend({ userName: userNameField });

type AttachmentInput = z.infer<typeof attachmentInput>;

/** RAM asks for the right over the user and over the policy. `attached` is false when it was already. */
export const attachPolicyToUser: Operation<AttachmentInput, undefined, { attached: boolean }> = {
  name: 'AttachPolicyToUser',
  action: 'ram:AttachPolicyToUser',
  effect: 'change',
  input: attachmentInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  alsoRequires: (input, caller) => [{ action: 'ram:AttachPolicyToUser', resource: policyResource(input, caller) }],
  auditDetails: ({ policyType, policyName }, { attached }) => ({ policyType, policyName, attached }),
  perform: async (context, { userName, ...reference }) => {
    await lockAccount(context.db, context.caller.accountId);
    const policy = await attachablePolicy(context, reference);
    const { accountId, userId } = await lockedUser(context, userName);
    const attached = await insertUserPolicy(context.db, { accountId, userId, ...policy });
    if (attached) await withinQuota(context, userId, policy);
    if (attached) await touchUser(context.db, userId);
    return { attached };
  },
};

export const detachPolicyFromUser: Operation<AttachmentInput, undefined, void> = {
  name: 'DetachPolicyFromUser',
  action: 'ram:DetachPolicyFromUser',
  effect: 'change',
  input: attachmentInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  alsoRequires: (input, caller) => [{ action: 'ram:DetachPolicyFromUser', resource: policyResource(input, caller) }],
  auditDetails: ({ policyType, policyName }) => ({ policyType, policyName }),
  perform: async (context, input) => {
    await keepingAnAdministrator(context.db, context.caller.accountId, () => detach(context, input));
  },
};

async function detach(context: OperationContext, { userName, ...reference }: AttachmentInput): Promise<void> {
  const { accountId, userId } = await lockedUser(context, userName);
  const { policyType } = reference;
  const policyName = await attachedName(context, reference);
  // Before it is gone. Policies of the product that forbid something give something, too, so the right over the policy tells.
  if (userId === context.caller.userId && policyType === 'custom') {
    const access = { action: detachPolicyFromUser.action, resource: userResource(userName, context.caller) };
    await requireRightToLift(context, access, await loadPolicyStatements(context, accountId, policyName));
  }
  if (!(await deleteUserPolicy(context.db, { userId, policyType, policyName }))) {
    throw new AppError('EntityNotExist.User.Policy', 'This policy is not attached to the user.');
  }
  await touchUser(context.db, userId);
}

const listInput = z.strictObject({ userName: userNameField });

/** The user's own and those of the user's groups. Few (quotas), so they are answered whole. */
export const listPoliciesForUser: Operation<
  z.infer<typeof listInput>,
  undefined,
  { items: readonly AttachedPolicyView[] }
> = {
  name: 'ListPoliciesForUser',
  action: 'ram:ListPoliciesForUser',
  effect: 'read',
  input: listInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  perform: async ({ db, caller }, { userName }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    const own = await listUserPolicies(db, user.userId);
    const throughGroups = await listPoliciesThroughGroups(db, user.userId);
    return { items: await viewAttachedPolicies(db, caller.accountId, [...own, ...throughGroups]) };
  },
};

/** RAM: 20 system and 10 custom policies a user, unless the platform set other quotas. */
async function withinQuota(
  { db, caller }: OperationContext,
  userId: string,
  { policyType }: PolicyReference,
): Promise<void> {
  const quotas = await loadQuotas(db, caller.accountId);
  const most =
    policyType === 'system' ? quotas.attachedSystemPoliciesPerUserQuota : quotas.attachedPoliciesPerUserQuota;
  const count = await countUserPolicies(db, { userId, policyType });
  requireWithin(count, policyType, { code: 'LimitExceeded.User.Policy', most, holder: 'user' });
}

async function lockedUser({ db, caller }: Pick<OperationContext, 'db' | 'caller'>, userName: string): Promise<UserRow> {
  const user = await lockUser(db, caller.accountId, { userName });
  if (user === undefined) throw noSuchUser();
  return user;
}
