import { access, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { type KeyRing, newKeyRingEntry, parseKeyRing } from '../crypto/key-ring.ts';
import type { Config } from './config.ts';

type KeysConfig = Pick<Config, 'database' | 'encryptionKeys'>;

/**
 * Loads the key ring that the configuration names. With the embedded database and nothing set, the first start makes a ring
 * in a file of its own (mode 0600); so call this before the database is opened: a database without its key file is
 * refused, because a new key could read none of its secrets. Answers every fault at once, none with key material.
 */
export async function loadEncryptionKeys(config: KeysConfig): Promise<{ ring: KeyRing } | { faults: string[] }> {
  const keys = config.encryptionKeys;
  if (keys.kind === 'text') return parseKeyRing(keys.value);
  if (keys.kind === 'file') return readKeysFile(keys.value, 'Check ENCRYPTION_KEYS_FILE.');
  if (!(await exists(keys.file))) {
    if (config.database.kind === 'embedded' && (await exists(config.database.directory))) {
      return {
        faults: [
          `The database in ${config.database.directory} exists but its key file ${keys.file} is missing. Restore the file.`,
        ],
      };
    }
    await makeKeysFile(keys.file);
  }
  return readKeysFile(keys.file, 'Restore it from a copy.');
}

async function readKeysFile(file: string, advice: string): Promise<{ ring: KeyRing } | { faults: string[] }> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { faults: [`The key file ${file} cannot be read. ${advice}`] };
  const parsed = parseKeyRing(text);
  return 'faults' in parsed
    ? { faults: parsed.faults.map((fault) => `The key file ${file}: ${fault}. ${advice}`) }
    : parsed;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Linked into place when complete and on the disk: of two first starts at once one ring wins, and nobody reads half a file. */
async function makeKeysFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${newKeyRingEntry('k1')}\n`);
    await handle.sync();
    await link(draft, file).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  } finally {
    await handle.close();
    await unlink(draft);
  }
}
