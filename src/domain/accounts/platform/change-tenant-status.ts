import { AppError } from '../../app-error.ts';
import type { OperationContext } from '../../operation.ts';
import { noSuchAccount } from '../account-resource.ts';
import type { AccountRow } from '../accounts-store.ts';
import { lockTenant, updateTenantStatus } from './tenants-store.ts';
import { tellAccount } from './tell-account.ts';

/** How long a deleted account can be brought back. */
const graceDays = 30;

/** The row of an account that is there, held until the transaction ends. Throws `EntityNotExist.Account`; an erased one is not there. */
export async function lockExistingTenant({ db }: Pick<OperationContext, 'db'>, accountId: string): Promise<AccountRow> {
  const row = await lockTenant(db, accountId);
  if (row === undefined || (row.status === 'deleted' && row.erasedFrom === null)) throw noSuchAccount();
  return row;
}

/**
 * Suspends, deletes or brings back. Whatever was issued in an account that is not active any more is dead before this answers, and stays so
 * when the account comes back. Throws `DeleteConflict.Account` for the platform's own.
 */
export async function changeTenantStatus(
  { db, caller }: Pick<OperationContext, 'db' | 'caller'>,
  row: AccountRow,
  status: AccountRow['status'],
): Promise<void> {
  if (row.status === status) return;
  if (row.isPlatform) throw new AppError('DeleteConflict.Account', 'The platform account itself stays active.');
  const { accountId } = row;
  await updateTenantStatus(db, accountId, status, graceDays);
  const action = status === 'deleted' ? 'postern:DeleteAccount' : 'postern:UpdateAccount';
  await tellAccount(db, caller, { accountId, action, details: { status } });
}
