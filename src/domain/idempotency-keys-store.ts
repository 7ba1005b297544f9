import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { Database } from '../storage/db/database.ts';
import { idempotencyKeys } from '../storage/db/schema/idempotency-keys.ts';

/** Whose key it is; `keyHash` is the SHA-256 of the client's key. */
export interface IdempotencyKey {
  readonly accountId: string;
  readonly userId: string;
  readonly keyHash: string;
}

/** What a creation answered, without its secrets. */
export interface StoredAnswer {
  readonly requestHash: string;
  readonly status: number;
  readonly answer: unknown;
  readonly location: string | null;
}

/** How long a replay is answered (hours). */
const lifeHours = 24;

const matches = ({ accountId, userId, keyHash }: IdempotencyKey) =>
  and(
    eq(idempotencyKeys.accountId, accountId),
    eq(idempotencyKeys.userId, userId),
    eq(idempotencyKeys.keyHash, keyHash),
  );

/** What was answered under this key, if that is not too long ago. */
export async function findStoredAnswer(db: Database, key: IdempotencyKey): Promise<StoredAnswer | undefined> {
  const [row] = await db
    .select()
    .from(idempotencyKeys)
    .where(and(matches(key), gt(idempotencyKeys.expiresAt, sql`now()`)));
  return row;
}

/**
 * Claims a key inside the transaction of the creation. Of racing callers one gets `true`; the others wait for its transaction to end, and
 * get `false` if it was kept. A key past its time is free again.
 */
export async function claimIdempotencyKey(tx: Database, key: IdempotencyKey, requestHash: string): Promise<boolean> {
  await tx.delete(idempotencyKeys).where(and(matches(key), lte(idempotencyKeys.expiresAt, sql`now()`)));
  const expiresAt = sql`now() + make_interval(hours => ${lifeHours}::int)`;
  const rows = await tx
    .insert(idempotencyKeys)
    .values({ ...key, requestHash, status: 0, answer: {}, expiresAt })
    .onConflictDoNothing()
    .returning({ keyHash: idempotencyKeys.keyHash });
  return rows.length === 1;
}

/** Keeps the answer of a claimed key, in the transaction that claimed it. */
export async function keepAnswer(
  tx: Database,
  key: IdempotencyKey,
  { status, answer, location }: Omit<StoredAnswer, 'requestHash'>,
): Promise<void> {
  await tx.update(idempotencyKeys).set({ status, answer, location }).where(matches(key));
}

/** Forgets keys past their time, at most `limit` at once; answers how many. */
export async function deleteExpiredIdempotencyKeys(db: Database, limit: number): Promise<number> {
  const due = db
    .select({ ctid: sql`ctid` })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, sql`now()`))
    .limit(limit);
  const rows = await db
    .delete(idempotencyKeys)
    .where(sql`ctid in ${due}`)
    .returning({ keyHash: idempotencyKeys.keyHash });
  return rows.length;
}
