import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { aliases } from '../../storage/db/schema/accounts.ts';

export type AliasRow = typeof aliases.$inferSelect;

/** Every name the account ever had, in their order. */
export async function listAliases(db: Database, accountId: string): Promise<AliasRow[]> {
  return await db.select().from(aliases).where(eq(aliases.accountId, accountId)).orderBy(asc(aliases.alias));
}

/** Answers whether the account had this name at all. */
export async function updateAliasState(
  tx: Database,
  { accountId, alias }: Pick<AliasRow, 'accountId' | 'alias'>,
  state: AliasRow['state'],
): Promise<boolean> {
  const rows = await tx
    .update(aliases)
    .set({ state, releasedAt: state === 'released' ? sql`now()` : null })
    .where(and(eq(aliases.accountId, accountId), eq(aliases.alias, alias)))
    .returning({ alias: aliases.alias });
  return rows.length === 1;
}
