import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { passwordHistory } from '../../storage/db/schema/password-history.ts';

interface HistoryOwner {
  readonly accountId: string;
  readonly userId: string;
}

/** Hashes of the user's former passwords, the latest first. */
export async function listFormerHashes(db: Database, userId: string, limit: number): Promise<string[]> {
  if (limit === 0) return [];
  const rows = await db
    .select({ passwordHash: passwordHistory.passwordHash })
    .from(passwordHistory)
    .where(eq(passwordHistory.userId, userId))
    .orderBy(desc(passwordHistory.passwordHistoryId))
    .limit(limit);
  return rows.map(({ passwordHash }) => passwordHash);
}

/** Adds a password that is one no more, and forgets all but the latest `keep`. In the transaction of the change, with the user locked. */
export async function keepFormerHash(
  tx: Database,
  { accountId, userId }: HistoryOwner,
  passwordHash: string,
  keep: number,
): Promise<void> {
  if (keep > 0) await tx.insert(passwordHistory).values({ accountId, userId, passwordHash });
  const kept = sql`select ${passwordHistory.passwordHistoryId} from ${passwordHistory}
    where ${passwordHistory.userId} = ${userId} order by ${passwordHistory.passwordHistoryId} desc limit ${keep}`;
  await tx
    .delete(passwordHistory)
    .where(and(eq(passwordHistory.userId, userId), sql`${passwordHistory.passwordHistoryId} not in (${kept})`));
}
