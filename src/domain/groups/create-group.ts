import { z } from 'zod';
import { newGroupId } from '../../crypto/random-ids.ts';
import { lockAccount } from '../accounts/accounts-store.ts';
import { loadQuotas } from '../accounts/quotas.ts';
import { AppError } from '../app-error.ts';
import type { Operation } from '../operation.ts';
import { groupCommentsField, groupDisplayNameField, groupNameField } from './group-fields.ts';
import { groupResource } from './group-resource.ts';
import { type GroupView, viewGroup } from './group-view.ts';
import { countGroups, groupNameKey, insertGroup } from './groups-store.ts';

const createGroupInput = z.strictObject({
  groupName: groupNameField,
  displayName: groupDisplayNameField.optional(),
  comments: groupCommentsField.optional(),
});

export const createGroup: Operation<z.infer<typeof createGroupInput>, undefined, { group: GroupView }> = {
  name: 'CreateGroup',
  action: 'ram:CreateGroup',
  effect: 'change',
  input: createGroupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  auditDetails: (_input, { group }) => ({ groupId: group.groupId }),
  perform: async ({ db, caller: { accountId } }, { groupName, displayName = null, comments = null }) => {
    await lockAccount(db, accountId);
    const names = { groupName, groupNameKey: groupNameKey(groupName), displayName, comments };
    const row = await insertGroup(db, { groupId: newGroupId(), accountId, ...names });
    if (row === undefined) throw groupNameTaken('/groupName');
    const { groupsQuota } = await loadQuotas(db, accountId);
    if ((await countGroups(db, accountId)) > groupsQuota) {
      throw new AppError('LimitExceeded.Group', `An account has at most ${groupsQuota} groups.`);
    }
    return { group: viewGroup(row) };
  },
};

export function groupNameTaken(pointer: string): AppError {
  const detail = 'A group of this name exists already.';
  const faults = [{ pointer, code: 'EntityAlreadyExists.Group', detail }];
  return new AppError('EntityAlreadyExists.Group', detail, { faults });
}
