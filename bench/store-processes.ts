import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import postgres, { type Sql } from 'postgres';
import type { ThrowawayServer } from '../test/support/throwaway-process.ts';
import { startThrowawayPostgres } from '../test/support/throwaway-postgres.ts';
import { startThrowawayRedis } from '../test/support/throwaway-redis.ts';

/** Kernel clock ticks per second, fixed for programs whatever the kernel runs at. */
const ticksPerSecond = 100;

const restartAttempts = 10;

/** What the stores have done so far. */
export interface StoreUse {
  readonly postgresCpuMs: number;
  readonly redisCpuMs: number;
  /** Statements that Postgres was sent, those that open and end transactions included. */
  readonly statements: number;
}

export interface BenchStores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly use: () => Promise<StoreUse>;
  /** Counts the commands that clients send to Redis while `work` runs; what scripts do inside Redis is not a round trip. */
  readonly countRedisCommands: (work: () => Promise<unknown>) => Promise<number>;
  readonly versions: () => Promise<{ readonly postgres: string; readonly redis: string }>;
  readonly stop: () => Promise<void>;
}

/** Starts a Postgres and a Redis of our own (never shared ones: they are measured). */
export async function startStores(): Promise<BenchStores> {
  const [database, ephemeral] = await Promise.all([
    startThrowawayPostgres({ forOutage: true }),
    startThrowawayRedis({ forOutage: true }),
  ]);
  await preload(database.url);
  await restart(database);
  const sql = connect(database.url);
  await sql`create extension pg_stat_statements`;
  const redis = new Redis(ephemeral.url);
  const pids = { postgres: await postmasterPid(sql), redis: await redisPid(redis) };
  return {
    databaseUrl: database.url,
    redisUrl: ephemeral.url,
    use: async () => ({
      postgresCpuMs: treeCpuMs(pids.postgres),
      redisCpuMs: treeCpuMs(pids.redis),
      statements: await countStatements(sql),
    }),
    countRedisCommands: (work) => countCommands(redis, work),
    versions: async () => ({ postgres: await postgresVersion(sql), redis: await redisInfo(redis, 'redis_version') }),
    stop: async () => {
      redis.disconnect();
      await sql.end({ timeout: 1 });
      await Promise.all([database.stop(), ephemeral.stop()]);
    },
  };
}

const connect = (url: string): Sql => postgres(url, { max: 1, onnotice: () => undefined });

/** The extension that counts statements must be there when the server starts. */
async function preload(url: string): Promise<void> {
  const sql = connect(url);
  await sql`alter system set shared_preload_libraries = 'pg_stat_statements'`;
  await sql.end();
}

/** The kernel may hold on to the shared memory of the server that was killed for a moment. */
async function restart(database: ThrowawayServer): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.restart();
    } catch (error) {
      if (attempt === restartAttempts) throw error;
      await setTimeout(200);
    }
  }
}

async function countStatements(sql: Sql): Promise<number> {
  const [row] = await sql<{ calls: string }[]>`
    select coalesce(sum(calls), 0) as calls from pg_stat_statements where query not like '%pg_stat_statements%'`;
  return Number(row?.calls);
}

async function postgresVersion(sql: Sql): Promise<string> {
  const [row] = await sql<{ server_version: string }[]>`show server_version`;
  return row?.server_version ?? '';
}

/** Our connection's process is a child of the server's first. */
async function postmasterPid(sql: Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return readStat(row?.pid ?? 0)?.parent ?? 0;
}

const redisPid = async (redis: Redis): Promise<number> => Number(await redisInfo(redis, 'process_id'));

async function redisInfo(redis: Redis, name: string): Promise<string> {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(await redis.info())?.[1] ?? '';
}

async function countCommands(redis: Redis, work: () => Promise<unknown>): Promise<number> {
  const monitor = await redis.monitor();
  let commands = 0;
  monitor.on('monitor', (_time: string, _command: string[], source: string) => {
    if (source !== 'lua') commands += 1;
  });
  await work();
  // The monitor's connection is behind the others: a command of ours that it has seen is a mark.
  await new Promise<void>((resolve, reject) => {
    monitor.on('monitor', (_time: string, [command, text]: string[]) => {
      if (command?.toLowerCase() === 'echo' && text === 'counted') resolve();
    });
    redis.echo('counted').catch(reject);
  });
  monitor.disconnect();
  return commands - 1;
}

interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
  /** Of children that have ended. */
  readonly childTicks: number;
}

/** See proc(5): the name in parentheses may hold anything, so fields are counted from behind it. */
function readStat(pid: number | string): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    return { parent, ticks: user + system, childTicks: childUser + childSystem };
  } catch {
    return undefined;
  }
}

/** CPU of a process and its children, living and ended, in milliseconds (10 ms fine). */
function treeCpuMs(root: number): number {
  const own = readStat(root);
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStat)
    .filter((stat) => stat?.parent === root);
  const ticks =
    (own?.ticks ?? 0) + (own?.childTicks ?? 0) + children.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0);
  return (ticks * 1000) / ticksPerSecond;
}
