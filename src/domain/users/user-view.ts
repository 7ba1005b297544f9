import { userPrincipalName } from '../logon/logon-name.ts';
import type { OperationContext } from '../operation.ts';
import { findLogonAlias, type UserRow } from './users-store.ts';

/** A user as callers see one. */
export interface UserView {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string;
  readonly logonName: string;
  readonly email: string | null;
  readonly mobilePhone: string | null;
  readonly comments: string | null;
  readonly status: 'active' | 'frozen';
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLogonAt: Date | null;
}

/** The names by which a user of the account logs on: `<user>@<alias>.<logon domain>`, at `PUBLIC_URL/<alias>`. */
export interface LogonAddresses {
  readonly alias: string;
  readonly logonDomain: string;
  readonly publicUrl: string;
}

type AddressContext = Pick<OperationContext, 'db' | 'caller' | 'logonDomain' | 'publicUrl'>;

export async function logonAddresses({ db, caller, logonDomain, publicUrl }: AddressContext): Promise<LogonAddresses> {
  return { alias: await findLogonAlias(db, caller.accountId), logonDomain, publicUrl };
}

/** The account's own logon page, the link administrators hand out. */
export const logonUrlOf = ({ publicUrl, alias }: LogonAddresses): string => `${publicUrl}/${alias}`;

export const viewUser = (row: UserRow, addresses: LogonAddresses): UserView => ({
  userId: row.userId,
  userName: row.userName,
  displayName: row.displayName,
  logonName: userPrincipalName(row.userName, addresses.alias, addresses.logonDomain),
  email: row.email,
  mobilePhone: row.mobilePhone,
  comments: row.comments,
  status: row.status,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  lastLogonAt: row.lastLogonAt,
});
