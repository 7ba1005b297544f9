import type { AccessKeyRow } from './access-keys-store.ts';

/** A key as callers see one: everything but its secret. */
export interface AccessKeyView {
  readonly id: string;
  readonly name: string | null;
  readonly status: 'active' | 'inactive';
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedService: string | null;
}

export const viewAccessKey = (row: AccessKeyRow): AccessKeyView => ({
  id: row.accessKeyId,
  name: row.name,
  status: row.status,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  lastUsedAt: row.lastUsedAt,
  lastUsedService: row.lastUsedService,
});
