import { z } from 'zod';
import { lockAccount } from '../accounts/accounts-store.ts';
import { AppError } from '../app-error.ts';
import type { Operation, OperationContext } from '../operation.ts';
import { listGroupPolicies } from '../policies/group-policies-store.ts';
import { requireRightToLift } from '../policies/reaching-administrators.ts';
import { loadGroupStatements } from '../policies/statements-store.ts';
import { keepingAnAdministrator } from '../users/administrators.ts';
import { groupInput } from './group-fields.ts';
import { countMembers, touchMembers } from './group-members-store.ts';
import { groupResource, noSuchGroup } from './group-resource.ts';
import { deleteGroup as deleteGroupRow, findGroup } from './groups-store.ts';

const deleteGroupInput = groupInput.extend({
  /** Also lets the members go and detaches the policies, and is content when there is no such group. */
  cascade: z.boolean().default(false),
});

type DeleteGroupInput = z.infer<typeof deleteGroupInput>;

/** Without `cascade`, refused with every conflict at once while the group has members or policies. */
export const deleteGroup: Operation<DeleteGroupInput, undefined, { deletedGroupId: string | undefined }> = {
  name: 'DeleteGroup',
  action: 'ram:DeleteGroup',
  effect: 'change',
  input: deleteGroupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  auditDetails: ({ cascade }, { deletedGroupId }) => ({ cascade, groupId: deletedGroupId ?? null }),
  perform: async (context, input) =>
    await keepingAnAdministrator(context.db, context.caller.accountId, () => removeGroup(context, input)),
};

async function removeGroup(context: OperationContext, { groupName, cascade }: DeleteGroupInput) {
  const { db, caller } = context;
  await lockAccount(db, caller.accountId);
  const group = await findGroup(db, caller.accountId, groupName);
  if (group === undefined) {
    if (cascade) return { deletedGroupId: undefined };
    throw noSuchGroup();
  }
  if (!cascade) await refuseWhileSomethingHangsOn(db, group.groupId);
  const access = { action: deleteGroup.action, resource: groupResource(groupName, caller) };
  await requireRightToLift(context, access, await loadGroupStatements(context, caller.accountId, groupName));
  await touchMembers(db, group.groupId);
  await deleteGroupRow(db, group.groupId);
  return { deletedGroupId: group.groupId };
}

async function refuseWhileSomethingHangsOn(db: OperationContext['db'], groupId: string): Promise<void> {
  const conflicts = [
    { code: 'DeleteConflict.Group.User', what: 'members', there: (await countMembers(db, groupId)) > 0 },
    {
      code: 'DeleteConflict.Group.Policy',
      what: 'attached policies',
      there: (await listGroupPolicies(db, groupId)).length > 0,
    },
  ].filter(({ there }) => there);
  if (conflicts.length === 0) return;
  const faults = conflicts.map(({ code, what }) => ({ pointer: '', code, detail: `The group still has ${what}.` }));
  throw new AppError(
    'DeleteConflict.Group',
    'Something still hangs on this group; see errors, or delete with cascade.',
    {
      faults,
    },
  );
}
