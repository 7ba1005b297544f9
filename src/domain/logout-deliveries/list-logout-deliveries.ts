import { z } from 'zod';
import { clientIdField } from '../applications/application-fields.ts';
import { applicationResource, noSuchApplication } from '../applications/application-resource.ts';
import { findAccountApplication } from '../applications/applications-store.ts';
import { type Page, pageFields, readPage } from '../list-page.ts';
import type { Operation } from '../operation.ts';
import { listLogoutDeliveries as listRows, type LogoutDeliveryRow } from './deliveries-store.ts';

const listInput = z.strictObject({
  clientId: clientIdField,
  status: z.enum(['pending', 'delivered', 'failed']).optional(),
  ...pageFields,
});

/** A logout token that an app was to be sent when a session ended. */
export interface LogoutDeliveryView {
  readonly id: string;
  /** The name in the address of the issuer that the app used. */
  readonly alias: string;
  readonly userId: string;
  readonly status: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Null where none will be made. */
  readonly nextAttemptAt: Date | null;
  /** Why the last attempt failed: a status or a kind of failure. */
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

/** Whether an application heard of the sessions that ended, newest first. */
export const listLogoutDeliveries: Operation<z.infer<typeof listInput>, undefined, Page<LogoutDeliveryView>> = {
  name: 'ListLogoutDeliveries',
  action: 'ram:ListLogoutDeliveries',
  effect: 'read',
  input: listInput,
  resource: ({ clientId }, caller) => applicationResource(clientId, caller),
  perform: async ({ db, keyRing, caller: { accountId } }, { clientId, status, limit, cursor }) => {
    if ((await findAccountApplication(db, accountId, clientId)) === undefined) throw noSuchApplication();
    const { items, nextCursor } = await readPage<LogoutDeliveryRow>(keyRing, {
      place: { accountId, list: ['logout-deliveries', clientId, status] },
      ...{ limit, cursor },
      keyOf: ({ logoutDeliveryId }) => String(logoutDeliveryId),
      read: async (beforeKey, count) => {
        const beforeId = beforeKey === undefined ? undefined : Number(beforeKey);
        return await listRows(db, clientId, { status, beforeId, limit: count });
      },
    });
    return { items: items.map(viewDelivery), nextCursor };
  },
};

const viewDelivery = (row: LogoutDeliveryRow): LogoutDeliveryView => ({
  id: String(row.logoutDeliveryId),
  alias: row.issuerName,
  userId: row.userId,
  status: row.status,
  attempts: row.attempts,
  nextAttemptAt: row.status === 'pending' ? row.dueAt : null,
  lastError: row.lastError,
  createdAt: row.createdAt,
  settledAt: row.settledAt,
});
