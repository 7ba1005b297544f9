import { z } from 'zod';
import { countAccessKeys } from '../access-keys/access-keys-store.ts';
import { AppError } from '../app-error.ts';
import { countGroupsOfUser } from '../groups/group-members-store.ts';
import { findLoginProfile } from '../login-profiles/login-profiles-store.ts';
import { listMfaDevices } from '../mfa/mfa-store.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { listUserPolicies } from '../policies/user-policies-store.ts';
import { keepingAnAdministrator } from './administrators.ts';
import { userSelector } from './user-fields.ts';
import { noSuchUser, selectedUserResource } from './user-resource.ts';
import { deleteUser as deleteUserRow, lockUser } from './users-store.ts';

const deleteUserInput = z.strictObject({
  user: userSelector,
  /** Also removes what hangs on the user, and is content when there is no such user. */
  cascade: z.boolean().default(false),
});

type DeleteUserInput = z.infer<typeof deleteUserInput>;

/** Without `cascade`, refused with every conflict at once while anything hangs on the user. */
export const deleteUser: Operation<DeleteUserInput, undefined, { deletedUserId: string | undefined }> = {
  name: 'DeleteUser',
  action: 'ram:DeleteUser',
  effect: 'change',
  input: deleteUserInput,
  resource: ({ user }, caller, db) => selectedUserResource(user, caller, db),
  auditDetails: ({ cascade }, { deletedUserId }) => ({ cascade, userId: deletedUserId ?? null }),
  perform: async (context, input) =>
    await keepingAnAdministrator(context.db, context.caller.accountId, () => removeUser(context, input)),
};

async function removeUser({ db, caller }: OperationContext, { user, cascade }: DeleteUserInput) {
  const row = await lockUser(db, caller.accountId, user);
  if (row === undefined) {
    if (cascade) return { deletedUserId: undefined };
    throw noSuchUser();
  }
  if (!cascade) await refuseWhileSomethingHangsOn(db, row.userId);
  await deleteUserRow(db, row.userId);
  return { deletedUserId: row.userId };
}

async function refuseWhileSomethingHangsOn(db: OperationContext['db'], userId: string): Promise<void> {
  const conflicts = [
    {
      code: 'DeleteConflict.User.LoginProfile',
      what: 'a login profile',
      there: (await findLoginProfile(db, userId)) !== undefined,
    },
    { code: 'DeleteConflict.User.AccessKey', what: 'access keys', there: (await countAccessKeys(db, userId)) > 0 },
    {
      code: 'DeleteConflict.User.MFADevice',
      what: 'MFA devices',
      there: (await listMfaDevices(db, userId)).length > 0,
    },
    {
      code: 'DeleteConflict.User.Policy',
      what: 'attached policies',
      there: (await listUserPolicies(db, userId)).length > 0,
    },
    { code: 'DeleteConflict.User.Group', what: 'groups', there: (await countGroupsOfUser(db, userId)) > 0 },
  ].filter(({ there }) => there);
  if (conflicts.length === 0) return;
  const faults = conflicts.map(({ code, what }) => ({ pointer: '', code, detail: `The user still has ${what}.` }));
  throw new AppError('DeleteConflict.User', 'Something still hangs on this user; see errors, or delete with cascade.', {
    faults,
  });
}
