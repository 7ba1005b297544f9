import type { z } from 'zod';
import type { Operation } from '../operation.ts';
import { groupInput } from './group-fields.ts';
import { groupResource, noSuchGroup } from './group-resource.ts';
import { type GroupView, viewGroup } from './group-view.ts';
import { findGroup } from './groups-store.ts';

export const getGroup: Operation<z.infer<typeof groupInput>, undefined, GroupView> = {
  name: 'GetGroup',
  action: 'ram:GetGroup',
  effect: 'read',
  input: groupInput,
  resource: ({ groupName }, caller) => groupResource(groupName, caller),
  perform: async ({ db, caller }, { groupName }) => {
    const row = await findGroup(db, caller.accountId, groupName);
    if (row === undefined) throw noSuchGroup();
    return viewGroup(row);
  },
};
