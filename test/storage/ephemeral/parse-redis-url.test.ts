import { describe, expect, it } from 'vitest';
import { parseRedisUrl, type RedisTarget, RedisUrlError } from '../../../src/storage/ephemeral/parse-redis-url.ts';

const node = { host: 'redis.example', port: 6379 };

describe('addresses of Redis', () => {
  const known: [string, RedisTarget][] = [
    ['redis://redis.example', { kind: 'single', tls: false, node, db: 0 }],
    ['redis://redis.example/', { kind: 'single', tls: false, node, db: 0 }],
    ['rediss://redis.example:7000/4', { kind: 'single', tls: true, node: { ...node, port: 7000 }, db: 4 }],
    ['redis://[::1]:7000', { kind: 'single', tls: false, node: { host: '::1', port: 7000 }, db: 0 }],
    ['redis://:p%40ss@redis.example', { kind: 'single', tls: false, password: 'p@ss', node, db: 0 }],
    ['redis://me:a:b@redis.example', { kind: 'single', tls: false, username: 'me', password: 'a:b', node, db: 0 }],
    [
      'redis+sentinel://me:secret@one:26380,two/main%20master/2?sentinelUsername=s&sentinelPassword=p%26q',
      {
        kind: 'sentinel',
        tls: false,
        username: 'me',
        password: 'secret',
        sentinels: [
          { host: 'one', port: 26380 },
          { host: 'two', port: 26379 },
        ],
        masterName: 'main master',
        db: 2,
        sentinelCredentials: { username: 's', password: 'p&q' },
      },
    ],
    [
      'rediss+sentinel://one/main',
      {
        kind: 'sentinel',
        tls: true,
        sentinels: [{ host: 'one', port: 26379 }],
        masterName: 'main',
        db: 0,
        sentinelCredentials: {},
      },
    ],
    [
      'redis+cluster://:secret@one,two:7001',
      {
        kind: 'cluster',
        tls: false,
        password: 'secret',
        nodes: [
          { host: 'one', port: 6379 },
          { host: 'two', port: 7001 },
        ],
      },
    ],
    ['rediss+cluster://[fe80::1]:1/', { kind: 'cluster', tls: true, nodes: [{ host: 'fe80::1', port: 1 }] }],
  ];
  it.each(known)('%s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  it.each([
    ['nothing', ''],
    ['another scheme', 'http://canary@redis.example'],
    ['another kind', 'redis+canary://redis.example'],
    ['no host', 'redis://:canary@'],
    ['an empty host', 'redis+cluster://canary,,two'],
    ['two hosts for one server', 'redis://canary,two'],
    ['a port of zero', 'redis://canary:0'],
    ['a port too large', 'redis://canary:65536'],
    ['a port that is none', 'redis://canary:port'],
    ['a database that is none', 'redis://host/canary'],
    ['a negative database', 'redis://canary/-1'],
    ['a path too long', 'redis://canary/1/2'],
    ['a Sentinel without a name', 'redis+sentinel://canary'],
    ['a Sentinel path too long', 'redis+sentinel://host/name/1/canary'],
    ['a Cluster with a database', 'redis+cluster://canary/1'],
    ['broken escapes', 'redis://:canary%zz@host'],
    ['an unknown parameter', 'redis://:canary@host?family=6'],
    ['a parameter of another kind', 'redis+cluster://:canary@host?sentinelPassword=x'],
    ['a fragment', 'redis://host/#canary'],
    ['white space', 'redis://canary host'],
  ])('%s is refused, and the message does not repeat the address', (_, url) => {
    const parse = () => parseRedisUrl(url);
    expect(parse).toThrow(RedisUrlError);
    expect(parse).not.toThrow(/canary/);
  });
});
