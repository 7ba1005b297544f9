import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { accounts } from '../../storage/db/schema/accounts.ts';
import { users } from '../../storage/db/schema/users.ts';

export type AccessKeyRow = typeof accessKeys.$inferSelect;

interface KeyOfUser {
  readonly userId: string;
  readonly accessKeyId: string;
}

const matches = ({ userId, accessKeyId }: KeyOfUser) =>
  and(eq(accessKeys.userId, userId), eq(accessKeys.accessKeyId, accessKeyId));

export async function insertAccessKeys(
  db: Database,
  keys: readonly (typeof accessKeys.$inferInsert)[],
): Promise<AccessKeyRow[]> {
  if (keys.length === 0) return [];
  return await db
    .insert(accessKeys)
    .values([...keys])
    .returning();
}

export async function countAccessKeys(db: Database, userId: string): Promise<number> {
  return await db.$count(accessKeys, eq(accessKeys.userId, userId));
}

export async function listAccessKeys(db: Database, userId: string): Promise<AccessKeyRow[]> {
  return await db
    .select()
    .from(accessKeys)
    .where(eq(accessKeys.userId, userId))
    .orderBy(asc(accessKeys.createdAt), asc(accessKeys.accessKeyId));
}

export async function findAccessKey(db: Database, key: KeyOfUser): Promise<AccessKeyRow | undefined> {
  const [row] = await db.select().from(accessKeys).where(matches(key));
  return row;
}

/** Disabling kills the tokens made with the key at once: its epoch rises. */
export async function updateAccessKeyStatus(
  db: Database,
  key: KeyOfUser,
  status: 'active' | 'inactive',
): Promise<AccessKeyRow | undefined> {
  const ends = status === 'inactive' ? { epoch: sql`${accessKeys.epoch} + 1` } : {};
  const [row] = await db
    .update(accessKeys)
    .set({ status, ...ends })
    .where(matches(key))
    .returning();
  return row;
}

/** The row goes, and with it whatever looks its epoch up. */
export async function deleteAccessKey(db: Database, key: KeyOfUser): Promise<boolean> {
  const rows = await db.delete(accessKeys).where(matches(key)).returning({ accessKeyId: accessKeys.accessKeyId });
  return rows.length === 1;
}

/** A key that may be used now, and the user it acts as. */
export interface UsableAccessKey {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly secretSealed: string;
  readonly epoch: number;
  readonly userEpoch: number;
}

/** Undefined unless key, user and account are all active and the key has not ended (by the database's clock). */
export async function findAccessKeyForAuthentication(
  db: Database,
  accessKeyId: string,
): Promise<UsableAccessKey | undefined> {
  const [row] = await db
    .select({
      accessKeyId: accessKeys.accessKeyId,
      accountId: accessKeys.accountId,
      userId: accessKeys.userId,
      userName: users.userName,
      secretSealed: accessKeys.secretSealed,
      epoch: accessKeys.epoch,
      userEpoch: users.epoch,
    })
    .from(accessKeys)
    .innerJoin(users, and(eq(users.userId, accessKeys.userId), eq(users.status, 'active')))
    .innerJoin(accounts, and(eq(accounts.accountId, accessKeys.accountId), eq(accounts.status, 'active')))
    .where(
      and(
        eq(accessKeys.accessKeyId, accessKeyId),
        eq(accessKeys.status, 'active'),
        or(isNull(accessKeys.expiresAt), gt(accessKeys.expiresAt, sql`now()`)),
      ),
    );
  return row;
}

/** When a key was last used, and for what. */
export interface AccessKeyUse {
  readonly accessKeyId: string;
  readonly at: Date;
  readonly service: string;
}

/**
 * Notes uses in one statement and answers the ids it dealt with. A later time stays; revision and `updatedAt` are left alone: nothing that anybody
 * keeps a copy of has changed. A row that somebody holds is passed over, so that this never takes part in a deadlock.
 */
export async function noteAccessKeyUses(db: Database, uses: readonly AccessKeyUse[]): Promise<string[]> {
  if (uses.length === 0) return [];
  const free = db
    .select({ accessKeyId: accessKeys.accessKeyId })
    .from(accessKeys)
    .where(
      inArray(
        accessKeys.accessKeyId,
        uses.map(({ accessKeyId }) => accessKeyId),
      ),
    )
    .for('update', { skipLocked: true });
  const values = sql.join(
    uses.map(({ accessKeyId, at, service }) => sql`(${accessKeyId}, ${at.toISOString()}::timestamptz, ${service})`),
    sql`, `,
  );
  const isLatest = sql`coalesce(${accessKeys.lastUsedAt} <= used.at, true)`;
  const rows = await db
    .update(accessKeys)
    .set({
      lastUsedAt: sql`greatest(${accessKeys.lastUsedAt}, used.at)`,
      lastUsedService: sql`case when ${isLatest} then used.service else ${accessKeys.lastUsedService} end`,
      revision: sql`${accessKeys.revision}`,
      updatedAt: sql`${accessKeys.updatedAt}`,
    })
    .from(sql`(values ${values}) as used (access_key_id, at, service)`)
    .where(and(eq(accessKeys.accessKeyId, sql`used.access_key_id`), inArray(accessKeys.accessKeyId, free)))
    .returning({ accessKeyId: accessKeys.accessKeyId });
  return rows.map(({ accessKeyId }) => accessKeyId);
}
