import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findBinary, freePort, startServerProcess, type ThrowawayServer } from './throwaway-process.ts';
import { controlServer, refuseOutages } from './throwaway-server.ts';

export function findRedisBinary(): string | undefined {
  return findBinary('redis-server') ?? findBinary('valkey-server');
}

/** A Redis for one suite. Keys live under `keyPrefix`, as the server of TEST_REDIS_URL is not ours to empty. */
export interface ThrowawayRedis extends ThrowawayServer {
  readonly keyPrefix: string;
}

/** On the server of TEST_REDIS_URL where that is set, else on one of its own; one to be paused or killed is always its own. */
export async function startThrowawayRedis(options: { readonly forOutage?: boolean } = {}): Promise<ThrowawayRedis> {
  const keyPrefix = `postern-test-${randomBytes(6).toString('hex')}:`;
  const shared = process.env['TEST_REDIS_URL'];
  if (shared !== undefined && options.forOutage !== true) return { ...refuseOutages(shared), keyPrefix };
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'postern-redis-'));
  const start = () => startRedisProcess(port, directory);
  return { ...controlServer(`redis://127.0.0.1:${port}`, directory, await start(), start), keyPrefix };
}

/** A Cluster of three nodes without replicas, each with a third of the slots. */
export async function startThrowawayRedisCluster(): Promise<ThrowawayRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-redis-cluster-'));
  const ports = await Promise.all([1, 2, 3].map(() => freePort()));
  const start = async () => {
    const nodes = await Promise.all(ports.map((port) => startClusterNode(port, directory)));
    return {
      signal: (signal: NodeJS.Signals) => nodes.forEach((node) => node.signal(signal)),
      end: async (signal: NodeJS.Signals) => {
        await Promise.all(nodes.map((node) => node.end(signal)));
      },
    };
  };
  const first = await start();
  await formCluster(ports);
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return { ...controlServer(`redis+cluster://${hosts}`, directory, first, start), keyPrefix: '' };
}

/** A command for a test to arrange or look at things by hand. */
export async function runRedisCommand(url: string, ...command: [string, ...string[]]): Promise<unknown> {
  const client = new Redis(url);
  try {
    return await client.call(...command);
  } finally {
    client.disconnect();
  }
}

function startClusterNode(port: number, directory: string) {
  const own = join(directory, String(port));
  mkdirSync(own, { recursive: true });
  return startRedisProcess(port, own, [
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    String(port < 55_000 ? port + 10_000 : port - 10_000),
  ]);
}

function startRedisProcess(port: number, directory: string, extra: readonly string[] = []) {
  const file = findRedisBinary();
  if (file === undefined) throw new Error('no redis-server binary on this machine');
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'no'];
  return startServerProcess({
    file,
    args: [...fixed, ...extra],
    cwd: directory,
    readyLine: 'Ready to accept connections',
  });
}

async function formCluster(ports: readonly number[]): Promise<void> {
  const nodes = ports.map((port) => new Redis(port, '127.0.0.1'));
  try {
    const third = Math.ceil(16_384 / nodes.length);
    await Promise.all(
      nodes.map((node, i) => node.call('CLUSTER', 'ADDSLOTSRANGE', i * third, Math.min((i + 1) * third, 16_384) - 1)),
    );
    await Promise.all(nodes.slice(1).map((node) => meet(node, ports[0] ?? 0)));
    await Promise.all(nodes.map(waitUntilWhole));
  } finally {
    for (const node of nodes) node.disconnect();
  }
}

async function meet(node: Redis, port: number): Promise<void> {
  const cport = port < 55_000 ? port + 10_000 : port - 10_000;
  await node.call('CLUSTER', 'MEET', '127.0.0.1', port, cport);
}

async function waitUntilWhole(node: Redis): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const info = String(await node.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    if (Date.now() > deadline) throw new Error(`the cluster did not form:\n${info}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
