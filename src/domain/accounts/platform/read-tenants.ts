import { z } from 'zod';
import { type Page, pageFields, readPage, searchField } from '../../list-page.ts';
import type { Operation } from '../../operation.ts';
import { accountIdField } from '../account-fields.ts';
import { findAccountRecord, listAccountRecords } from '../account-records-store.ts';
import { noSuchAccount, platformAccountResource } from '../account-resource.ts';
import { type PlatformAccountView, viewPlatformAccount } from './platform-account-view.ts';

const getInput = z.strictObject({ accountId: accountIdField });

export const getTenant: Operation<z.infer<typeof getInput>, undefined, PlatformAccountView> = {
  name: 'GetAccountById',
  action: 'postern:GetAccount',
  effect: 'read',
  input: getInput,
  resource: (input) => platformAccountResource(input),
  perform: async (context, { accountId }) => {
    const row = await findAccountRecord(context.db, accountId);
    if (row === undefined) throw noSuchAccount();
    return viewPlatformAccount(row, context);
  },
};

const listInput = z.strictObject({
  /** Part of an alias, or a whole account id. */
  q: searchField,
  status: z.enum(['active', 'suspended', 'deleted']).optional(),
  ...pageFields,
});

/** Accounts in the order of their ids; the deleted too, until they are erased. */
export const listTenants: Operation<z.infer<typeof listInput>, undefined, Page<PlatformAccountView>> = {
  name: 'ListAccounts',
  action: 'postern:ListAccounts',
  effect: 'read',
  input: listInput,
  resource: () => platformAccountResource({ accountId: '*' }),
  perform: async (context, { q, status, limit, cursor }) => {
    const { db, keyRing, caller } = context;
    const { items, nextCursor } = await readPage(keyRing, {
      place: { accountId: caller.accountId, list: ['accounts', q, status] },
      limit,
      cursor,
      read: (afterAccountId, atMost) => listAccountRecords(db, { q, status, afterAccountId, limit: atMost }),
      keyOf: ({ accountId }) => accountId,
    });
    return { items: items.map((row) => viewPlatformAccount(row, context)), nextCursor };
  },
};
