import { and, eq, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { sessionEndings } from '../../storage/db/schema/logout-deliveries.ts';

/** The order to tell the apps of everybody (or somebody) of whom sessions have just died. */
export interface SessionEnding {
  readonly sessionEndingId: number;
  readonly accountId: string;
  /** Null: everybody of the account. */
  readonly userId: string | null;
}

/**
 * The part of a statement that orders the endings of a user, for statements that raise the user's epoch or remove the user: they answer
 * `account_id` and `user_id` of the rows they changed under the name `ended`. What has changed nothing orders nothing.
 */
export const orderedEndings = (db: Database) =>
  db
    .$with('ordered', {})
    .as(sql`insert into ${sessionEndings} (account_id, user_id) select account_id, user_id from ended`);

/** The same for a whole account, in the transaction that raises its epoch or releases one of its names. */
export async function insertAccountEnding(tx: Database, accountId: string): Promise<void> {
  await tx.insert(sessionEndings).values({ accountId });
}

/** Seconds that whoever claims an order has for it before others may take it up. */
const leaseSeconds = 30;

const fromNow = sql`now() + make_interval(secs => ${leaseSeconds})`;

/**
 * Takes up the order that has waited longest; of racing callers, whatever their process, each gets another. Those of whole accounts take long
 * and are left alone unless asked for.
 */
export async function claimSessionEnding(
  db: Database,
  { wholeAccounts }: { readonly wholeAccounts: boolean },
): Promise<SessionEnding | undefined> {
  const isWanted = wholeAccounts ? undefined : isNotNull(sessionEndings.userId);
  const due = db
    .select({ id: sessionEndings.sessionEndingId })
    .from(sessionEndings)
    .where(and(lte(sessionEndings.dueAt, sql`now()`), isWanted))
    .orderBy(sessionEndings.dueAt, sessionEndings.sessionEndingId)
    .limit(1)
    .for('update', { skipLocked: true });
  const [row] = await db
    .update(sessionEndings)
    .set({ dueAt: fromNow })
    // As an array it is picked once; as a plain IN the planner may pick again.
    .where(sql`${sessionEndings.sessionEndingId} = any(array${due})`)
    .returning({
      sessionEndingId: sessionEndings.sessionEndingId,
      accountId: sessionEndings.accountId,
      userId: sessionEndings.userId,
    });
  return row;
}

/** Keeps others away from an order that takes its time. */
export async function prolongSessionEnding(db: Database, sessionEndingId: number): Promise<void> {
  await db.update(sessionEndings).set({ dueAt: fromNow }).where(eq(sessionEndings.sessionEndingId, sessionEndingId));
}

export async function deleteSessionEnding(db: Database, sessionEndingId: number): Promise<void> {
  await db.delete(sessionEndings).where(eq(sessionEndings.sessionEndingId, sessionEndingId));
}
