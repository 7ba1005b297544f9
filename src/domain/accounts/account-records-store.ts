import { and, asc, eq, gt, isNotNull, ne, or } from 'drizzle-orm';
import { anyContains } from '../../storage/db/containing.ts';
import type { Database } from '../../storage/db/database.ts';
import { accountSettings } from '../../storage/db/schema/account-settings.ts';
import { accounts, aliases } from '../../storage/db/schema/accounts.ts';

const columns = {
  accountId: accounts.accountId,
  alias: aliases.alias,
  status: accounts.status,
  isPlatform: accounts.isPlatform,
  erasedFrom: accounts.erasedFrom,
  createdAt: accounts.createdAt,
  quotas: accountSettings.quotas,
  helpText: accountSettings.helpText,
  auditRetentionDays: accountSettings.auditRetentionDays,
};

/** An account with its present name and what was set for it. */
const records = (db: Database) =>
  db
    .select(columns)
    .from(accounts)
    .leftJoin(aliases, and(eq(aliases.accountId, accounts.accountId), eq(aliases.state, 'current')))
    .leftJoin(accountSettings, eq(accountSettings.accountId, accounts.accountId));

/** Of an erased account only the names and the id are left, which nobody can have again: it is there for nobody. */
const notErased = or(ne(accounts.status, 'deleted'), isNotNull(accounts.erasedFrom));

export async function findAccountRecord(db: Database, accountId: string) {
  const [row] = await records(db).where(and(eq(accounts.accountId, accountId), notErased));
  return row;
}

export type AccountRecord = NonNullable<Awaited<ReturnType<typeof findAccountRecord>>>;

/** One page in the order of ids. */
export interface AccountListFilter {
  readonly q?: string | undefined;
  readonly status?: AccountRecord['status'] | undefined;
  readonly afterAccountId?: string | undefined;
  readonly limit: number;
}

export async function listAccountRecords(
  db: Database,
  { q, status, afterAccountId, limit }: AccountListFilter,
): Promise<AccountRecord[]> {
  return await records(db)
    .where(
      and(
        notErased,
        status === undefined ? undefined : eq(accounts.status, status),
        afterAccountId === undefined ? undefined : gt(accounts.accountId, afterAccountId),
        q === undefined ? undefined : or(anyContains([aliases.alias], q), eq(accounts.accountId, q)),
      ),
    )
    .orderBy(asc(accounts.accountId))
    .limit(limit);
}
