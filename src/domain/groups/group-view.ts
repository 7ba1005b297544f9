import type { GroupRow } from './groups-store.ts';

/** A group as callers see one. */
export interface GroupView {
  readonly groupId: string;
  readonly groupName: string;
  readonly displayName: string | null;
  readonly comments: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const viewGroup = (row: GroupRow): GroupView => ({
  groupId: row.groupId,
  groupName: row.groupName,
  displayName: row.displayName,
  comments: row.comments,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
