import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { desc, sql } from 'drizzle-orm';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { bigint, pgSchema, serial, text } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Database } from './database.ts';
import { findCause } from './violations.ts';

/** drizzle-kit's own ledger, so that its tools work on the same database. */
const migrationsSchema = pgSchema('drizzle');
const appliedMigrations = migrationsSchema.table('__drizzle_migrations', {
  id: serial('id').primaryKey(),
  hash: text('hash').notNull(),
  createdAt: bigint('created_at', { mode: 'number' }),
});

const journal = z.object({ entries: z.array(z.object({ when: z.number() })).min(1) });

/** Any number that nothing else on this database uses: the lock's name. */
const lockId = 7_301_864_402;
const retryMs = 100;
const maxWaitMs = 10 * 60_000;

/**
 * Brings the database to the schema of this release: all due migrations in one transaction, under a lock that other processes
 * starting at the same time wait for. One small query when nothing is due; a database ahead of this release is left alone.
 * Errors: StoreUnavailableError; a failed statement as it is, with nothing applied.
 */
export async function migrate(db: Database, folder = defaultFolder()): Promise<void> {
  const newest = await readNewest(folder);
  const deadline = Date.now() + maxWaitMs;
  while ((await readApplied(db)) < newest) {
    if (await db.transaction((transaction) => applyUnderLock(transaction, folder))) return;
    if (Date.now() > deadline) throw new Error('another process holds the migration lock for too long');
    await delay(retryMs);
  }
}

function defaultFolder(): string {
  return fileURLToPath(new URL('../../../drizzle', import.meta.url));
}

async function readNewest(folder: string): Promise<number> {
  const { entries } = journal.parse(JSON.parse(await readFile(`${folder}/meta/_journal.json`, 'utf8')));
  return Math.max(...entries.map(({ when }) => when));
}

/** When the newest applied migration was made, ms; 0 on an empty database. */
async function readApplied(db: Database): Promise<number> {
  try {
    return await readLedger(db);
  } catch (error) {
    if (findCause(error, ({ code }) => code === '42P01') !== undefined) return 0;
    throw error;
  }
}

async function readLedger(db: Database): Promise<number> {
  const { createdAt } = appliedMigrations;
  const [last] = await db.select({ createdAt }).from(appliedMigrations).orderBy(desc(createdAt)).limit(1);
  return last?.createdAt ?? 0;
}

/** `false` when another process is at it. The lock is asked for rather than waited for: statements have a time limit. */
async function applyUnderLock(transaction: Database, folder: string): Promise<boolean> {
  const locked = sql<boolean>`pg_try_advisory_xact_lock(${sql.raw(String(lockId))})`;
  const [row] = await transaction.select({ locked }).from(sql`(select 1) as one`);
  if (row?.locked !== true) return false;
  await transaction.execute(sql`create schema if not exists drizzle`);
  await transaction.execute(
    sql`create table if not exists ${appliedMigrations} (id serial primary key, hash text not null, created_at bigint)`,
  );
  const applied = await readLedger(transaction);
  const due = readMigrationFiles({ migrationsFolder: folder }).filter(({ folderMillis }) => folderMillis > applied);
  for (const migration of due) await applyMigration(transaction, migration);
  return true;
}

async function applyMigration(transaction: Database, migration: MigrationMeta): Promise<void> {
  for (const statement of migration.sql) await transaction.execute(sql.raw(statement));
  await transaction.insert(appliedMigrations).values({ hash: migration.hash, createdAt: migration.folderMillis });
}
