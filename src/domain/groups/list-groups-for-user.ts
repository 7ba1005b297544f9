import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { userNameField } from '../users/user-fields.ts';
import { noSuchUser, userResource } from '../users/user-resource.ts';
import { findUser } from '../users/users-store.ts';
import { type GroupOfUser, listGroupsOfUser } from './group-members-store.ts';

const listGroupsForUserInput = z.strictObject({ userName: userNameField });

/** A user is in few groups (a quota), so they are answered whole. */
export const listGroupsForUser: Operation<
  z.infer<typeof listGroupsForUserInput>,
  undefined,
  { items: readonly GroupOfUser[] }
> = {
  name: 'ListGroupsForUser',
  action: 'ram:ListGroupsForUser',
  effect: 'read',
  input: listGroupsForUserInput,
  resource: ({ userName }, caller) => userResource(userName, caller),
  perform: async ({ db, caller }, { userName }) => {
    const user = await findUser(db, caller.accountId, { userName });
    if (user === undefined) throw noSuchUser();
    return { items: await listGroupsOfUser(db, user.userId) };
  },
};
