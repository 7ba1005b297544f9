import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadEncryptionKeys } from '../../src/config/encryption-keys.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { newKeyRingEntry } from '../../src/crypto/key-ring.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-keys-'));
});
afterEach(() => rm(directory, { recursive: true }));

const load = (env: Record<string, string> = {}) => {
  const result = readConfig({ DATA_DIR: join(directory, 'data'), ...env });
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return loadEncryptionKeys(result.config);
};
const keysFile = () => join(directory, 'data', 'encryption-keys');

test('the first start makes a ring that only its owner can read, the second reads the same', async () => {
  const first = await load();
  expect(await load()).toEqual(first);
  expect((await stat(keysFile())).mode & 0o777).toBe(0o600);
  expect('ring' in first && first.ring.keys).toHaveLength(1);
  expect(await readdir(join(directory, 'data'))).toEqual(['encryption-keys']);
});

test('first starts that race end up with one ring', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, () => load()));
  for (const other of others) expect(other).toEqual(first);
});

test('a database whose key file is gone is refused, and no new key is made', async () => {
  await mkdir(join(directory, 'data', 'database'), { recursive: true });
  expect(await load()).toEqual({ faults: [expect.stringContaining('is missing')] });
  await expect(stat(keysFile())).rejects.toThrow('ENOENT');
});

test('a damaged key file is refused and left as it is', async () => {
  await load();
  await writeFile(keysFile(), 'k1:Y2FuYXJ5');
  const result = await load();
  expect('faults' in result && result.faults.join()).toMatch(/expected 32 bytes/);
  expect(JSON.stringify(result)).not.toContain('Y2FuYXJ5');
  expect(await readFile(keysFile(), 'utf8')).toBe('k1:Y2FuYXJ5');
});

test('a ring is read from the text or the file that is set, and nothing is written', async () => {
  const text = `${newKeyRingEntry('new')},${newKeyRingEntry('old')}`;
  await writeFile(join(directory, 'ring'), `${text}\n`);
  const ring = { ring: { keys: [expect.objectContaining({ id: 'new' }), expect.objectContaining({ id: 'old' })] } };
  expect(await load({ ENCRYPTION_KEYS: text })).toEqual(ring);
  expect(await load({ ENCRYPTION_KEYS_FILE: join(directory, 'ring') })).toEqual(ring);
  expect(await readdir(directory)).toEqual(['ring']);
});

test('an absent key file is told with its name', async () => {
  const file = join(directory, 'nowhere');
  expect(await load({ ENCRYPTION_KEYS_FILE: file })).toEqual({ faults: [expect.stringContaining(file)] });
});
