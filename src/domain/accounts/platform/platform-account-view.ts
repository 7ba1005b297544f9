import type { OperationContext } from '../../operation.ts';
import type { AccountRecord } from '../account-records-store.ts';
import { issuerUrl } from '../deployment.ts';
import { type Quotas, readQuotas } from '../quotas.ts';

/** An account as the platform sees it: nothing of what it holds. */
export interface PlatformAccountView {
  readonly accountId: string;
  /** Null where the account id serves. */
  readonly alias: string | null;
  readonly logonUrl: string;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly isPlatform: boolean;
  /** When what a deleted account held is erased; until then it can be brought back. */
  readonly erasedFrom: Date | null;
  readonly quotas: Quotas;
  readonly createdAt: Date;
}

export const viewPlatformAccount = (
  row: AccountRecord,
  deployment: Pick<OperationContext, 'publicUrl'>,
): PlatformAccountView => ({
  accountId: row.accountId,
  alias: row.alias,
  logonUrl: issuerUrl(deployment, row.alias ?? row.accountId),
  status: row.status,
  isPlatform: row.isPlatform,
  erasedFrom: row.erasedFrom,
  quotas: readQuotas(row.quotas ?? undefined),
  createdAt: row.createdAt,
});
