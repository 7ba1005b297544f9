import { join } from 'node:path';
import { isIP } from 'node:net';
import { parseKeyRing } from '../crypto/key-ring.ts';
import { type Config, type DatabaseSetting, type EncryptionKeysSetting, type LogLevel, logLevels } from './config.ts';
import { parseNetworks } from './networks.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is being read, and the sentences on what is wrong with it so far. */
interface Reading {
  readonly env: Environment;
  readonly faults: string[];
}

/** Names with our prefix that belong to the command line as a client of a server, not to the server. */
const clientSettings: readonly string[] = [
  'POSTERN_ISSUER',
  'POSTERN_ACCESS_KEY_ID',
  'POSTERN_ACCESS_KEY_SECRET',
  'POSTERN_PROFILE',
];

const domainPattern = /^(?=.{1,190}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const redisPattern = /^rediss?(\+sentinel|\+cluster)?:\/\/[^\s/]/;

/** An empty variable counts as unset: container files pass those on. */
const setting = ({ env }: Reading, name: string): string | undefined => env[name]?.trim() || undefined;

/**
 * Reads the server's configuration from environment variables. Pure: touches no file and no network. Answers every fault
 * at once, each a sentence that says what to do; no sentence repeats a value that may hold a secret.
 */
export function readConfig(env: Environment): { config: Config } | { faults: string[] } {
  const reading: Reading = { env, faults: unknownNames(env) };
  const dataDir = setting(reading, 'DATA_DIR') ?? './data';
  const database = readDatabase(reading, dataDir);
  const embedded = database.kind === 'embedded';
  const listeners = readListeners(reading, embedded);
  const publicUrl = readPublicUrl(reading, listeners.port, embedded);
  const redisUrl = readRedisUrl(reading);
  const breachedPasswordsFile = setting(reading, 'BREACHED_PASSWORDS_FILE');
  const config: Config = {
    publicUrl: publicUrl.origin,
    isHttps: publicUrl.protocol === 'https:',
    ...listeners,
    embedded,
    database,
    ...(redisUrl === undefined ? {} : { redisUrl }),
    dataDir,
    encryptionKeys: readEncryptionKeys(reading, dataDir, embedded),
    logonDomain: readLogonDomain(reading, publicUrl.hostname),
    ...(breachedPasswordsFile === undefined ? {} : { breachedPasswordsFile }),
    trustedProxies: readNetworks(reading, 'TRUSTED_PROXIES'),
    outboundAllowedNetworks: readNetworks(reading, 'OUTBOUND_ALLOWED_NETWORKS'),
    apiRequestsPerMinute: readRequestsPerMinute(reading),
    logLevel: readLogLevel(reading),
  };
  return reading.faults.length > 0 ? { faults: reading.faults } : { config: Object.freeze(config) };
}

function unknownNames(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('POSTERN_') && !clientSettings.includes(name))
    .map(
      (name) =>
        `${name} is not a setting of Postern. Settings have no prefix (PUBLIC_URL, DATABASE_URL, …); remove it.`,
    );
}

function readDatabase(reading: Reading, dataDir: string): DatabaseSetting {
  const url = setting(reading, 'DATABASE_URL');
  if (url === undefined) return { kind: 'embedded', directory: join(dataDir, 'database') };
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    reading.faults.push(
      'DATABASE_URL is not an address. Write postgres://user:password@host:5432/database, special characters percent-encoded.',
    );
  }
  return { kind: 'postgres', url };
}

type Listeners = Pick<Config, 'bindAddress' | 'port' | 'managementAddress' | 'managementPort'>;

function readListeners(reading: Reading, embedded: boolean): Listeners {
  const listeners: Listeners = {
    bindAddress: readAddress(reading, 'BIND_ADDRESS', embedded ? '127.0.0.1' : '0.0.0.0'),
    port: readPort(reading, 'PORT', 3000),
    managementAddress: readAddress(reading, 'MANAGEMENT_ADDRESS', '127.0.0.1'),
    managementPort: readPort(reading, 'MANAGEMENT_PORT', 3001),
  };
  if (listeners.port === listeners.managementPort) {
    reading.faults.push(`PORT and MANAGEMENT_PORT are both ${listeners.port}. Set MANAGEMENT_PORT to another one.`);
  }
  return listeners;
}

function readAddress(reading: Reading, name: string, fallback: string): string {
  const address = setting(reading, name) ?? fallback;
  if (isIP(address) === 0 && address !== 'localhost') {
    reading.faults.push(`${name} is "${address}". Set it to an IP address to listen on, e.g. 127.0.0.1 or 0.0.0.0.`);
  }
  return address;
}

function readPort(reading: Reading, name: string, fallback: number): number {
  const text = setting(reading, name);
  if (text === undefined) return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  reading.faults.push(`${name} is "${text}". Set it to a number from 1 to 65535.`);
  return fallback;
}

function readPublicUrl(reading: Reading, port: number, embedded: boolean): URL {
  const fallback = new URL(`http://localhost:${port}`);
  const text = setting(reading, 'PUBLIC_URL');
  const url = text === undefined ? fallback : URL.parse(text);
  if (text !== undefined && (url === null || !isOrigin(url, text))) {
    reading.faults.push(
      'PUBLIC_URL is not an origin. Set it to the address people use, without path, e.g. https://id.example.com.',
    );
    return fallback;
  }
  if (url === null) return fallback;
  if (!embedded && url.protocol !== 'https:' && !isLoopbackName(url.hostname)) {
    reading.faults.push(
      'PUBLIC_URL has no https. With DATABASE_URL set only localhost may go without; use an https address.',
    );
  }
  return url;
}

/** `text` is looked at too: a URL cannot tell an empty query or an empty user from none. */
const isOrigin = (url: URL, text: string): boolean =>
  (url.protocol === 'https:' || url.protocol === 'http:') && url.href === `${url.origin}/` && !/[?#@\\]/.test(text);

const isLoopbackName = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname);

function readRedisUrl(reading: Reading): string | undefined {
  const url = setting(reading, 'REDIS_URL');
  if (url !== undefined && !redisPattern.test(url)) {
    reading.faults.push(
      'REDIS_URL is not an address. Write redis://host:6379, rediss://… for TLS, or the +sentinel or +cluster form.',
    );
  }
  return url;
}

function readEncryptionKeys(reading: Reading, dataDir: string, embedded: boolean): EncryptionKeysSetting {
  const text = setting(reading, 'ENCRYPTION_KEYS');
  const file = setting(reading, 'ENCRYPTION_KEYS_FILE');
  if (text !== undefined && file !== undefined) {
    reading.faults.push('ENCRYPTION_KEYS and ENCRYPTION_KEYS_FILE are both set. Keep one of them.');
  }
  if (text !== undefined) {
    const parsed = parseKeyRing(text);
    if ('faults' in parsed) reading.faults.push(...parsed.faults.map((fault) => `ENCRYPTION_KEYS: ${fault}.`));
    return { kind: 'text', value: text };
  }
  if (file !== undefined) return { kind: 'file', value: file };
  if (!embedded) {
    reading.faults.push(
      'ENCRYPTION_KEYS or ENCRYPTION_KEYS_FILE must be set with DATABASE_URL. Write k1: and the output of "openssl rand -base64 32", and keep a copy: without it the stored secrets are lost.',
    );
  }
  return { kind: 'embedded', file: join(dataDir, 'encryption-keys') };
}

function readLogonDomain(reading: Reading, hostname: string): string {
  const domain = (setting(reading, 'LOGON_DOMAIN') ?? hostname).toLowerCase();
  if (!domainPattern.test(domain)) {
    reading.faults.push(
      `LOGON_DOMAIN is "${domain}". Set it to a domain name, e.g. example.com: logon names end in .<LOGON_DOMAIN>.`,
    );
  }
  return domain;
}

function readNetworks(reading: Reading, name: string): string[] {
  const { networks, faulty } = parseNetworks(setting(reading, name) ?? '');
  reading.faults.push(
    ...faulty.map((entry) => `${name} contains "${entry}". Write addresses or CIDR blocks, e.g. 10.0.0.0/8,fd00::/8.`),
  );
  return networks;
}

function readRequestsPerMinute(reading: Reading): number {
  const text = setting(reading, 'API_REQUESTS_PER_MINUTE') ?? '600';
  const requests = Number(text);
  if (!/^[0-9]{1,7}$/.test(text) || requests < 1)
    reading.faults.push(`API_REQUESTS_PER_MINUTE is "${text}". Set it to a whole number from 1 to 9999999.`);
  return requests;
}

function readLogLevel(reading: Reading): LogLevel {
  const text = setting(reading, 'LOG_LEVEL') ?? 'info';
  const level = logLevels.find((known) => known === text);
  if (level === undefined) reading.faults.push(`LOG_LEVEL is "${text}". Set it to one of ${logLevels.join(', ')}.`);
  return level ?? 'info';
}
