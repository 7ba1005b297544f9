import { z } from 'zod';
import type { Operation, OperationContext } from '../operation.ts';
import { groupNameTaken } from './create-group.ts';
import { groupCommentsField, groupDisplayNameField, groupInput, groupNameField } from './group-fields.ts';
import { touchMembers } from './group-members-store.ts';
import { groupResource } from './group-resource.ts';
import { type GroupView, viewGroup } from './group-view.ts';
import { groupNameKey, updateGroup as updateGroupRow } from './groups-store.ts';
import { lockedGroup } from './locked-group.ts';

/** `null` removes, as in a JSON merge patch (RFC 7396). */
const updateGroupInput = groupInput.extend({
  changes: z.strictObject({
    groupName: groupNameField.optional(),
    displayName: groupDisplayNameField.nullable().optional(),
    comments: groupCommentsField.nullable().optional(),
  }),
});

type UpdateGroupInput = z.infer<typeof updateGroupInput>;

/** Renames and describes. Members and attached policies hang on the group's id, so a rename loses and gives none. */
export const updateGroup: Operation<UpdateGroupInput, undefined, GroupView> = {
  name: 'UpdateGroup',
  action: 'ram:UpdateGroup',
  effect: 'change',
  input: updateGroupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  // Rights hang on names: a rename must not carry a group to where the caller has none.
  alsoRequires: ({ changes: { groupName } }, caller) =>
    groupName === undefined ? [] : [{ action: 'ram:UpdateGroup', resource: groupResource(groupName, caller) }],
  auditDetails: ({ changes }, { groupId }) => ({
    groupId,
    changed: Object.keys(changes),
    ...(changes.groupName === undefined ? {} : { newGroupName: changes.groupName }),
  }),
  perform: async (context, input) => viewGroup(await applyChanges(context, input)),
};

async function applyChanges(context: OperationContext, { groupName, changes }: UpdateGroupInput) {
  const row = await lockedGroup(context, groupName);
  if (Object.keys(changes).length === 0) return row;
  const { groupName: newName, displayName, comments } = changes;
  const updated = await updateGroupRow(context.db, row.groupId, {
    ...(newName === undefined ? {} : { groupName: newName, groupNameKey: groupNameKey(newName) }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(comments === undefined ? {} : { comments }),
  });
  if (updated === undefined) throw groupNameTaken('/changes/groupName');
  // Tokens name the groups of their user.
  if (updated.groupName !== row.groupName) await touchMembers(context.db, row.groupId);
  return updated;
}
