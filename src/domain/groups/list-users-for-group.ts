import type { z } from 'zod';
import { type Page, pageFields, readPage, searchField } from '../list-page.ts';
import type { Operation } from '../operation.ts';
import { groupInput } from './group-fields.ts';
import { type GroupMember, listMembers } from './group-members-store.ts';
import { groupResource, noSuchGroup } from './group-resource.ts';
import { findGroup } from './groups-store.ts';

const listUsersForGroupInput = groupInput.extend({ q: searchField, ...pageFields });

/** Members in the order of their names; `q` looks into name and display name. */
export const listUsersForGroup: Operation<z.infer<typeof listUsersForGroupInput>, undefined, Page<GroupMember>> = {
  name: 'ListUsersForGroup',
  action: 'ram:ListUsersForGroup',
  effect: 'read',
  input: listUsersForGroupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  perform: async ({ db, keyRing, caller: { accountId } }, { groupName, q, limit, cursor }) => {
    const group = await findGroup(db, accountId, groupName);
    if (group === undefined) throw noSuchGroup();
    return await readPage(keyRing, {
      ...{ place: { accountId, list: ['groupMembers', group.groupId, q] }, limit, cursor },
      read: (afterKey, most) => listMembers(db, group.groupId, { q, afterKey, limit: most }),
      keyOf: (member) => member.userNameKey,
    });
  },
};
