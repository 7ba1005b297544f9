import type { OperationContext } from '../operation.ts';
import { defaultAuditRetentionDays } from './account-fields.ts';
import { noSuchAccount } from './account-resource.ts';
import { findAccountRecord } from './account-records-store.ts';
import { issuerUrl } from './deployment.ts';

/** An account as its own users see it. */
export interface AccountView {
  readonly accountId: string;
  /** Null where the account id serves. */
  readonly alias: string | null;
  readonly defaultDomain: string;
  readonly logonUrl: string;
  readonly status: 'active' | 'suspended' | 'deleted';
  readonly isPlatform: boolean;
  readonly helpText: string | null;
  readonly auditRetentionDays: number;
  readonly createdAt: Date;
}

/** What stands behind the `@` of the account's logon names. */
export const defaultDomainOf = (issuerName: string, logonDomain: string): string => `${issuerName}.${logonDomain}`;

export async function viewOwnAccount(
  context: Pick<OperationContext, 'db' | 'caller' | 'publicUrl' | 'logonDomain'>,
): Promise<AccountView> {
  const row = await findAccountRecord(context.db, context.caller.accountId);
  if (row === undefined) throw noSuchAccount();
  const issuerName = row.alias ?? row.accountId;
  return {
    accountId: row.accountId,
    alias: row.alias,
    defaultDomain: defaultDomainOf(issuerName, context.logonDomain),
    logonUrl: issuerUrl(context, issuerName),
    status: row.status,
    isPlatform: row.isPlatform,
    helpText: row.helpText,
    auditRetentionDays: row.auditRetentionDays ?? defaultAuditRetentionDays,
    createdAt: row.createdAt,
  };
}
