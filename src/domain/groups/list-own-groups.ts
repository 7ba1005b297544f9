import { z } from 'zod';
import type { Operation } from '../operation.ts';
import { userResource } from '../users/user-resource.ts';
import { type GroupOfUser, listGroupsOfUser } from './group-members-store.ts';

const noInput = z.strictObject({});

/** The caller's own groups, for which nobody needs a policy: an app can ask for them too. */
export const listOwnGroups: Operation<z.infer<typeof noInput>, undefined, { items: readonly GroupOfUser[] }> = {
  name: 'ListOwnGroups',
  action: 'ram:ListGroupsForUser',
  effect: 'read',
  selfService: true,
  input: noInput,
  resource: (_input, caller) => userResource(caller.userName, caller),
  perform: async ({ db, caller }) => ({ items: await listGroupsOfUser(db, caller.userId) }),
};
