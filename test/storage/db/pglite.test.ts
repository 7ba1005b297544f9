import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLockedError } from '../../../src/storage/db/directory-lock.ts';
import { migrate } from '../../../src/storage/db/migrate.ts';
import { openEmbedded } from '../../../src/storage/db/pglite.ts';
import { deploymentSettings } from '../../../src/storage/db/schema/deployment-settings.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';

const writer = join(import.meta.dirname, 'embedded-writer.ts');

interface Writer {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly exited: Promise<void>;
  readonly until: (found: (lines: readonly string[]) => boolean) => Promise<void>;
}

function startWriter(directory: string, round = 0): Writer {
  const child = spawn(process.execPath, [writer, directory, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const until: Writer['until'] = (found) =>
    new Promise((resolve, reject) => {
      const look = () => found(lines) && resolve();
      reader.on('line', look);
      reader.once('close', () => (found(lines) ? resolve() : reject(new Error(`it ended: ${lines.at(-1) ?? ''}`))));
      look();
    });
  return { child, lines, exited, until };
}

describe('the embedded database on a directory', () => {
  let parent: string;
  let directory: string;
  const open = () => openEmbedded({ directory, pid: process.pid });

  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'postern-embedded-'));
    directory = join(parent, 'made', 'on', 'demand');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('keeps rows over closing and opening, and closing twice is closing once', async () => {
    const first = await open();
    await migrate(first.db);
    await first.db.insert(deploymentSettings).values({ name: 'kept', value: 'value' });
    await Promise.all([first.close(), first.close()]);
    const second = await open();
    expect(await second.db.$count(deploymentSettings)).toBe(1);
    await second.close();
    expect(readdirSync(directory)).toEqual(['cluster']);
  });

  it('a closed database is out of reach', async () => {
    const handle = await open();
    await handle.close();
    await expect(handle.ping()).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(handle.db.transaction(async () => undefined)).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('loses no acknowledged row to kill -9, and opens again, round after round', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { child, lines, until, exited } = startWriter(directory, round);
      await until((seen) => seen.length > 20 + round * 13);
      child.kill('SIGKILL');
      await exited;
      acknowledged.push(...lines.slice(1));
    }
    const handle = await open();
    const rows = await handle.db.select({ name: deploymentSettings.name }).from(deploymentSettings);
    await handle.close();
    const present = new Set(rows.map(({ name }) => name));
    expect(acknowledged.length).toBeGreaterThan(120);
    expect(acknowledged.filter((name) => !present.has(name))).toEqual([]);
  }, 180_000);

  it('a first start that was killed half-way is begun anew', async () => {
    mkdirSync(join(directory, 'cluster', 'base'), { recursive: true });
    writeFileSync(join(directory, 'cluster', 'PG_VERSION'), '18\n');
    writeFileSync(join(directory, 'cluster-unfinished'), '');
    const handle = await open();
    await handle.ping();
    await handle.close();
    expect(readdirSync(directory)).toEqual(['cluster']);
  });

  it('a second process is refused with the first one named, and does not touch the data', async () => {
    const holder = startWriter(directory);
    await holder.until((lines) => lines.length > 2);
    const intruder = startWriter(directory, 1);
    await intruder.exited;
    expect(intruder.lines).toEqual([expect.stringContaining(`in use by process ${holder.child.pid}`)]);
    await expect(open()).rejects.toMatchObject({ name: 'DirectoryLockedError', pid: holder.child.pid });
    const before = holder.lines.length;
    await holder.until((lines) => lines.length > before + 5);
    holder.child.kill('SIGKILL');
    await holder.exited;
    const handle = await open();
    await handle.ping();
    await handle.close();
  });

  it('the same process is refused as well', async () => {
    const handle = await open();
    await expect(open()).rejects.toBeInstanceOf(DirectoryLockedError);
    await handle.ping();
    await handle.close();
  });
});
