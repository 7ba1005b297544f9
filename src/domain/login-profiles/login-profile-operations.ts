import { z } from 'zod';
import { loadPasswordPolicy } from '../accounts/password-policy.ts';
import { AppError } from '../app-error.ts';
import type { Operation } from '../operation.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser, lockUser, raiseUserEpoch } from '../users/users-store.ts';
import { type LoginProfileView, viewLoginProfile } from './login-profile-view.ts';
import { deleteLoginProfile as deleteLoginProfileRow, findLoginProfile } from './login-profiles-store.ts';

const userInput = z.strictObject({ userName: userNameField });

type UserInput = z.infer<typeof userInput>;

const noSuchProfile = () => new AppError('EntityNotExist.User.LoginProfile', 'This user has no login profile.');

export const getLoginProfile: Operation<UserInput, undefined, LoginProfileView> = {
  name: 'GetLoginProfile',
  action: 'ram:GetLoginProfile',
  effect: 'read',
  input: userInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  perform: async ({ db, caller }, { userName }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    const row = await findLoginProfile(db, user.userId);
    if (row === undefined) throw noSuchProfile();
    return viewLoginProfile(row, user.userName, await loadPasswordPolicy(db, caller.accountId));
  },
};

/** The user can log on to pages no more; sessions and tokens end at once. */
export const deleteLoginProfile: Operation<UserInput, undefined, void> = {
  name: 'DeleteLoginProfile',
  action: 'ram:DeleteLoginProfile',
  effect: 'change',
  input: userInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  perform: async ({ db, caller }, { userName }) =>
    await keepingAnAdministrator(db, caller.accountId, async () => {
      const user = await lockUser(db, caller.accountId, { userName });
      if (user === undefined) throw noSuchUser();
      if (!(await deleteLoginProfileRow(db, user.userId))) throw noSuchProfile();
      await raiseUserEpoch(db, user.userId);
    }),
};
