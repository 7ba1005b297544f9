import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database, DatabaseHandle } from '../../../src/storage/db/database.ts';
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../../src/storage/db/pglite.ts';
import { openPostgres } from '../../../src/storage/db/postgres.ts';
import { describeWithPostgres } from '../../support/describe-with-servers.ts';
import { startThrowawayPostgres } from '../../support/throwaway-postgres.ts';
import type { ThrowawayServer } from '../../support/throwaway-process.ts';

describeWithPostgres('migrations on Postgres', () => {
  let server: ThrowawayServer;
  beforeEach(async () => {
    server = await startThrowawayPostgres();
  });
  afterEach(() => server.stop());

  it('of many processes that start at once all succeed, and each migration runs once', async () => {
    const handles = await Promise.all(Array.from({ length: 6 }, () => openPostgres({ url: server.url })));
    await Promise.all(handles.map(({ db }) => migrate(db)));
    const [first] = handles;
    if (first === undefined) throw new Error('no handle');
    expect(await countLedger(first.db)).toBe(await countDistinct(first.db));
    expect(await first.db.$count(sql`users`)).toBe(0);
    await Promise.all(handles.map((handle) => handle.close()));
  });

  it('one that waits for the lock longer than a statement may take succeeds still', async () => {
    const holder = await openPostgres({ url: server.url });
    const starter = await openPostgres({ url: server.url, statementTimeoutSeconds: 1 });
    let migrated: Promise<void> | undefined;
    await holder.db.transaction(async (transaction) => {
      await transaction.execute(sql`select pg_advisory_xact_lock(7301864402)`);
      migrated = migrate(starter.db);
      await transaction.execute(sql`select pg_sleep(1.5)`);
      await expect(starter.db.$count(sql`users`)).rejects.toThrow();
    });
    await migrated;
    expect(await starter.db.$count(sql`users`)).toBe(0);
    await Promise.all([holder.close(), starter.close()]);
  });
});

describe('migrations on the embedded database', () => {
  let handle: DatabaseHandle;
  let folder: string;
  beforeAll(async () => {
    handle = await openEmbedded('memory');
  });
  afterAll(() => handle.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-migrations-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await handle.db.execute(sql`drop schema if exists drizzle cascade`);
    await handle.db.execute(sql`drop table if exists one, two`);
  });

  it('apply what is new in order, and nothing twice', async () => {
    writeMigrations(folder, ['create table one (id integer)']);
    await migrate(handle.db, folder);
    await migrate(handle.db, folder);
    writeMigrations(folder, ['create table one (id integer)', 'create table two (id integer)']);
    await migrate(handle.db, folder);
    expect(await countLedger(handle.db)).toBe(2);
    expect(await handle.db.$count(sql`two`)).toBe(0);
  });

  it('one that fails leaves nothing of itself behind, nor of those that ran before it', async () => {
    writeMigrations(folder, ['create table one (id integer)', 'create table two (id integer); select no_such_thing']);
    await expect(migrate(handle.db, folder)).rejects.toThrow();
    await expect(handle.db.$count(sql`one`)).rejects.toThrow();
    writeMigrations(folder, ['create table one (id integer)']);
    await migrate(handle.db, folder);
    expect(await countLedger(handle.db)).toBe(1);
  });

  it('a database ahead of this release is left alone', async () => {
    writeMigrations(folder, ['create table one (id integer)', 'create table two (id integer)']);
    await migrate(handle.db, folder);
    writeMigrations(folder, ['create table one (id integer)']);
    await migrate(handle.db, folder);
    expect(await countLedger(handle.db)).toBe(2);
  });

  it('a folder without a journal is refused', async () => {
    await expect(migrate(handle.db, folder)).rejects.toThrow('_journal.json');
  });
});

function writeMigrations(folder: string, statements: readonly string[]): void {
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const entries = statements.map((_, i) => ({
    idx: i,
    version: '7',
    when: 1_000 + i,
    tag: `000${i}`,
    breakpoints: true,
  }));
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
  statements.forEach((statement, i) => {
    writeFileSync(join(folder, `000${i}.sql`), statement.replaceAll('; ', ';--> statement-breakpoint\n'));
  });
}

function countLedger(db: Database): Promise<number> {
  return db.$count(sql`drizzle.__drizzle_migrations`);
}

async function countDistinct(db: Database): Promise<number> {
  const distinct = sql<number>`count(distinct hash)`;
  const [row] = await db.select({ distinct }).from(sql`drizzle.__drizzle_migrations`);
  return row?.distinct ?? 0;
}
