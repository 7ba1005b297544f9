import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { clusterSettings, readClusterTemplate } from './cluster-template.ts';
import type { DatabaseHandle } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { guardDatabase } from './guard-database.ts';

interface EmbeddedDirectory {
  /** Made where it is missing; holds the cluster and the lock. */
  readonly directory: string;
  /** Our own process id, for others to be told. */
  readonly pid: number;
}

/**
 * Opens the embedded database: on a directory, which it then holds alone, or in memory. It survives a killed process but, having
 * no fsync, not a power cut. Errors: DirectoryLockedError.
 */
export function openEmbedded(place: EmbeddedDirectory | 'memory'): Promise<DatabaseHandle> {
  return place === 'memory' ? openInMemory() : openOnDirectory(place);
}

async function openInMemory(): Promise<DatabaseHandle> {
  const engine = await startEngine(await newCluster());
  return createHandle(engine, () => engine.close());
}

async function openOnDirectory({ directory, pid }: EmbeddedDirectory): Promise<DatabaseHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const release = await lockDirectory(directory, pid);
  try {
    const engine = await startCluster(directory);
    return createHandle(engine, async () => {
      await engine.close();
      await release();
    });
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * A process killed while it makes a cluster leaves half of one, which would then be taken for a whole one. The mark says so:
 * it goes away once the cluster has started, and before that nothing was ever acknowledged.
 */
async function startCluster(directory: string): Promise<PGlite> {
  const dataDir = join(directory, 'cluster');
  const unfinished = join(directory, 'cluster-unfinished');
  if (await exists(unfinished)) await rm(dataDir, { recursive: true, force: true });
  if (await exists(dataDir)) return startEngine({ dataDir });
  await writeFile(unfinished, '');
  const engine = await startEngine({ dataDir, ...(await newCluster()) });
  await rm(unfinished);
  return engine;
}

async function newCluster(): Promise<PGliteOptions> {
  const loadDataDir = await readClusterTemplate();
  return loadDataDir === undefined ? { initDbStartParams: clusterSettings } : { loadDataDir };
}

/** The engine fills its whole buffer pool at the start; the default of 128 MB costs memory and time that nothing here needs. */
function startEngine(options: PGliteOptions): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];
  return PGlite.create({ ...options, startParams });
}

function createHandle(engine: PGlite, close: () => Promise<void>): DatabaseHandle {
  const db = drizzle({ client: engine });
  guardDatabase(db);
  let closing: Promise<void> | undefined;
  return {
    db,
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    close: () => (closing ??= close()),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
