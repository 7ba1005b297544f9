import { z } from 'zod';
import { AppError } from '../app-error.ts';
import type { Caller } from '../caller.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { requireRightToSetCredentials } from '../policies/platform-administrators.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser, lockUser, type UserRow } from '../users/users-store.ts';
import { generateAccessKey } from './access-key-secrets.ts';
import { type AccessKeyView, viewAccessKey } from './access-key-view.ts';
import {
  countAccessKeys,
  deleteAccessKey as deleteAccessKeyRow,
  findAccessKey,
  insertAccessKeys,
  listAccessKeys as listAccessKeyRows,
  updateAccessKeyStatus,
} from './access-keys-store.ts';

/** RAM: two per user, so that one can be rotated while the other serves. */
const accessKeysPerUser = 2;

const userInput = z.strictObject({ userName: userNameField });
const keyInput = userInput.extend({
  accessKeyId: z
    .string()
    .regex(/^PSTK[A-Za-z0-9]{20}$/, { error: 'An access key id is PSTK and 20 letters and digits.' }),
});
const statusInput = keyInput.extend({ changes: z.strictObject({ status: z.enum(['active', 'inactive']) }) });

type UserInput = z.infer<typeof userInput>;
type KeyInput = z.infer<typeof keyInput>;

const resource = ({ userName }: UserInput, caller: Caller): string => userResource(userName, caller);
const noSuchKey = () => new AppError('EntityNotExist.User.AccessKey', 'This access key does not exist.');

/** Answers the secret, for the only time. */
export const createAccessKey: Operation<UserInput, undefined, { accessKey: AccessKeyView; secret: string }> = {
  name: 'CreateAccessKey',
  action: 'ram:CreateAccessKey',
  effect: 'change',
  input: userInput,
  resource,
  auditDetails: (_input, { accessKey }) => ({ accessKeyId: accessKey.id }),
  perform: async (context, { userName }) => {
    const { accountId, userId } = await lockedUser(context, userName);
    await requireRightToSetCredentials(context, userId);
    // The user's row is locked, so of racing callers each counts what the others made.
    if ((await countAccessKeys(context.db, userId)) >= accessKeysPerUser) {
      throw new AppError('LimitExceeded.User.AccessKey', `A user has at most ${accessKeysPerUser} access keys.`);
    }
    const { rawSecret, ...key } = generateAccessKey(context.keyRing, accountId);
    const [row] = await insertAccessKeys(context.db, [{ accountId, userId, ...key }]);
    if (row === undefined) throw new Error('an inserted access key did not come back');
    return { accessKey: viewAccessKey(row), secret: rawSecret };
  },
};

/** Disabling ends whatever was made with the key at once. */
export const updateAccessKey: Operation<z.infer<typeof statusInput>, undefined, AccessKeyView> = {
  name: 'UpdateAccessKey',
  action: 'ram:UpdateAccessKey',
  effect: 'change',
  input: statusInput,
  resource,
  auditDetails: ({ accessKeyId, changes: { status } }) => ({ accessKeyId, status }),
  perform: async (context, { userName, accessKeyId, changes: { status } }) =>
    await keepingAnAdministrator(context.db, context.caller.accountId, async () => {
      const { userId } = await lockedUser(context, userName);
      if (status === 'active') await requireRightToSetCredentials(context, userId);
      const row = await updateAccessKeyStatus(context.db, { userId, accessKeyId }, status);
      if (row === undefined) throw noSuchKey();
      return viewAccessKey(row);
    }),
};

export const deleteAccessKey: Operation<KeyInput, undefined, void> = {
  name: 'DeleteAccessKey',
  action: 'ram:DeleteAccessKey',
  effect: 'change',
  input: keyInput,
  resource,
  auditDetails: ({ accessKeyId }) => ({ accessKeyId }),
  perform: async (context, { userName, accessKeyId }) =>
    await keepingAnAdministrator(context.db, context.caller.accountId, async () => {
      const { userId } = await lockedUser(context, userName);
      if (!(await deleteAccessKeyRow(context.db, { userId, accessKeyId }))) throw noSuchKey();
    }),
};

export const getAccessKey: Operation<KeyInput, undefined, AccessKeyView> = {
  name: 'GetAccessKey',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: keyInput,
  resource,
  perform: async ({ db, caller }, { userName, accessKeyId }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    const row = await findAccessKey(db, { userId: user.userId, accessKeyId });
    if (row === undefined) throw noSuchKey();
    return viewAccessKey(row);
  },
};

export const listAccessKeys: Operation<UserInput, undefined, { items: readonly AccessKeyView[] }> = {
  name: 'ListAccessKeys',
  action: 'ram:ListAccessKeys',
  effect: 'read',
  input: userInput,
  resource,
  perform: async ({ db, caller }, { userName }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    return { items: (await listAccessKeyRows(db, user.userId)).map(viewAccessKey) };
  },
};

async function lockedUser({ db, caller }: Pick<OperationContext, 'db' | 'caller'>, userName: string): Promise<UserRow> {
  const user = await lockUser(db, caller.accountId, { userName });
  if (user === undefined) throw noSuchUser();
  return user;
}
