import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyRingEntry } from '../../src/crypto/key-ring.ts';
import { startThrowawayPostgres } from './throwaway-postgres.ts';
import { freePort, type ThrowawayServer } from './throwaway-process.ts';
import { startThrowawayRedis, type ThrowawayRedis } from './throwaway-redis.ts';

export type StoresKind = 'embedded' | 'postgres-redis';

/** Where a server keeps its data: a directory of its own, or servers of their own. */
export interface TestStores {
  readonly kind: StoresKind;
  /** Settings that lead a server there; several servers may share them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly postgres?: ThrowawayServer;
  readonly redis?: ThrowawayRedis;
  readonly remove: () => Promise<void>;
}

/** Fresh, empty stores; `forOutage` where the test pauses or kills them. */
export async function openTestStores(
  kind: StoresKind,
  options: { readonly forOutage?: boolean } = {},
): Promise<TestStores> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-test-'));
  const removeDirectory = () => {
    process.off('exit', removeDirectory);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  // A test run that is broken off leaves nothing behind either.
  process.once('exit', removeDirectory);
  const own = { DATA_DIR: directory, ENCRYPTION_KEYS: newKeyRingEntry('test') };
  if (kind === 'embedded') return { kind, settings: own, remove: () => Promise.resolve(removeDirectory()) };
  const [postgres, redis] = await Promise.all([startThrowawayPostgres(options), startThrowawayRedis(options)]);
  return {
    kind,
    postgres,
    redis,
    settings: { ...own, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    remove: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
      removeDirectory();
    },
  };
}

/** The environment of one server over these stores, on free ports of loopback; `PUBLIC_URL` is its own address unless told otherwise. */
export async function serverEnvironment(
  stores: TestStores,
  changes: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const [port, managementPort] = await Promise.all([freePort(), freePort()]);
  return {
    PORT: String(port),
    MANAGEMENT_PORT: String(managementPort),
    PUBLIC_URL: `http://localhost:${port}`,
    BIND_ADDRESS: '127.0.0.1',
    LOG_LEVEL: 'info',
    API_REQUESTS_PER_MINUTE: '100000',
    ...stores.settings,
    ...changes,
  };
}
