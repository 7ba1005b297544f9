import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLockedError, lockDirectory } from '../../../src/storage/db/directory-lock.ts';

describe('the lock of a directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'postern-lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const lock = () => lockDirectory(directory, process.pid);

  it('is given to one, and to the next once it is released', async () => {
    const release = await lock();
    await expect(lock()).rejects.toMatchObject({ name: 'DirectoryLockedError', pid: process.pid });
    await release();
    expect(readdirSync(directory)).toEqual([]);
    const releaseAgain = await lock();
    await releaseAgain();
  });

  it('the refusal names directory and process, and says what to do', async () => {
    const release = await lock();
    await expect(lock()).rejects.toThrow(
      `the data directory ${directory} is in use by process ${process.pid}: stop that first, or use another directory`,
    );
    await release();
  });

  it('at most one of many starters holds it at any time', async () => {
    let [holders, most, wins] = [0, 0, 0];
    const starters = Array.from({ length: 20 }, async () => {
      const release = await lock().catch((error: unknown) => {
        expect(error).toBeInstanceOf(DirectoryLockedError);
      });
      if (release === undefined) return;
      holders += 1;
      wins += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      await release();
    });
    await Promise.all(starters);
    expect(most).toBeLessThanOrEqual(1);
    expect(wins).toBeLessThanOrEqual(20);
    const release = await lock();
    await release();
  });

  it('that of a dead process counts for nothing and is cleared away', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('close', resolve));
    writeFileSync(join(directory, `lock-${child.pid}-0123456789abcdef-00000000-0000-4000-8000-000000000000`), '');
    const release = await lock();
    expect(readdirSync(directory)).toHaveLength(1);
    await release();
  });

  it('that of a dead process whose id another one bears now counts for nothing', async () => {
    const release = await lock();
    const [flag = ''] = readdirSync(directory);
    const [, pid = '', identity = ''] = flag.split('-');
    const earlier = [...identity].reverse().join('');
    renameSync(join(directory, flag), join(directory, flag.replace(`${pid}-${identity}`, `${pid}-${earlier}`)));
    const releaseSecond = await lock();
    expect(readdirSync(directory)).toHaveLength(1);
    await releaseSecond();
    await release();
  });

  it('other files of the directory are neither read as locks nor removed', async () => {
    const others = ['lock', 'lock-', `lock-${process.pid}`, 'lock-1-x-y', 'cluster'];
    for (const name of others) writeFileSync(join(directory, name), '');
    const release = await lock();
    await release();
    expect(readdirSync(directory).sort()).toEqual(others.sort());
  });
});
