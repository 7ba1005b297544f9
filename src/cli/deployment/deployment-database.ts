import type { Config } from '../../config/config.ts';
import { loadEncryptionKeys } from '../../config/encryption-keys.ts';
import { readConfig } from '../../config/read-config.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { createPasswordHasher, type PasswordHasher } from '../../crypto/password-hashing.ts';
import type { Database, DatabaseHandle } from '../../storage/db/database.ts';
import { migrate } from '../../storage/db/migrate.ts';
import { DirectoryLockedError } from '../../storage/db/directory-lock.ts';
import { RedisUrlError } from '../../storage/ephemeral/parse-redis-url.ts';
import { findHashFileFault } from '../../storage/hash-file.ts';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

/** Migrations of a large database take their time. */
const statementTimeoutSeconds = 3600;

/** What verbs on the deployment itself work with. */
export interface DeploymentDatabase {
  readonly config: Config;
  readonly db: Database;
  readonly keyRing: KeyRing;
  readonly passwordHasher: PasswordHasher;
}

/** The configuration that the environment holds; faults end the verb, all at once. */
export function configOf({ env }: Terminal): Config {
  const read = readConfig(env);
  if ('config' in read) return read.config;
  throw misconfigured(read.faults);
}

/** The key ring of a configuration; see `loadEncryptionKeys`. */
export async function keyRingOf(config: Config): Promise<KeyRing> {
  const loaded = await loadEncryptionKeys(config);
  if ('ring' in loaded) return loaded.ring;
  throw misconfigured(loaded.faults);
}

/** Ends the verb when passwords could not be looked up in the file that the configuration names. */
export async function requireBreachedPasswords({ breachedPasswordsFile: file }: Config): Promise<void> {
  const fault = file === undefined ? undefined : await findHashFileFault(file);
  if (fault === undefined) return;
  throw misconfigured([
    `BREACHED_PASSWORDS_FILE: ${file} ${fault}. Set it to the file of SHA-1 hashes "ordered by hash" of Have I Been Pwned.`,
  ]);
}

const misconfigured = (faults: readonly string[]): CliFailure =>
  new CliFailure('The configuration is not complete:', {
    exitCode: exitCodes.usage,
    code: 'Configuration',
    details: faults,
  });

/** Opens the database, brings it to this release's schema, works, closes it whatever happens. */
export async function withDatabase<T>(
  terminal: Terminal,
  work: (deployment: DeploymentDatabase) => Promise<T>,
): Promise<T> {
  const config = configOf(terminal);
  const keyRing = await keyRingOf(config);
  return await explainingStores(async () => {
    const handle = await openDatabase(config, terminal.pid);
    try {
      await migrate(handle.db);
      const passwordHasher = createPasswordHasher({ parallel: 1, queueLimit: 1 });
      return await work({ config, db: handle.db, keyRing, passwordHasher });
    } finally {
      await handle.close();
    }
  });
}

/** The driver that is wanted is loaded, and no other: `serve` comes past here too. */
async function openDatabase({ database }: Config, pid: number): Promise<DatabaseHandle> {
  if (database.kind === 'postgres') {
    const { openPostgres } = await import('../../storage/db/postgres.ts');
    return await openPostgres({ url: database.url, statementTimeoutSeconds });
  }
  const { openEmbedded } = await import('../../storage/db/pglite.ts');
  return await openEmbedded({ directory: database.directory, pid });
}

/** What an operator can mend is told in words, not as a stack trace. */
export async function explainingStores<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DirectoryLockedError) {
      throw new CliFailure('The embedded database is in use.', { code: 'DatabaseInUse', details: [error.message] });
    }
    if (error instanceof RedisUrlError) throw misconfigured([`REDIS_URL: ${error.message}.`]);
    if (error instanceof StoreUnavailableError) {
      const details = error.cause instanceof Error ? [error.cause.message] : [];
      throw new CliFailure(
        `The ${error.store === 'database' ? 'database (DATABASE_URL)' : 'short-lived store (REDIS_URL)'} cannot be reached.`,
        { code: 'ServiceUnavailable', details },
      );
    }
    throw error;
  }
}
