import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { OperationContext } from '../operation.ts';
import { requireRightToSetCredentials } from '../policies/platform-administrators.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import type { UserSelector } from '../users/user-fields.ts';
import { noSuchUser } from '../users/user-resource.ts';
import { findUser, lockUser, type UserRow } from '../users/users-store.ts';
import { generateAccessKey } from './access-key-secrets.ts';
import { type AccessKeyView, viewAccessKey } from './access-key-view.ts';
import {
  countAccessKeys,
  deleteAccessKey,
  findAccessKey,
  insertAccessKeys,
  listAccessKeys,
  updateAccessKeyStatus,
} from './access-keys-store.ts';

/** A new key with its secret, which nothing answers again. */
export interface NewAccessKey {
  readonly accessKey: AccessKeyView;
  readonly secret: string;
}

const noSuchKey = () => new AppError('EntityNotExist.User.AccessKey', 'This access key does not exist.');

/** Makes a key for a user. Throws `LimitExceeded.User.AccessKey` (RAM: two, so that one can be rotated while the other serves). */
export async function createKeyFor(context: OperationContext, user: UserSelector): Promise<NewAccessKey> {
  const { accountId, userId } = await lockedUser(context, user);
  await requireRightToSetCredentials(context, userId);
  // The user's row is locked, so of racing callers each counts what the others made.
  const { accessKeysPerUserQuota: most } = await loadQuotas(context.db, accountId);
  if ((await countAccessKeys(context.db, userId)) >= most) {
    throw new AppError('LimitExceeded.User.AccessKey', `A user has at most ${most} access keys.`);
  }
  const { rawSecret, ...key } = generateAccessKey(context.keyRing, accountId);
  const [row] = await insertAccessKeys(context.db, [{ accountId, userId, ...key }]);
  if (row === undefined) throw new Error('an inserted access key did not come back');
  return { accessKey: viewAccessKey(row), secret: rawSecret };
}

/** Disabling ends whatever was made with the key at once. */
export const setKeyStatus = (
  context: OperationContext,
  user: UserSelector,
  { accessKeyId, status }: { readonly accessKeyId: string; readonly status: 'active' | 'inactive' },
): Promise<AccessKeyView> =>
  keepingAnAdministrator(context.db, context.caller.accountId, async () => {
    const { userId } = await lockedUser(context, user);
    if (status === 'active') await requireRightToSetCredentials(context, userId);
    const row = await updateAccessKeyStatus(context.db, { userId, accessKeyId }, status);
    if (row === undefined) throw noSuchKey();
    return viewAccessKey(row);
  });

export const deleteKeyOf = (context: OperationContext, user: UserSelector, accessKeyId: string): Promise<void> =>
  keepingAnAdministrator(context.db, context.caller.accountId, async () => {
    const { userId } = await lockedUser(context, user);
    if (!(await deleteAccessKey(context.db, { userId, accessKeyId }))) throw noSuchKey();
  });

export async function readKeyOf(
  { db, caller }: OperationContext,
  selector: UserSelector,
  accessKeyId: string,
): Promise<AccessKeyView> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  const row = await findAccessKey(db, { userId: user.userId, accessKeyId });
  if (row === undefined) throw noSuchKey();
  return viewAccessKey(row);
}

export async function listKeysOf(
  { db, caller }: OperationContext,
  selector: UserSelector,
): Promise<{ items: readonly AccessKeyView[] }> {
  const user = await findUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  return { items: (await listAccessKeys(db, user.userId)).map(viewAccessKey) };
}

async function lockedUser({ db, caller }: OperationContext, selector: UserSelector): Promise<UserRow> {
  const user = await lockUser(db, caller.accountId, selector);
  if (user === undefined) throw noSuchUser();
  return user;
}
