import { describe, expect, test } from 'vitest';
import { newKeyRingEntry } from '../../src/crypto/key-ring.ts';
import { readConfig } from '../../src/config/read-config.ts';

const key = newKeyRingEntry('k1');
const production = {
  PUBLIC_URL: 'https://id.example.com',
  DATABASE_URL: 'postgres://postern:s3cr3t@db.example:5432/postern',
  ENCRYPTION_KEYS: key,
};

const configOf = (env: Record<string, string>) => {
  const result = readConfig(env);
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return result.config;
};
const faultsOf = (env: Record<string, string>): string[] => {
  const result = readConfig(env);
  return 'faults' in result ? result.faults : [];
};

describe('defaults', () => {
  test('an empty environment serves on loopback from an embedded database', () => {
    expect(configOf({})).toEqual({
      publicUrl: 'http://localhost:3000',
      isHttps: false,
      bindAddress: '127.0.0.1',
      port: 3000,
      managementAddress: '127.0.0.1',
      managementPort: 3001,
      embedded: true,
      database: { kind: 'embedded', directory: 'data/database' },
      dataDir: './data',
      encryptionKeys: { kind: 'embedded', file: 'data/encryption-keys' },
      logonDomain: 'localhost',
      trustedProxies: [],
      outboundAllowedNetworks: [],
      apiRequestsPerMinute: 600,
      logLevel: 'info',
    });
  });

  test('with a real database it listens on all addresses, management on loopback still', () => {
    expect(configOf(production)).toMatchObject({
      publicUrl: 'https://id.example.com',
      isHttps: true,
      bindAddress: '0.0.0.0',
      managementAddress: '127.0.0.1',
      embedded: false,
      database: { kind: 'postgres', url: production.DATABASE_URL },
      encryptionKeys: { kind: 'text', value: key },
      logonDomain: 'id.example.com',
    });
  });

  test('the public address follows the port', () => {
    expect(configOf({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
  });

  test('an empty variable counts as unset', () => {
    expect(configOf({ DATABASE_URL: '', REDIS_URL: ' ', PORT: '' })).toEqual(configOf({}));
  });

  test('the configuration cannot be changed later', () => {
    expect(() => Object.assign(configOf({}), { port: 1 })).toThrow(TypeError);
  });
});

test.each([
  ['a trailing slash is dropped', { PUBLIC_URL: 'https://id.example.com/' }, { publicUrl: 'https://id.example.com' }],
  [
    'case and default port are normalised',
    { PUBLIC_URL: 'https://ID.Example.com:443' },
    { publicUrl: 'https://id.example.com' },
  ],
  ['an address may be the public host', { PUBLIC_URL: 'http://127.0.0.1:4000' }, { logonDomain: '127.0.0.1' }],
  ['embedded on a private network may go without https', { PUBLIC_URL: 'http://box.lan' }, { isHttps: false }],
  [
    'the data directory holds database and keys',
    { DATA_DIR: '/srv/p' },
    {
      database: { kind: 'embedded', directory: '/srv/p/database' },
      encryptionKeys: { kind: 'embedded', file: '/srv/p/encryption-keys' },
    },
  ],
  [
    'localhost may go without https on a real database',
    { ...production, PUBLIC_URL: 'http://localhost:3000' },
    { embedded: false },
  ],
  [
    'keys may come from a file',
    { ...production, ENCRYPTION_KEYS: '', ENCRYPTION_KEYS_FILE: '/run/keys' },
    { encryptionKeys: { kind: 'file', value: '/run/keys' } },
  ],
  [
    'breached passwords may be looked up in a file',
    { BREACHED_PASSWORDS_FILE: ' /srv/hashes.txt ' },
    { breachedPasswordsFile: '/srv/hashes.txt' },
  ],
  ['the logon domain is lower-cased', { LOGON_DOMAIN: 'Example.COM' }, { logonDomain: 'example.com' }],
  [
    'networks are lists',
    { TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8,192.0.2.7,' },
    { trustedProxies: ['10.0.0.0/8', 'fd00::/8', '192.0.2.7'] },
  ],
  ['a single Redis', { REDIS_URL: 'redis://cache:6379/1' }, { redisUrl: 'redis://cache:6379/1' }],
  ['Redis over TLS', { REDIS_URL: 'rediss://:pw@cache' }, { redisUrl: 'rediss://:pw@cache' }],
  [
    'Redis by Sentinel',
    { REDIS_URL: 'redis+sentinel://a:26379,b:26379/main' },
    { redisUrl: 'redis+sentinel://a:26379,b:26379/main' },
  ],
  ['Redis Cluster', { REDIS_URL: 'redis+cluster://a:6379,b:6379' }, { redisUrl: 'redis+cluster://a:6379,b:6379' }],
  [
    'names of the command line as a client pass',
    { POSTERN_ISSUER: 'x', POSTERN_ACCESS_KEY_ID: 'x', POSTERN_ACCESS_KEY_SECRET: 'x', POSTERN_PROFILE: 'x' },
    { port: 3000 },
  ],
])('accepted: %s', (_name, env, expected) => {
  expect(configOf(env as unknown as Record<string, string>)).toMatchObject(expected);
});

test.each([
  ['a path', { PUBLIC_URL: 'https://id.example.com/sso' }, 'PUBLIC_URL is not an origin'],
  ['a query', { PUBLIC_URL: 'https://id.example.com/?' }, 'PUBLIC_URL is not an origin'],
  ['a fragment', { PUBLIC_URL: 'https://id.example.com#' }, 'PUBLIC_URL is not an origin'],
  ['user-info', { PUBLIC_URL: 'https://a@id.example.com' }, 'PUBLIC_URL is not an origin'],
  ['another scheme', { PUBLIC_URL: 'ftp://id.example.com' }, 'PUBLIC_URL is not an origin'],
  ['a bare name', { PUBLIC_URL: 'id.example.com' }, 'PUBLIC_URL is not an origin'],
  ['http on a real database', { ...production, PUBLIC_URL: 'http://id.example.com' }, 'PUBLIC_URL has no https'],
  [
    'a look-alike of localhost',
    { ...production, PUBLIC_URL: 'http://localhost.example.com' },
    'PUBLIC_URL has no https',
  ],
  [
    'no keys on a real database',
    { ...production, ENCRYPTION_KEYS: '' },
    'ENCRYPTION_KEYS or ENCRYPTION_KEYS_FILE must be set',
  ],
  ['keys given twice', { ...production, ENCRYPTION_KEYS_FILE: '/run/keys' }, 'are both set'],
  ['a port out of range', { PORT: '65536' }, 'PORT is "65536"'],
  ['a port of zero', { PORT: '0' }, 'PORT is "0"'],
  ['a port with a unit', { MANAGEMENT_PORT: '30e2' }, 'MANAGEMENT_PORT is "30e2"'],
  ['one port for both listeners', { PORT: '3001' }, 'PORT and MANAGEMENT_PORT are both 3001'],
  ['a name to listen on', { BIND_ADDRESS: 'eth0' }, 'BIND_ADDRESS is "eth0"'],
  ['a prefix out of range', { TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES contains "10.0.0.0/33"'],
  [
    'a host name as a network',
    { OUTBOUND_ALLOWED_NETWORKS: 'intranet' },
    'OUTBOUND_ALLOWED_NETWORKS contains "intranet"',
  ],
  ['a zone as a network', { TRUSTED_PROXIES: 'fe80::1%eth0' }, 'TRUSTED_PROXIES contains'],
  ['an empty label', { LOGON_DOMAIN: 'a..example' }, 'LOGON_DOMAIN is "a..example"'],
  ['an address of version 6 with no logon domain', { PUBLIC_URL: 'http://[::1]:3000' }, 'LOGON_DOMAIN is "[::1]"'],
  ['no requests at all', { API_REQUESTS_PER_MINUTE: '0' }, 'API_REQUESTS_PER_MINUTE is "0"'],
  ['requests in words', { API_REQUESTS_PER_MINUTE: 'many' }, 'API_REQUESTS_PER_MINUTE is "many"'],
  ['an unknown level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud"'],
  ['another database', { DATABASE_URL: 'mysql://db/x', ENCRYPTION_KEYS: key }, 'DATABASE_URL is not an address'],
  ['another cache', { REDIS_URL: 'memcached://a' }, 'REDIS_URL is not an address'],
  ['a prefixed name', { POSTERN_PORT: '1' }, 'POSTERN_PORT is not a setting'],
])('refused with a sentence: %s', (_name, env, sentence) => {
  expect(faultsOf(env as unknown as Record<string, string>)).toEqual([expect.stringContaining(sentence)]);
});

test('all faults are told at once', () => {
  const faults = faultsOf({
    PORT: 'x',
    LOG_LEVEL: 'x',
    PUBLIC_URL: 'x',
    LOGON_DOMAIN: '-',
    POSTERN_X: '',
    DATABASE_URL: 'x',
  });
  expect(faults).toHaveLength(7);
});

test('no sentence repeats a secret', () => {
  const faults = faultsOf({
    DATABASE_URL: 'postgres//postern:canary-db@db',
    REDIS_URL: '//:canary-redis@cache',
    PUBLIC_URL: 'https://user:canary-url@id.example.com',
    ENCRYPTION_KEYS: 'k1:Y2FuYXJ5LWtleQ==,canary-entry',
    ENCRYPTION_KEYS_FILE: '/run/keys',
  });
  expect(faults).toHaveLength(6);
  expect(faults.join('\n')).not.toMatch(/canary|Y2FuYXJ5/);
});
