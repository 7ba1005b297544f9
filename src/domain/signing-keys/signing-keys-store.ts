import { and, asc, desc, eq, gt, isNotNull, isNull, notInArray, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { signingKeys } from '../../storage/db/schema/signing-keys.ts';

export async function insertSigningKey(
  db: Database,
  key: Omit<typeof signingKeys.$inferInsert, 'signsFrom' | 'createdAt'>,
  signsInSeconds: number,
): Promise<void> {
  await db.insert(signingKeys).values({ ...key, signsFrom: sql`now() + make_interval(secs => ${signsInSeconds})` });
}

/** The clock of this moment: `now()` is when a transaction began, and one that waited for the account's lock would not see what went before it. */
const atThisMoment = sql`clock_timestamp()`;

const isPublished = or(isNull(signingKeys.retiresAt), gt(signingKeys.retiresAt, atThisMoment));

/** What may be told of keys, those that were retired included; oldest first. */
export async function listSigningKeys(db: Database, accountId: string) {
  return await db
    .select({
      kid: signingKeys.kid,
      alg: signingKeys.alg,
      signsNow: sql<boolean>`${signingKeys.signsFrom} <= ${atThisMoment}`,
      isPublished: sql<boolean>`${isPublished}`,
      createdAt: signingKeys.createdAt,
      signsFrom: signingKeys.signsFrom,
      retiresAt: signingKeys.retiresAt,
    })
    .from(signingKeys)
    .where(eq(signingKeys.accountId, accountId))
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
}

export type SigningKeyRow = Awaited<ReturnType<typeof listSigningKeys>>[number];

/** From now on it is not published, and `privateJwkSealed` takes the place of what it signed with. */
export async function retireSigningKey(tx: Database, kid: string, privateJwkSealed: string): Promise<void> {
  // Cut to what the column holds: rounded up, it would lie a moment ahead.
  const retiresAt = sql`date_trunc('milliseconds', now())`;
  await tx.update(signingKeys).set({ retiresAt, privateJwkSealed }).where(eq(signingKeys.kid, kid));
}

/** Forgets retired keys but the newest `keep`. */
export async function forgetRetiredSigningKeys(tx: Database, accountId: string, keep: number): Promise<void> {
  const isRetired = and(eq(signingKeys.accountId, accountId), isNotNull(signingKeys.retiresAt));
  const newest = tx
    .select({ kid: signingKeys.kid })
    .from(signingKeys)
    .where(isRetired)
    .orderBy(desc(signingKeys.retiresAt), desc(signingKeys.kid))
    .limit(keep);
  await tx.delete(signingKeys).where(and(isRetired, notInArray(signingKeys.kid, newest)));
}

/** Keys of an account that are published now, oldest first; `signsNow` by the database's clock. */
export async function listPublishedSigningKeys(db: Database, accountId: string) {
  return await db
    .select({
      kid: signingKeys.kid,
      alg: signingKeys.alg,
      privateJwkSealed: signingKeys.privateJwkSealed,
      signsNow: sql<boolean>`${signingKeys.signsFrom} <= now()`,
      /** Seconds until the next change that time alone brings for this key; null when none is due. */
      changesInSeconds: sql<number | null>`extract(epoch from least(
        case when ${signingKeys.signsFrom} > now() then ${signingKeys.signsFrom} end,
        ${signingKeys.retiresAt}) - now())`.mapWith((value) => (value === null ? null : Number(value))),
    })
    .from(signingKeys)
    .where(and(eq(signingKeys.accountId, accountId), isPublished))
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
}
