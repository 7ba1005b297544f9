import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { type Backend, openBackend, type RunningServer, startServer } from '../../src/compose.ts';
import type { Config } from '../../src/config/config.ts';
import { loadEncryptionKeys } from '../../src/config/encryption-keys.ts';
import { readConfig } from '../../src/config/read-config.ts';
import type { KeyRing } from '../../src/crypto/key-ring.ts';
import { createAccount } from '../../src/domain/accounts/create-account.ts';
import { openTestStores, serverEnvironment, type StoresKind, type TestStores } from './server-environment.ts';
import { openTestAccount, type TestAccount } from './test-account.ts';

export interface TestServerOptions {
  /** Fresh ones of a kind, or opened already: they are removed with the server. */
  readonly stores: StoresKind | TestStores;
  /** The test pauses or kills the stores. */
  readonly forOutage?: boolean;
  /** Settings (environment variables) that differ. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The whole composed server in this process, on a free port of loopback. */
export interface TestServer {
  readonly origin: string;
  readonly managementOrigin: string;
  readonly config: Config;
  /** The stores, for looking at what a request left behind. */
  readonly backend: Backend;
  readonly stores: TestStores;
  /** Everything logged so far, a JSON line each. */
  readonly logLines: readonly string[];
  /** Makes an account; a random alias unless one is given. */
  readonly account: (alias?: string, options?: { readonly isPlatform?: boolean }) => Promise<TestAccount>;
  /** Resolves when the apps of all sessions that have ended so far have been told, or were not to be reached. */
  readonly settleLogouts: () => Promise<void>;
  /** Stops it and removes its stores. */
  readonly close: () => Promise<void>;
}

export async function startTestServer({
  stores: given,
  forOutage = false,
  settings = {},
}: TestServerOptions): Promise<TestServer> {
  const stores = typeof given === 'string' ? await openTestStores(given, { forOutage }) : given;
  const config = configFrom(await serverEnvironment(stores, settings));
  const backend = await openBackend(config, await keyRingFrom(config), process.pid);
  const logLines: string[] = [];
  const logger = pino({ level: config.logLevel }, { write: (line) => logLines.push(line) });
  const server = await startServer(config, backend, logger);
  return {
    ...{ config, backend, stores, logLines },
    origin: config.publicUrl,
    managementOrigin: `http://127.0.0.1:${server.managementPort}`,
    account: (alias, options) => newTestAccount(config, backend, alias, options),
    settleLogouts: server.settleLogouts,
    close: () => closeAll(server, backend, stores),
  };
}

async function closeAll(server: RunningServer, backend: Backend, stores: TestStores): Promise<void> {
  await server.close();
  await backend.close();
  await stores.remove();
}

/** A configuration as an operator would set it. */
export function configFrom(environment: Readonly<Record<string, string>>): Config {
  const read = readConfig(environment);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.config;
}

export async function keyRingFrom(config: Config): Promise<KeyRing> {
  const loaded = await loadEncryptionKeys(config);
  if ('faults' in loaded) throw new Error(loaded.faults.join('\n'));
  return loaded.ring;
}

const newAlias = (): string => `t${randomBytes(5).toString('hex')}`;

/** Makes an account over open stores, as the first start or the platform would. */
export async function newTestAccount(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  backend: Backend,
  alias: string = newAlias(),
  { isPlatform = false }: { readonly isPlatform?: boolean } = {},
): Promise<TestAccount> {
  return openTestAccount(await createAccount({ ...backend, publicUrl }, { alias, adminUserName: 'admin', isPlatform }));
}
