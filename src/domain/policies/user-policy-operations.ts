import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../storage/db/database.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser, lockUser, touchUser, type UserRow } from '../users/users-store.ts';
import { requireRightOverPlatformAdministrators } from './platform-administrators.ts';
import { findSystemPolicy, type SystemPolicy } from './system-policies.ts';
import {
  countUserPolicies,
  deleteUserPolicy,
  insertUserPolicy,
  listUserPolicies,
  type UserPolicyRow,
} from './user-policies-store.ts';

/** RAM: system policies per user. */
const systemPoliciesPerUser = 20;

const attachmentInput = z.strictObject({
  userName: userNameField,
  policyType: z.enum(['system', 'custom']),
  policyName: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Za-z0-9-]*$/, { error: 'A policy name has letters, digits and hyphens only.' }),
});

type AttachmentInput = z.infer<typeof attachmentInput>;

/** RAM: system policies belong to the account `system`. */
const policyResource = ({ policyType, policyName }: AttachmentInput, accountId: string): string =>
  `acs:ram:*:${policyType === 'system' ? 'system' : accountId}:policy/${policyName}`;

const noSuchPolicy = () => new AppError('EntityNotExist.Policy', 'This policy does not exist.');

/** RAM asks for the right over the user and over the policy. `attached` is false when it was already. */
export const attachPolicyToUser: Operation<AttachmentInput, undefined, { attached: boolean }> = {
  name: 'AttachPolicyToUser',
  action: 'ram:AttachPolicyToUser',
  effect: 'change',
  input: attachmentInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  alsoRequires: (input, caller) => [
    { action: 'ram:AttachPolicyToUser', resource: policyResource(input, caller.accountId) },
  ],
  auditDetails: ({ policyType, policyName }, { attached }) => ({ policyType, policyName, attached }),
  perform: async (context, input) => {
    const policy = await attachablePolicy(context, input);
    const user = await lockedUser(context, input.userName);
    const { accountId, userId } = user;
    const attached = await insertUserPolicy(context.db, {
      accountId,
      userId,
      policyType: 'system',
      policyName: policy.policyName,
    });
    if ((await countUserPolicies(context.db, { userId, policyType: 'system' })) > systemPoliciesPerUser) {
      throw new AppError('LimitExceeded.User.Policy', `A user has at most ${systemPoliciesPerUser} system policies.`);
    }
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
  alsoRequires: (input, caller) => [
    { action: 'ram:DetachPolicyFromUser', resource: policyResource(input, caller.accountId) },
  ],
  auditDetails: ({ policyType, policyName }) => ({ policyType, policyName }),
  perform: async (context, { userName, policyType, policyName }) => {
    await keepingAnAdministrator(context.db, context.caller.accountId, async () => {
      const { userId } = await lockedUser(context, userName);
      const canonicalName = findSystemPolicy(policyName)?.policyName ?? policyName;
      if (!(await deleteUserPolicy(context.db, { userId, policyType, policyName: canonicalName }))) {
        throw new AppError('EntityNotExist.User.Policy', 'This policy is not attached to the user.');
      }
      await touchUser(context.db, userId);
    });
  },
};

const listInput = z.strictObject({ userName: userNameField });

export const listPoliciesForUser: Operation<
  z.infer<typeof listInput>,
  undefined,
  { items: readonly UserPolicyRow[] }
> = {
  name: 'ListPoliciesForUser',
  action: 'ram:ListPoliciesForUser',
  effect: 'read',
  input: listInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  perform: async ({ db, caller }, { userName }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    return { items: await listUserPolicies(db, user.userId) };
  },
};

/** A platform policy exists in the platform account only, and is given by those alone who may make platform administrators. */
async function attachablePolicy(
  context: Pick<OperationContext, 'db' | 'caller'>,
  input: AttachmentInput,
): Promise<SystemPolicy> {
  const policy = input.policyType === 'system' ? findSystemPolicy(input.policyName) : undefined;
  if (policy === undefined) throw noSuchPolicy();
  if (policy.platformOnly) {
    if (!(await isPlatformAccount(context.db, context.caller.accountId))) throw noSuchPolicy();
    await requireRightOverPlatformAdministrators(context);
  }
  return policy;
}

async function isPlatformAccount(db: Database, accountId: string): Promise<boolean> {
  const [row] = await db
    .select({ isPlatform: accounts.isPlatform })
    .from(accounts)
    .where(eq(accounts.accountId, accountId));
  return row?.isPlatform === true;
}

async function lockedUser({ db, caller }: Pick<OperationContext, 'db' | 'caller'>, userName: string): Promise<UserRow> {
  const user = await lockUser(db, caller.accountId, { userName });
  if (user === undefined) throw noSuchUser();
  return user;
}
