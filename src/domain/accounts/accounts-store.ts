import { and, eq, ne, sql } from 'drizzle-orm';
import { alias as aliasedTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../storage/db/database.ts';
import { accounts, aliases } from '../../storage/db/schema/accounts.ts';
import { insertAccountEnding } from '../sessions/session-endings-store.ts';

export type AccountRow = typeof accounts.$inferSelect;

export async function insertAccount(db: Database, account: { accountId: string; isPlatform: boolean }): Promise<void> {
  await db.insert(accounts).values(account);
}

/** Answers false when the name belongs to somebody, now or ever. */
export async function insertCurrentAlias(db: Database, alias: string, accountId: string): Promise<boolean> {
  const rows = await db
    .insert(aliases)
    .values({ alias, accountId, state: 'current' })
    .onConflictDoNothing()
    .returning({ alias: aliases.alias });
  return rows.length === 1;
}

export async function countAccounts(db: Database): Promise<number> {
  return await db.$count(accounts);
}

/** The account that an issuer name (alias in use, or account id) stands for, and the alias it goes by now. */
export interface IssuerRow {
  readonly accountId: string;
  readonly revision: number;
  readonly status: AccountRow['status'];
  /** The account id where no alias is set. */
  readonly currentAlias: string;
}

const current = aliasedTable(aliases, 'current_alias');
const isCurrentOfAccount = and(eq(current.accountId, accounts.accountId), eq(current.state, 'current'));

export async function findIssuer(db: Database, name: string): Promise<IssuerRow | undefined> {
  const columns = {
    accountId: accounts.accountId,
    revision: accounts.revision,
    status: accounts.status,
    currentAlias: sql<string>`coalesce(${current.alias}, ${accounts.accountId})`,
  };
  if (/^[0-9]+$/.test(name)) {
    const [row] = await db
      .select(columns)
      .from(accounts)
      .leftJoin(current, isCurrentOfAccount)
      .where(and(eq(accounts.accountId, name), ne(accounts.status, 'deleted')));
    return row;
  }
  const [row] = await db
    .select(columns)
    .from(aliases)
    .innerJoin(accounts, eq(accounts.accountId, aliases.accountId))
    .leftJoin(current, isCurrentOfAccount)
    .where(and(eq(aliases.alias, name), ne(aliases.state, 'released'), ne(accounts.status, 'deleted')));
  return row;
}

/** Serialises whatever must not be decided twice at once in an account (quotas, the last administrator). Inside a transaction only. */
export async function lockAccount(tx: Database, accountId: string): Promise<void> {
  await tx
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(eq(accounts.accountId, accountId))
    .for('update');
}

/** Makes every process take a new look at the account: its revision rises. */
export async function touchAccount(db: Database, accountId: string): Promise<void> {
  await db.update(accounts).set({ accountId }).where(eq(accounts.accountId, accountId));
}

/** Kills every session, code and token of the account at once (each carries the epoch it was made in), and orders that the apps are told. */
export async function raiseAccountEpoch(tx: Database, accountId: string): Promise<void> {
  await tx
    .update(accounts)
    .set({ epoch: sql`${accounts.epoch} + 1` })
    .where(eq(accounts.accountId, accountId));
  await insertAccountEnding(tx, accountId);
}
