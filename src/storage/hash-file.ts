import { type FileHandle, open } from 'node:fs/promises';

/*
 * A text file of SHA-1 hashes in ascending order, one a line, each with or without a count: what "Have I Been Pwned" calls "ordered by hash". It has
 * 40 GB and more, so it is searched where it lies. Each search opens the file anew: one that was put in its place counts at once.
 */

/** Up to here a stretch is read whole rather than halved. Bytes. */
const blockBytes = 4096;

/** A hash, a colon, a count of 15 digits and the end of the line have 58 bytes. */
const longestLine = 64;

const linePattern = /^([0-9A-Fa-f]{40})(?::[0-9]{1,15})?\r?$/;

const hashOfLine = (line: string): string | undefined => linePattern.exec(line)?.[1]?.toUpperCase();

/** Whether the file holds a hash (upper-case hexadecimal). Rejects where the file cannot be read, or is no such file any more. */
export async function hashFileHolds(path: string, hash: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    return await search(handle, hash);
  } finally {
    await handle.close();
  }
}

/** Halves the stretch in which the line begins, if there is one, until it can be read whole. `low` is always the beginning of a line. */
async function search(handle: FileHandle, hash: string): Promise<boolean> {
  let [low, high] = [0, (await handle.stat()).size];
  while (high - low > blockBytes) {
    const middle = low + Math.floor((high - low) / 2);
    const next = await lineAfter(handle, middle);
    if (next !== undefined && next.start < high && next.hash <= hash) low = next.start;
    else high = middle + 1;
  }
  const text = await readText(handle, low, high - low + longestLine);
  return text.split('\n').some((line) => hashOfLine(line) === hash);
}

interface HashLine {
  /** Bytes from the beginning of the file. */
  readonly start: number;
  readonly hash: string;
}

/** The first line that begins after a position; undefined where none does. */
async function lineAfter(handle: FileHandle, position: number): Promise<HashLine | undefined> {
  const [before = '', line] = (await readText(handle, position, 2 * longestLine)).split('\n');
  if (line === undefined || line === '') return undefined;
  const hash = hashOfLine(line);
  // Where in the file would say what was searched for.
  if (hash === undefined) throw new Error('the file of hashes holds a line that is none');
  return { start: position + before.length + 1, hash };
}

/** One character a byte, whatever the bytes are, so that offsets into the text are offsets into the file. */
async function readText(handle: FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.toString('latin1', 0, bytesRead);
}

/** How many places of a file are looked at before it is trusted. */
const samples = 64;

/** Why a file cannot be searched, as the end of a sentence about it; undefined where it can. Looks at single lines all over it. */
export async function findHashFileFault(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, 'r');
    try {
      return await faultOf(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return `cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`;
  }
}

async function faultOf(handle: FileHandle): Promise<string | undefined> {
  const stat = await handle.stat();
  if (!stat.isFile()) return 'is no file';
  const hashes: (string | undefined)[] = [await firstHash(handle)];
  for (let at = 1; at < samples; at += 1)
    hashes.push(await hashAfter(handle, Math.floor((stat.size / samples) * at), hashes.at(-1)));
  hashes.push(await lastHash(handle, stat.size));
  if (hashes.includes(undefined))
    return 'does not consist of SHA-1 hashes, one a line, each with or without ":" and a count';
  const isOrdered = hashes.every((hash = '', at) => at === 0 || (hashes[at - 1] ?? '') <= hash);
  return isOrdered ? undefined : 'is not in the order of its hashes';
}

async function firstHash(handle: FileHandle): Promise<string | undefined> {
  const [line = ''] = (await readText(handle, 0, longestLine)).split('\n');
  return hashOfLine(line);
}

/** That of the next line; `before` where there is none. */
async function hashAfter(
  handle: FileHandle,
  position: number,
  before: string | undefined,
): Promise<string | undefined> {
  const [, line] = (await readText(handle, position, 2 * longestLine)).split('\n');
  return line === undefined || line === '' ? before : hashOfLine(line);
}

async function lastHash(handle: FileHandle, size: number): Promise<string | undefined> {
  const start = Math.max(0, size - 2 * longestLine);
  const lines = (await readText(handle, start, size - start)).split('\n');
  return hashOfLine(lines.findLast((line) => line !== '') ?? '');
}
