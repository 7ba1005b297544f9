import { sql } from 'drizzle-orm';
import { afterAll } from 'vitest';
import type { Database } from '../../src/storage/db/database.ts';
import { migrate } from '../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../src/storage/db/pglite.ts';

/** A database of its own in the memory of this process, with the real migrations; closed after the test file. */
export async function openTestDatabase(): Promise<Database> {
  const handle = await openEmbedded('memory');
  afterAll(() => handle.close());
  await migrate(handle.db);
  return handle.db;
}

/** Empties every table but the ledger of migrations; milliseconds, where a new database costs most of a second. */
export async function emptyTestDatabase(db: Database): Promise<void> {
  const tables = await db
    .select({ name: sql<string>`tablename` })
    .from(sql`pg_tables`)
    .where(sql`schemaname = 'public'`);
  const names = sql.join(
    tables.map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  await db.execute(sql`truncate ${names} restart identity cascade`);
}
