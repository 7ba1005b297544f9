import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** `lock-<pid>-<what tells this process from another with the same id>-<random>`: the name says it all, the file is empty. */
const flagName = /^lock-(\d+)-([0-9a-f]{16})-[0-9a-f-]{36}$/;
const attempts = 8;

/** The directory is in use by another process. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`the data directory ${directory} is in use by process ${pid}: stop that first, or use another directory`);
    this.pid = pid;
  }
}

/**
 * Takes an existing directory for this process alone, until the returned function is called. A lock left behind by a killed
 * process counts for nothing, also when its process id was given to another; of any number of starters at most one gets the
 * directory. All users must share one process table: a directory shared between containers is not covered.
 * Errors: DirectoryLockedError naming the holder.
 *
 * Everybody raises a flag of its own first and looks for others second, so of two starters at least one sees the other and
 * steps back. As a flag is never reused, anybody may remove that of a dead process at any time.
 */
export async function lockDirectory(directory: string, pid: number): Promise<() => Promise<void>> {
  const identity = await identifyProcess(pid);
  for (let attempt = 1; ; attempt += 1) {
    const flag = join(directory, `lock-${pid}-${identity ?? '0'.repeat(16)}-${randomUUID()}`);
    await writeFile(flag, '', { flag: 'wx', mode: 0o600 });
    const other = await findOtherHolder(directory, flag);
    if (other === undefined) return () => rm(flag, { force: true });
    await rm(flag, { force: true });
    if (attempt === attempts) throw new DirectoryLockedError(directory, other);
    // The other may be a starter stepping back as well: unequal pauses let one of them through.
    await delay(10 + Math.random() * 20 * attempt);
  }
}

/** The process id behind another flag, undefined if there is none; removes the flags of the dead. */
async function findOtherHolder(directory: string, ownFlag: string): Promise<number | undefined> {
  for (const name of await readdir(directory)) {
    const [, pid, identity] = flagName.exec(name) ?? [];
    const flag = join(directory, name);
    if (pid === undefined || flag === ownFlag) continue;
    if ((await identifyProcess(Number(pid))) === identity) return Number(pid);
    await rm(flag, { force: true });
  }
  return undefined;
}

/** Differs between two processes that bear the same id one after the other; undefined if nothing runs under that id. */
async function identifyProcess(pid: number): Promise<string | undefined> {
  const startTime = (await readLinuxStartTime(pid)) ?? (await askForStartTime(pid));
  return startTime === undefined ? undefined : createHash('sha256').update(startTime).digest('hex').slice(0, 16);
}

/** Field 22 of proc_pid_stat(5): ticks since this boot. The name before it may itself contain spaces and brackets. */
async function readLinuxStartTime(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return isDead(fields[0]) ? undefined : `${boot.trim()} ${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

/** A zombie holds no files any more. */
function isDead(state: string | undefined): boolean {
  return state === 'Z' || state === 'X';
}

async function askForStartTime(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [state = '', ...startTime] = stdout.trim().split(/\s+/);
    return state === '' || isDead(state[0]) ? undefined : startTime.join(' ');
  } catch {
    return undefined;
  }
}
