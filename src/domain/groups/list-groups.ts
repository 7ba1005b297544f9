import { z } from 'zod';
import { type Page, pageFields, readPage, searchField } from '../list-page.ts';
import type { Operation } from '../operation.ts';
import { groupResource } from './group-resource.ts';
import { type GroupView, viewGroup } from './group-view.ts';
import { listGroups as listGroupRows } from './groups-store.ts';

const listGroupsInput = z.strictObject({ q: searchField, ...pageFields });

/** Groups in the order of their names; `q` looks into name, display name and comments. */
export const listGroups: Operation<z.infer<typeof listGroupsInput>, undefined, Page<GroupView>> = {
  name: 'ListGroups',
  action: 'ram:ListGroups',
  effect: 'read',
  input: listGroupsInput,
  resource: (_input, caller) => groupResource('*', caller),
  perform: async ({ db, keyRing, caller: { accountId } }, { q, limit, cursor }) => {
    const { items, nextCursor } = await readPage(keyRing, {
      ...{ place: { accountId, list: ['groups', q] }, limit, cursor },
      read: (afterKey, most) => listGroupRows(db, accountId, { q, afterKey, limit: most }),
      keyOf: (row) => row.groupNameKey,
    });
    return { items: items.map(viewGroup), nextCursor };
  },
};
