import { asc, gt, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { isSealedUnderFirstKey, open, seal } from '../../crypto/envelope.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { Database } from '../../storage/db/database.ts';
import { accessKeys } from '../../storage/db/schema/access-keys.ts';
import { mfaDevices } from '../../storage/db/schema/mfa-devices.ts';
import { signingKeys } from '../../storage/db/schema/signing-keys.ts';

/** A column of sealed values; `place` is what they were sealed for. */
interface SealedColumn {
  readonly table: PgTable;
  readonly id: PgColumn;
  readonly accountId: PgColumn;
  readonly sealed: PgColumn;
  readonly place: string;
}

/** Every column that holds sealed values. One that is missing here would be lost when its key leaves the ring. */
export const sealedColumns: readonly SealedColumn[] = [
  {
    table: accessKeys,
    id: accessKeys.accessKeyId,
    accountId: accessKeys.accountId,
    sealed: accessKeys.secretSealed,
    place: 'access_keys.secret_sealed',
  },
  {
    table: mfaDevices,
    id: mfaDevices.mfaDeviceId,
    accountId: mfaDevices.accountId,
    sealed: mfaDevices.secretSealed,
    place: 'mfa_devices.secret_sealed',
  },
  {
    table: signingKeys,
    id: signingKeys.kid,
    accountId: signingKeys.accountId,
    sealed: signingKeys.privateJwkSealed,
    place: 'signing_keys.private_jwk_sealed',
  },
];

interface SealedValue {
  readonly id: string;
  readonly accountId: string;
  readonly sealed: string;
}

/** `failed`: values that no key of the ring opens; they are left as they are. */
export interface RewrapResult {
  readonly rewrapped: number;
  readonly failed: number;
}

const batchSize = 200;

/**
 * Seals everything again that is not under the ring's first key, so that the older keys can leave the ring. Works beside
 * running servers: a value changed meanwhile is not touched. Interrupted, it goes on where it is needed when run again.
 */
export async function rewrapSealedValues(db: Database, ring: KeyRing): Promise<RewrapResult> {
  let [rewrapped, failed] = [0, 0];
  for (const column of sealedColumns) {
    for await (const value of sealedValues(db, column)) {
      if (isSealedUnderFirstKey(ring, value.sealed)) continue;
      if (await rewrapValue(db, ring, column, value)) rewrapped += 1;
      else failed += 1;
    }
  }
  return { rewrapped, failed };
}

async function* sealedValues(db: Database, column: SealedColumn): AsyncGenerator<SealedValue> {
  let batch: SealedValue[];
  let after = '';
  do {
    batch = await listSealedValues(db, column, after);
    yield* batch;
    after = batch.at(-1)?.id ?? after;
  } while (batch.length === batchSize);
}

async function listSealedValues(db: Database, column: SealedColumn, after: string): Promise<SealedValue[]> {
  const { id, accountId, sealed } = column;
  return await db
    .select({ id: sql<string>`${id}`, accountId: sql<string>`${accountId}`, sealed: sql<string>`${sealed}` })
    .from(column.table)
    .where(gt(id, after))
    .orderBy(asc(id))
    .limit(batchSize);
}

async function rewrapValue(db: Database, ring: KeyRing, column: SealedColumn, value: SealedValue): Promise<boolean> {
  const place = { accountId: value.accountId, row: value.id, column: column.place };
  const again = resealed(ring, value.sealed, place);
  if (again === undefined) return false;
  const name = sql.identifier(column.sealed.name);
  await db.execute(
    sql`update ${column.table} set ${name} = ${again} where ${column.id} = ${value.id} and ${column.sealed} = ${value.sealed}`,
  );
  return true;
}

function resealed(ring: KeyRing, sealed: string, place: Parameters<typeof seal>[2]): string | undefined {
  try {
    return seal(ring, open(ring, sealed, place), place);
  } catch {
    return undefined;
  }
}
