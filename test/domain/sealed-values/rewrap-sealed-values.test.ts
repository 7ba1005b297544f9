import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { open, seal } from '../../../src/crypto/envelope.ts';
import { type KeyRing, newKeyRingEntry, parseKeyRing } from '../../../src/crypto/key-ring.ts';
import { newPrefixedId } from '../../../src/crypto/random-ids.ts';
import { rewrapSealedValues, sealedColumns } from '../../../src/domain/sealed-values/rewrap-sealed-values.ts';
import { accessKeys } from '../../../src/storage/db/schema/access-keys.ts';
import { type Harness, newAccount, openHarness } from '../operation-harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

function ringOf(text: string): KeyRing {
  const parsed = parseKeyRing(text);
  if ('faults' in parsed) throw new Error(parsed.faults.join());
  return parsed.ring;
}

const [k1, k2, k3] = ['k1', 'k2', 'k3'].map(newKeyRingEntry);
const placeOf = (accountId: string, id: string) => ({ accountId, row: id, column: 'access_keys.secret_sealed' });

async function insertKeys(ring: KeyRing, count: number): Promise<{ accountId: string; ids: string[] }> {
  const { accountId, admin } = await newAccount(harness);
  const ids = Array.from({ length: count }, () => newPrefixedId('PSTK'));
  const rows = ids.map((accessKeyId) => ({
    accessKeyId,
    accountId,
    userId: admin.userId,
    secretSealed: seal(ring, `secret of ${accessKeyId}`, placeOf(accountId, accessKeyId)),
  }));
  await harness.deps.db.insert(accessKeys).values(rows);
  return { accountId, ids };
}

const storedSecrets = () => harness.deps.db.select().from(accessKeys);

test('every column of the schema that holds sealed values is rewrapped', async () => {
  const folder = join(import.meta.dirname, '../../../src/storage/db/schema');
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  );
  const tables = modules.flatMap((one) => Object.values(one).filter((value): value is PgTable => is(value, PgTable)));
  const sealed = tables.flatMap((table) =>
    Object.values(getTableColumns(table))
      .filter(({ name }) => name.endsWith('_sealed'))
      .map(({ name }) => `${getTableConfig(table).name}.${name}`),
  );
  expect(sealed.length).toBeGreaterThan(2);
  expect(sealedColumns.map(({ place }) => place).sort()).toEqual(sealed.sort());
});

test('values of more than one batch open under the new key alone, at their place', async () => {
  await harness.deps.db.delete(accessKeys);
  const { accountId, ids } = await insertKeys(ringOf(`${k1}`), 450);
  expect(await rewrapSealedValues(harness.deps.db, ringOf(`${k2},${k1}`))).toEqual({ rewrapped: 450, failed: 0 });
  const rows = await storedSecrets();
  const opened = rows.map((row) => open(ringOf(`${k2}`), row.secretSealed, placeOf(accountId, row.accessKeyId)));
  expect(opened.sort()).toEqual(ids.map((id) => `secret of ${id}`).sort());
  expect(await rewrapSealedValues(harness.deps.db, ringOf(`${k2},${k1}`))).toEqual({ rewrapped: 0, failed: 0 });
});

test('what no key opens is counted and left as it is', async () => {
  await harness.deps.db.delete(accessKeys);
  await insertKeys(ringOf(`${k3}`), 2);
  const before = await storedSecrets();
  expect(await rewrapSealedValues(harness.deps.db, ringOf(`${k2},${k1}`))).toEqual({ rewrapped: 0, failed: 2 });
  expect(await storedSecrets()).toEqual(before);
});
