import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Database } from '../../../storage/db/database.ts';
import { accounts } from '../../../storage/db/schema/accounts.ts';
import { insertAccountEnding } from '../../sessions/session-endings-store.ts';
import type { AccountRow } from '../accounts-store.ts';

/** Finds an account and holds its row until the transaction ends. */
export async function lockTenant(tx: Database, accountId: string): Promise<AccountRow | undefined> {
  const [row] = await tx.select().from(accounts).where(eq(accounts.accountId, accountId)).for('update');
  return row;
}

/**
 * Sets the status; everything issued in the account ends unless it is active now, of which the apps are to be told. A deleted one keeps what it
 * holds for `graceDays`.
 */
export async function updateTenantStatus(
  tx: Database,
  accountId: string,
  status: AccountRow['status'],
  graceDays: number,
): Promise<void> {
  const ends = status === 'active' ? {} : { epoch: sql`${accounts.epoch} + 1` };
  const erasedFrom = status === 'deleted' ? sql`now() + make_interval(days => ${graceDays})` : null;
  await tx
    .update(accounts)
    .set({ status, erasedFrom, ...ends })
    .where(eq(accounts.accountId, accountId));
  if (status !== 'active') await insertAccountEnding(tx, accountId);
}

/** Of the accounts whose time has come the one that waits longest, held until the transaction ends; others may be at work on others. */
export async function lockDueTenant(tx: Database): Promise<string | undefined> {
  const [row] = await tx
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(and(eq(accounts.status, 'deleted'), lte(accounts.erasedFrom, sql`now()`)))
    .orderBy(asc(accounts.erasedFrom))
    .limit(1)
    .for('update', { skipLocked: true });
  return row?.accountId;
}

/** Nothing of it is left but its id and its names. */
export async function markErased(tx: Database, accountId: string): Promise<void> {
  await tx.update(accounts).set({ erasedFrom: null }).where(eq(accounts.accountId, accountId));
}

export async function findPlatformAccountId(db: Database): Promise<string | undefined> {
  const [row] = await db
    .select({ accountId: accounts.accountId })
    .from(accounts)
    .where(eq(accounts.isPlatform, true))
    .orderBy(asc(accounts.createdAt))
    .limit(1);
  return row?.accountId;
}
