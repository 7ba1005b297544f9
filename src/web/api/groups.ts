import { z } from 'zod';
import { createGroup } from '../../domain/groups/create-group.ts';
import { deleteGroup } from '../../domain/groups/delete-group.ts';
import { getGroup } from '../../domain/groups/get-group.ts';
import type { GroupMember, GroupOfUser } from '../../domain/groups/group-members-store.ts';
import { addUserToGroup, removeUserFromGroup } from '../../domain/groups/group-membership.ts';
import type { GroupView } from '../../domain/groups/group-view.ts';
import { listGroups } from '../../domain/groups/list-groups.ts';
import { listGroupsForUser } from '../../domain/groups/list-groups-for-user.ts';
import { listUsersForGroup } from '../../domain/groups/list-users-for-group.ts';
import { updateGroup } from '../../domain/groups/update-group.ts';
import { instant, listOf, pageOf } from './answer-schemas.ts';
import { route, routeGroup } from './route.ts';

const named = {
  groupId: z.string().meta({ examples: ['g-3k9xq2m7w4c8v1n6'] }),
  groupName: z.string().meta({ examples: ['developers'] }),
  displayName: z
    .string()
    .nullable()
    .meta({ examples: ['Developers'] }),
  comments: z.string().nullable(),
};
const groupBody = z.object({ ...named, createdAt: instant, updatedAt: instant }).meta({ id: 'Group' });
export const groupOfUserBody = z.object({ ...named, joinedAt: instant }).meta({ id: 'GroupOfUser' });
const memberBody = z
  .object({
    userId: z.string().meta({ examples: ['281474976710656123'] }),
    userName: z.string().meta({ examples: ['alice'] }),
    displayName: z.string().meta({ examples: ['Alice Roe'] }),
    joinedAt: instant,
  })
  .meta({ id: 'GroupMember' });

const one = '/groups/:groupName';
const absent = ['EntityNotExist.Group'] as const;

export const groupRoutes = routeGroup('Groups', 'Users with the same rights.', [
  route('GET /groups', listGroups, {
    summary: 'List groups',
    answer: pageOf(groupBody),
    present: ({ items, nextCursor }) => ({ items: items.map(presentGroup), nextCursor }),
  }),
  route('POST /groups', createGroup, {
    summary: 'Create a group',
    body: '',
    answer: z.object({ group: groupBody }),
    present: ({ group }) => ({ group: presentGroup(group) }),
    locate: ({ group }) => group.groupName,
    refuses: ['EntityAlreadyExists.Group', 'LimitExceeded.Group'],
    example: { body: { groupName: 'operators', displayName: 'Operators', comments: 'On call' } },
  }),
  route(`GET ${one}`, getGroup, { summary: 'Read a group', answer: groupBody, present: presentGroup, refuses: absent }),
  route(`PATCH ${one}`, updateGroup, {
    summary: 'Change a group',
    description: 'A rename keeps members and attached policies; `null` takes a field away.',
    body: 'changes',
    answer: groupBody,
    present: presentGroup,
    refuses: [...absent, 'EntityAlreadyExists.Group'],
    example: { body: { comments: 'On call' } },
  }),
  route(`DELETE ${one}`, deleteGroup, {
    summary: 'Delete a group',
    description: '`cascade=true` lets the members go and detaches the policies, and is content when there is none.',
    refuses: [...absent, 'DeleteConflict.Group', 'DeleteConflict.LastAdministrator'],
    example: { query: { cascade: 'true' } },
  }),
  route(`GET ${one}/users`, listUsersForGroup, {
    summary: 'List the members of a group',
    answer: pageOf(memberBody),
    present: ({ items, nextCursor }) => ({ items: items.map(presentMember), nextCursor }),
    refuses: absent,
  }),
  route(`PUT ${one}/users/:userName`, addUserToGroup, {
    summary: 'Add a user to a group',
    description:
      'Needs the right over the user and over the group. Also answered 204 when the user was a member already.',
    refuses: [...absent, 'EntityNotExist.User', 'LimitExceeded.User.Group'],
  }),
  route(`DELETE ${one}/users/:userName`, removeUserFromGroup, {
    summary: 'Remove a user from a group',
    description: 'Needs the right over the user and over the group.',
    refuses: [...absent, 'EntityNotExist.User', 'EntityNotExist.User.Group', 'DeleteConflict.LastAdministrator'],
  }),
  route('GET /users/:userName/groups', listGroupsForUser, {
    summary: 'List the groups of a user',
    answer: listOf(groupOfUserBody),
    present: ({ items }) => ({ items: items.map(presentGroupOfUser) }),
    refuses: ['EntityNotExist.User'],
  }),
]);

function presentGroup(group: GroupView): z.infer<typeof groupBody> {
  return {
    groupId: group.groupId,
    groupName: group.groupName,
    displayName: group.displayName,
    comments: group.comments,
    createdAt: group.createdAt,
    updatedAt: group.updatedAt,
  };
}

export function presentGroupOfUser(group: GroupOfUser): z.infer<typeof groupOfUserBody> {
  return {
    groupId: group.groupId,
    groupName: group.groupName,
    displayName: group.displayName,
    comments: group.comments,
    joinedAt: group.joinedAt,
  };
}

function presentMember({ userId, userName, displayName, joinedAt }: GroupMember): z.infer<typeof memberBody> {
  return { userId, userName, displayName, joinedAt };
}
