import { z } from 'zod';
import type { Operation, OperationContext } from '../operation.ts';
import { userSelector } from './user-fields.ts';
import { noSuchUser, selectedUserResource, userResource } from './user-resource.ts';
import { type UserView, viewUser } from './user-view.ts';
import { findUserWithAlias } from './users-store.ts';

const getUserInput = z.strictObject({ user: userSelector });

export const getUser: Operation<z.infer<typeof getUserInput>, undefined, UserView> = {
  name: 'GetUser',
  action: 'ram:GetUser',
  effect: 'read',
  input: getUserInput,
  resource: ({ user }, caller, db) => selectedUserResource(user, caller, db),
  perform: async (context, { user }) => await readUser(context, user),
};

const noInput = z.strictObject({});

/** The caller's own user; needs no policy. */
export const getOwnUser: Operation<z.infer<typeof noInput>, undefined, UserView> = {
  name: 'GetOwnUser',
  action: 'ram:GetUser',
  effect: 'read',
  selfService: true,
  input: noInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  perform: async (context) => await readUser(context, { userId: context.caller.userId }),
};

async function readUser(context: OperationContext, selector: z.infer<typeof userSelector>): Promise<UserView> {
  const { db, caller, logonDomain, publicUrl } = context;
  const found = await findUserWithAlias(db, caller.accountId, selector);
  if (found === undefined) throw noSuchUser();
  return viewUser(found.user, { alias: found.alias, logonDomain, publicUrl });
}
