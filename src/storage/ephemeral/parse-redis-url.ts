export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface RedisCredentials {
  readonly username?: string;
  readonly password?: string;
}

/** Where a Redis is, and how to sign in to it. */
export type RedisTarget = RedisCredentials & { readonly tls: boolean } & (
    | { readonly kind: 'single'; readonly node: RedisNode; readonly db: number }
    | {
        readonly kind: 'sentinel';
        readonly sentinels: readonly RedisNode[];
        readonly masterName: string;
        readonly db: number;
        readonly sentinelCredentials: RedisCredentials;
      }
    | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] }
  );

type Kind = RedisTarget['kind'];

interface UrlParts {
  readonly credentials: RedisCredentials;
  readonly nodes: readonly RedisNode[];
  readonly path: readonly string[];
  readonly parameters: URLSearchParams;
}

/** The address is none of the known forms. The message never repeats it: it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
}

const shape =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<userInfo>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/;
const hostAndPort = /^(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?<port>\d{1,5}))?$/;
const defaultPorts: Record<Kind, number> = { single: 6379, sentinel: 26379, cluster: 6379 };
const parametersOf: Record<Kind, readonly string[]> = {
  single: [],
  sentinel: ['sentinelUsername', 'sentinelPassword'],
  cluster: [],
};

/**
 * Reads an address of one of the forms (`rediss` for TLS in each of them):
 * `redis://[user:password@]host[:6379][/db]`,
 * `redis+sentinel://[user:password@]host[:26379],host…/<master name>[/db][?sentinelUsername=…&sentinelPassword=…]`,
 * `redis+cluster://[user:password@]host[:6379],host…`. Credentials are percent-encoded.
 * Errors: RedisUrlError.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const groups = shape.exec(url)?.groups;
  if (groups === undefined)
    throw new RedisUrlError('expected redis://, redis+sentinel:// or redis+cluster:// and hosts');
  const kind: Kind = groups['kind'] === 'sentinel' || groups['kind'] === 'cluster' ? groups['kind'] : 'single';
  const parts: UrlParts = {
    credentials: parseUserInfo(groups['userInfo'] ?? ''),
    nodes: (groups['hosts'] ?? '').split(',').map((text) => parseNode(text, defaultPorts[kind])),
    path: (groups['path'] ?? '').split('/').filter((part) => part !== ''),
    parameters: new URLSearchParams(groups['query'] ?? ''),
  };
  for (const name of parts.parameters.keys()) {
    if (!parametersOf[kind].includes(name))
      throw new RedisUrlError(`the parameter ${JSON.stringify(name)} is not known`);
  }
  const build = { single: buildSingle, sentinel: buildSentinel, cluster: buildCluster }[kind];
  return build(parts, groups['tls'] === 's');
}

function buildSingle({ credentials, nodes, path }: UrlParts, tls: boolean): RedisTarget {
  const [node] = nodes;
  if (node === undefined || nodes.length > 1) throw new RedisUrlError('redis:// takes one host');
  if (path.length > 1) throw new RedisUrlError('redis:// takes a database number after the host and no more');
  return { kind: 'single', tls, ...credentials, node, db: parseDb(path[0]) };
}

function buildSentinel({ credentials, nodes, path, parameters }: UrlParts, tls: boolean): RedisTarget {
  const [masterName, db] = path;
  if (masterName === undefined || path.length > 2) {
    throw new RedisUrlError('redis+sentinel:// takes the name of the master after the hosts, then a database number');
  }
  const sentinelCredentials = pickCredentials(parameters.get('sentinelUsername'), parameters.get('sentinelPassword'));
  const name = decode(masterName);
  return {
    kind: 'sentinel',
    tls,
    ...credentials,
    sentinels: nodes,
    masterName: name,
    db: parseDb(db),
    sentinelCredentials,
  };
}

function buildCluster({ credentials, nodes, path }: UrlParts, tls: boolean): RedisTarget {
  if (path.length > 0)
    throw new RedisUrlError('a Redis Cluster has no database numbers: redis+cluster:// takes no path');
  return { kind: 'cluster', tls, ...credentials, nodes };
}

function parseUserInfo(userInfo: string): RedisCredentials {
  const colon = userInfo.indexOf(':');
  const [username, password] = colon < 0 ? [userInfo, ''] : [userInfo.slice(0, colon), userInfo.slice(colon + 1)];
  return pickCredentials(decode(username), decode(password));
}

function pickCredentials(username: string | null, password: string | null): RedisCredentials {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function parseNode(text: string, defaultPort: number): RedisNode {
  const groups = hostAndPort.exec(text)?.groups;
  const host = groups?.['host']?.replace(/^\[|\]$/g, '');
  const port = groups?.['port'] === undefined ? defaultPort : Number(groups['port']);
  if (host === undefined || port < 1 || port > 65_535) throw new RedisUrlError('a host is not of the form name:port');
  return { host, port };
}

function parseDb(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text)) throw new RedisUrlError('the database number is none');
  return Number(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError('the credentials are not percent-encoded');
  }
}
