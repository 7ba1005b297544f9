import { z } from 'zod';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { requireRightToGive } from '../policies/reaching-administrators.ts';
import { loadRights } from '../policies/statements-store.ts';
import { keepingAnAdministrator } from './administrators.ts';
import {
  commentsField,
  displayNameField,
  emailField,
  mobilePhoneField,
  userNameField,
  userSelector,
} from './user-fields.ts';
import { noSuchUser, selectedUserResource, userResource } from './user-resource.ts';
import { logonAddresses, type UserView, viewUser } from './user-view.ts';
import { lockUser, raiseUserEpoch, updateUser as updateUserRow, type UserRow, userNameKey } from './users-store.ts';

/** `null` removes what can be absent, as in a JSON merge patch (RFC 7396). */
const updateUserInput = z.strictObject({
  user: userSelector,
  changes: z.strictObject({
    userName: userNameField.optional(),
    displayName: displayNameField.optional(),
    email: emailField.nullable().optional(),
    mobilePhone: mobilePhoneField.nullable().optional(),
    comments: commentsField.nullable().optional(),
    status: z.enum(['active', 'frozen']).optional(),
  }),
});

type UpdateUserInput = z.infer<typeof updateUserInput>;

/** Renames, describes, freezes and unfreezes. Freezing ends every session, token and key use of the user at once. */
export const updateUser: Operation<UpdateUserInput, undefined, UserView> = {
  name: 'UpdateUser',
  action: 'ram:UpdateUser',
  effect: 'change',
  input: updateUserInput,
  resource: ({ user }, caller, db) => selectedUserResource(user, caller, db),
  // Rights hang on names: a rename must not carry a user to where the caller has none.
  alsoRequires: ({ changes: { userName } }, caller) =>
    userName === undefined ? [] : [{ action: 'ram:UpdateUser', resource: userResource(userName, caller) }],
  auditDetails: ({ changes }, { userId }) => ({
    userId,
    changed: Object.keys(changes),
    ...(changes.userName === undefined ? {} : { newUserName: changes.userName }),
    ...(changes.status === undefined ? {} : { status: changes.status }),
  }),
  perform: async (context, input) => {
    const { db, caller } = context;
    const write = () => applyChanges(context, input);
    // Two users who take each other's names at once would wait for one another.
    if (input.changes.userName !== undefined) await lockAccount(db, caller.accountId);
    const row =
      input.changes.status === 'frozen' ? await keepingAnAdministrator(db, caller.accountId, write) : await write();
    return viewUser(row, await logonAddresses(context));
  },
};

async function applyChanges(context: OperationContext, { user, changes }: UpdateUserInput): Promise<UserRow> {
  const { db, caller } = context;
  const row = await lockUser(db, caller.accountId, user);
  if (row === undefined) throw noSuchUser();
  if (Object.keys(changes).length === 0) return row;
  const { userName } = changes;
  if (userName !== undefined) await requireRightToRename(context, row);
  const renamed = userName === undefined ? {} : { userName, userNameKey: userNameKey(userName) };
  const updated = await updateUserRow(db, row.userId, { ...definedOnly(changes), ...renamed });
  if (updated === undefined) throw nameTaken();
  if (changes.status === 'frozen') await raiseUserEpoch(db, row.userId);
  return updated;
}

/** Rights over one's own name alone make no administrator; left behind by a rename, they are over whoever comes to bear that name. */
async function requireRightToRename(context: OperationContext, row: UserRow): Promise<void> {
  const access = { action: updateUser.action, resource: userResource(row.userName, context.caller) };
  await requireRightToGive(context, access, (await loadRights(context, row)).statements);
}

/** Drizzle's types do not take a present `undefined`. */
function definedOnly({ displayName, email, mobilePhone, comments, status }: UpdateUserInput['changes']) {
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(email === undefined ? {} : { email }),
    ...(mobilePhone === undefined ? {} : { mobilePhone }),
    ...(comments === undefined ? {} : { comments }),
    ...(status === undefined ? {} : { status }),
  };
}

function nameTaken(): AppError {
  const detail = 'A user of this name exists already.';
  const faults = [{ pointer: '/changes/userName', code: 'EntityAlreadyExists.User', detail }];
  return new AppError('EntityAlreadyExists.User', detail, { faults });
}
