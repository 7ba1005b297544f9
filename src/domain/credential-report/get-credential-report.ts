import { z } from 'zod';
import { accountResource } from '../accounts/account-resource.ts';
import { loadPasswordPolicy, passwordExpiry, type PasswordPolicy } from '../accounts/password-policy.ts';
import { openCursor, sealCursor } from '../list-cursor.ts';
import { userPrincipalName } from '../logon/logon-name.ts';
import type { Operation } from '../operation.ts';
import { type LogonAddresses, logonAddresses } from '../users/user-view.ts';
import {
  findMostAccessKeys,
  listReportKeys,
  listReportUsers,
  type ReportKeyRow,
  type ReportUserRow,
} from './credential-report-store.ts';

const getCredentialReportInput = z.strictObject({
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(1024).optional(),
});

/** One user's means of logging on (RAM's credential report). There is no row for an account's owner: nobody is above its policies. */
export interface CredentialReportItem {
  readonly userName: string;
  readonly logonName: string;
  readonly createdAt: Date;
  readonly lastLogonAt: Date | null;
  /** Null where the user has none. */
  readonly password: {
    readonly active: boolean;
    readonly lastChangedAt: Date;
    /** By the account's policy; null where it sets no age. */
    readonly nextRotationAt: Date | null;
  } | null;
  readonly mfaActive: boolean;
  readonly accessKeys: readonly {
    readonly accessKeyId: string;
    readonly active: boolean;
    /** A key is rotated by making another. */
    readonly lastRotatedAt: Date;
    readonly lastUsedAt: Date | null;
  }[];
}

export interface CredentialReportPage {
  readonly items: readonly CredentialReportItem[];
  /** How many keys the user with the most of them has, in the whole account: a table needs room for so many. */
  readonly mostAccessKeys: number;
  readonly nextCursor?: string | undefined;
}

/** Every user of the account and how they can log on, page by page in the order of names, as things are now. */
export const getCredentialReport: Operation<
  z.infer<typeof getCredentialReportInput>,
  undefined,
  CredentialReportPage
> = {
  name: 'GetCredentialReport',
  action: 'ram:GetCredentialReport',
  effect: 'read',
  input: getCredentialReportInput,
  resource: (_input, caller) => accountResource(caller),
  perform: async (context, { limit, cursor }) => {
    const { db, keyRing, caller } = context;
    const place = { accountId: caller.accountId, list: ['credential-report'] };
    const afterKey = cursor === undefined ? undefined : openCursor(keyRing, cursor, place);
    const rows = await listReportUsers(db, caller.accountId, { afterKey, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const keys = Map.groupBy(
      await listReportKeys(
        db,
        page.map(({ userId }) => userId),
      ),
      ({ userId }) => userId,
    );
    const addresses = await logonAddresses(context);
    const policy = await loadPasswordPolicy(db, caller.accountId);
    const items = page.map((row) => viewItem(row, keys.get(row.userId) ?? [], { addresses, policy }));
    const mostAccessKeys = await findMostAccessKeys(db, caller.accountId);
    const last = page.at(-1);
    return rows.length > limit && last !== undefined
      ? { items, mostAccessKeys, nextCursor: sealCursor(keyRing, last.userNameKey, place) }
      : { items, mostAccessKeys };
  },
};

interface ViewContext {
  readonly addresses: LogonAddresses;
  readonly policy: PasswordPolicy;
}

const viewItem = (row: ReportUserRow, keys: readonly ReportKeyRow[], context: ViewContext): CredentialReportItem => ({
  userName: row.userName,
  logonName: userPrincipalName(row.userName, context.addresses.alias, context.addresses.logonDomain),
  createdAt: row.createdAt,
  lastLogonAt: row.lastLogonAt,
  password: viewPassword(row, context),
  mfaActive: row.mfaActive,
  accessKeys: keys.map((key) => ({
    accessKeyId: key.accessKeyId,
    active: key.status === 'active' && row.status === 'active',
    lastRotatedAt: key.createdAt,
    lastUsedAt: key.lastUsedAt,
  })),
});

function viewPassword({ status, profileStatus, passwordSetAt }: ReportUserRow, { policy }: ViewContext) {
  if (passwordSetAt === null) return null;
  return {
    active: profileStatus === 'active' && status === 'active',
    lastChangedAt: passwordSetAt,
    nextRotationAt: passwordExpiry(passwordSetAt, policy),
  };
}
