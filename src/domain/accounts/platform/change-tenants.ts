import { z } from 'zod';
import type { Operation, OperationContext } from '../../operation.ts';
import { accountIdField } from '../account-fields.ts';
import { findAccountRecord } from '../account-records-store.ts';
import { noSuchAccount, platformAccountResource } from '../account-resource.ts';
import { findAccountSettings, saveAccountSettings } from '../account-settings-store.ts';
import { type QuotaChanges, quotaChanges } from '../quotas.ts';
import { changeTenantStatus, lockExistingTenant } from './change-tenant-status.ts';
import { type PlatformAccountView, viewPlatformAccount } from './platform-account-view.ts';

const updateInput = z.strictObject({
  accountId: accountIdField,
  changes: z.strictObject({
    /** Either also brings back a deleted account. */
    status: z.enum(['active', 'suspended']).optional(),
    quotas: quotaChanges.optional(),
  }),
});

/** Suspends, brings back, and says how much the account may hold. */
export const updateTenant: Operation<z.infer<typeof updateInput>, undefined, PlatformAccountView> = {
  name: 'UpdateAccountById',
  action: 'postern:UpdateAccount',
  effect: 'change',
  input: updateInput,
  resource: (input) => platformAccountResource(input),
  auditDetails: ({ changes: { status, quotas } }) => ({
    ...(status === undefined ? {} : { status }),
    ...(quotas === undefined ? {} : { quotas }),
  }),
  perform: async (context, { accountId, changes: { status, quotas } }) => {
    const row = await lockExistingTenant(context, accountId);
    if (status !== undefined) await changeTenantStatus(context, row, status);
    if (quotas !== undefined) await setQuotas(context, accountId, quotas);
    const changed = await findAccountRecord(context.db, accountId);
    if (changed === undefined) throw noSuchAccount();
    return viewPlatformAccount(changed, context);
  },
};

async function setQuotas({ db }: OperationContext, accountId: string, changes: QuotaChanges): Promise<void> {
  const stored = (await findAccountSettings(db, accountId))?.quotas;
  const merged = Object.entries({ ...stored, ...changes }).filter(([, value]) => typeof value === 'number');
  await saveAccountSettings(db, accountId, { quotas: Object.fromEntries(merged) });
}

const deleteInput = z.strictObject({ accountId: accountIdField });

/** Ends the account at once; what it held can be brought back for 30 days, then it is erased. Its names and id go to nobody else, ever. */
export const deleteTenant: Operation<z.infer<typeof deleteInput>, undefined, undefined> = {
  name: 'DeleteAccountById',
  action: 'postern:DeleteAccount',
  effect: 'change',
  input: deleteInput,
  resource: (input) => platformAccountResource(input),
  perform: async (context, { accountId }) => {
    await changeTenantStatus(context, await lockExistingTenant(context, accountId), 'deleted');
    return undefined;
  },
};
