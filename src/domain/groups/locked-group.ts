import { lockAccount } from '../accounts/accounts-store.ts';
import type { OperationContext } from '../operation.ts';
import { noSuchGroup } from './group-resource.ts';
import { findGroup, type GroupRow } from './groups-store.ts';

/**
 * A group that stays as it is found until the transaction ends: whatever changes groups, who is in them and what is attached to them locks the
 * account first. Throws `EntityNotExist.Group`.
 */
export async function lockedGroup(
  { db, caller: { accountId } }: Pick<OperationContext, 'db' | 'caller'>,
  groupName: string,
): Promise<GroupRow> {
  await lockAccount(db, accountId);
  const group = await findGroup(db, accountId, groupName);
  if (group === undefined) throw noSuchGroup();
  return group;
}
