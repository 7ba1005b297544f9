import { createHash } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHashFileFault, hashFileHolds } from '../../src/storage/hash-file.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hash-file-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase();
const sortedHashes = (count: number, prefix = 'word'): string[] =>
  Array.from({ length: count }, (_none, at) => sha1(`${prefix} ${at}`)).toSorted();

/** Counts of one to eight digits, so that lines differ in length. */
const counted = (hash: string): string =>
  `${hash}:${Number.parseInt(hash.slice(0, 8), 16) % 10 ** (1 + (hash.charCodeAt(9) % 8))}`;

function fileOf(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const forms: readonly (readonly [string, (hashes: readonly string[]) => string])[] = [
  ['lines with counts', (hashes) => hashes.map((hash) => `${counted(hash)}\n`).join('')],
  ['lines ended as on Windows', (hashes) => hashes.map((hash) => `${counted(hash)}\r\n`).join('')],
  ['hashes alone', (hashes) => hashes.map((hash) => `${hash}\n`).join('')],
  ['a last line without an end', (hashes) => hashes.map(counted).join('\n')],
  ['hashes in lower case', (hashes) => hashes.map((hash) => `${counted(hash.toLowerCase())}\n`).join('')],
];

describe('a file of 200,000 hashes', () => {
  const hashes = sortedHashes(200_000);
  const oracle = new Set(hashes);

  test.each(forms)('with %s holds what a set of them holds, and nothing else', async (form, textOf) => {
    const path = fileOf(`${form}.txt`, textOf(hashes));
    expect(await findHashFileFault(path)).toBeUndefined();
    const known = Array.from({ length: 500 }, (_none, at) => hashes[at * 400 + (at % 399)] ?? '');
    const strangers = sortedHashes(500, 'stranger');
    const ends = [hashes[0], hashes[1], hashes.at(-2), hashes.at(-1), '0'.repeat(40), 'F'.repeat(40)];
    const asked = [...known, ...strangers, ...ends.map((hash = '') => hash)];
    const found = await Promise.all(asked.map((hash) => hashFileHolds(path, hash)));
    expect(found).toEqual(asked.map((hash) => oracle.has(hash)));
    expect(found.filter(Boolean)).toHaveLength(504);
  });
});

test.each([1, 2, 3, 60, 61, 75, 76, 77, 150, 1000])(
  'each of %i hashes is found, and none between them',
  async (count) => {
    const hashes = sortedHashes(count, `of ${count}`);
    for (const [, textOf] of forms) {
      const path = fileOf('each.txt', textOf(hashes));
      expect(await findHashFileFault(path)).toBeUndefined();
      const found = await Promise.all(hashes.map((hash) => hashFileHolds(path, hash)));
      expect(found.every(Boolean)).toBe(true);
      const others = sortedHashes(20, 'elsewhere');
      expect((await Promise.all(others.map((hash) => hashFileHolds(path, hash)))).some(Boolean)).toBe(false);
    }
  },
);

describe('a file that changes while it is in use', () => {
  test('is looked at as it is now when another is put in its place', async () => {
    const [before, after] = [sortedHashes(5_000, 'before'), sortedHashes(9_000, 'after')];
    const path = fileOf('replaced.txt', before.join('\n'));
    const answers = before.slice(0, 200).map((hash) => hashFileHolds(path, hash));
    renameSync(fileOf('next.txt', after.map(counted).join('\r\n')), path);
    expect(await Promise.all(answers)).toHaveLength(200);
    expect(await hashFileHolds(path, after[4_567] ?? '')).toBe(true);
    expect(await hashFileHolds(path, before[2_345] ?? '')).toBe(false);
  });

  test('ends in an answer or a rejection, whatever is written into it', async () => {
    const hashes = sortedHashes(20_000, 'overwritten');
    const path = fileOf('overwritten.txt', hashes.join('\n'));
    const searches = () => Promise.allSettled(hashes.slice(0, 50).map((hash) => hashFileHolds(path, hash)));
    const running = searches();
    truncateSync(path, 1_000);
    expect(await running).toHaveLength(50);
    expect(await hashFileHolds(path, hashes[0] ?? '')).toBe(true);
    writeFileSync(path, '');
    expect((await searches()).every((one) => one.status === 'fulfilled' && !one.value)).toBe(true);
    writeFileSync(path, 'x'.repeat(100_000));
    expect((await searches()).every((one) => one.status === 'fulfilled' && !one.value)).toBe(true);
    writeFileSync(path, 'no hash\n'.repeat(20_000));
    expect((await searches()).every(({ status }) => status === 'rejected')).toBe(true);
    rmSync(path);
    expect((await searches()).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('does not say in its failure what was searched for', async () => {
    const path = fileOf('telling.txt', 'no hash\n'.repeat(20_000));
    const [low, high] = await Promise.allSettled(
      ['0'.repeat(40), 'F'.repeat(40)].map((hash) => hashFileHolds(path, hash)),
    );
    expect(low).toMatchObject({ status: 'rejected', reason: (high as PromiseRejectedResult).reason as Error });
  });
});

describe('what cannot be searched is refused', () => {
  const hashes = sortedHashes(3_000, 'refused');
  const lines = (list: readonly string[]) => list.map((hash) => `${hash}:1\n`).join('');

  test.each([
    ['an empty file', '', 'does not consist'],
    ['a file of line ends', '\n\n\n', 'does not consist'],
    ['passwords in plain text', 'password\n123456\n', 'does not consist'],
    ['hashes of another kind (NTLM)', `${'0123456789ABCDEF'.repeat(2)}:3\n`, 'does not consist'],
    ['the list without the beginnings of its hashes', `${'0'.repeat(35)}:3\n`, 'does not consist'],
    ['bytes', Buffer.alloc(50_000, 7), 'does not consist'],
    ['a compressed file', Buffer.concat([Buffer.from('7z\xbc\xaf', 'latin1'), Buffer.alloc(9_000, 200)]), 'consist'],
    ['a list cut off in a line', lines(hashes).slice(0, -30), 'does not consist'],
    ['rubbish in the middle', `${lines(hashes)}${'rubbish\n'.repeat(9_000)}${lines(hashes)}`, 'does not consist'],
    [
      'a list in the order of counts',
      lines(hashes.toSorted((left, right) => (sha1(left) < sha1(right) ? -1 : 1))),
      'order',
    ],
    ['a list the wrong way round', lines(hashes.toReversed()), 'order'],
    ['two lists, one behind the other', lines(hashes) + lines(hashes), 'order'],
  ])('%s', async (name, content, words) => {
    expect(await findHashFileFault(fileOf(`${name}.txt`, content))).toContain(words);
  });

  test('a file that is not there, and a directory', async () => {
    expect(await findHashFileFault(join(directory, 'nowhere.txt'))).toBe('cannot be read (ENOENT)');
    expect(await findHashFileFault(directory)).toContain('is no file');
  });
});
