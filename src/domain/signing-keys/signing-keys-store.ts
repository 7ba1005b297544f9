import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { signingKeys } from '../../storage/db/schema/signing-keys.ts';

export async function insertSigningKey(
  db: Database,
  key: Omit<typeof signingKeys.$inferInsert, 'signsFrom' | 'createdAt'>,
  signsInSeconds: number,
): Promise<void> {
  await db.insert(signingKeys).values({ ...key, signsFrom: sql`now() + make_interval(secs => ${signsInSeconds})` });
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
    .where(
      and(
        eq(signingKeys.accountId, accountId),
        or(isNull(signingKeys.retiresAt), gt(signingKeys.retiresAt, sql`now()`)),
      ),
    )
    .orderBy(asc(signingKeys.createdAt), asc(signingKeys.kid));
}
