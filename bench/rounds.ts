import type { MeasuredChild } from './child-question.ts';
import type { LoadResult, PreparedLoad } from './load.ts';
import type { StartedServer } from './postern-target.ts';
import { median, percentile } from './statistics.ts';
import type { BenchStores, StoreUse } from './store-processes.ts';
import type { OperationName } from './operations.ts';

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  readonly workers: number;
}

export interface Bench {
  readonly stores: BenchStores;
  readonly load: MeasuredChild;
  readonly servers: Readonly<Record<ServerName, StartedServer>>;
  readonly effort: Effort;
}

export const serverNames = ['postern', 'bare'] as const;
export type ServerName = (typeof serverNames)[number];

/** What a round of one server came to, per operation where not said otherwise. */
export interface Round {
  readonly operations: number;
  readonly perSecond: number;
  readonly serverCpuMs: number;
  readonly postgresCpuMs: number;
  readonly redisCpuMs: number;
  readonly statements: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type Rounds = Readonly<Record<ServerName, readonly Round[]>>;

/** Runs the rounds of one operation: the two servers in turn, and who goes first in turn too. */
export async function runRounds(bench: Bench, operation: OperationName): Promise<Rounds> {
  const { rounds, roundMs, warmUpMs } = bench.effort;
  for (const name of serverNames) await runRound(bench, name, operation, warmUpMs);
  const done: Record<ServerName, Round[]> = { postern: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? serverNames : serverNames.toReversed();
    for (const name of order) done[name].push(await runRound(bench, name, operation, roundMs));
  }
  return done;
}

async function runRound(bench: Bench, name: ServerName, operation: OperationName, milliseconds: number): Promise<Round> {
  const { load, stores, servers, effort } = bench;
  const { child, target } = servers[name];
  await load.ask('prepare', { issuer: target.issuer, operation, workers: effort.workers } satisfies PreparedLoad);
  const before = { stores: await stores.use(), cpu: await child.ask<number>('cpu') };
  const result = await load.ask<LoadResult>('run', { milliseconds, perWorker: Number.MAX_SAFE_INTEGER });
  const cpu = (await child.ask<number>('cpu')) - before.cpu;
  return summarise(result, cpu / 1000, before.stores, await stores.use());
}

function summarise({ latenciesMs, elapsedMs }: LoadResult, serverCpuMs: number, before: StoreUse, after: StoreUse): Round {
  const operations = latenciesMs.length;
  return {
    operations,
    perSecond: (operations * 1000) / elapsedMs,
    serverCpuMs: serverCpuMs / operations,
    postgresCpuMs: (after.postgresCpuMs - before.postgresCpuMs) / operations,
    redisCpuMs: (after.redisCpuMs - before.redisCpuMs) / operations,
    statements: (after.statements - before.statements) / operations,
    p50Ms: median(latenciesMs),
    p99Ms: percentile(latenciesMs, 0.99),
  };
}

/** What one operation costs in storage when it runs alone. */
export interface StorageTrips {
  readonly redisCommands: number;
  readonly postgresStatements: number;
}

const tracedOperations = 20;

/** Counts the storage round trips of an operation that nothing runs beside. */
export async function countStorageTrips({ load, stores, servers }: Bench, operation: OperationName): Promise<StorageTrips> {
  const { issuer } = servers.postern.target;
  await load.ask('prepare', { issuer, operation, workers: 1 } satisfies PreparedLoad);
  const before = await stores.use();
  const commands = await stores.countRedisCommands(() => load.ask('run', { milliseconds: 60_000, perWorker: tracedOperations }));
  const after = await stores.use();
  return {
    redisCommands: commands / tracedOperations,
    postgresStatements: (after.statements - before.statements) / tracedOperations,
  };
}

/** CPU of one password hash in the server's process, in milliseconds: the median of some batches. */
export async function measureHash({ servers, effort }: Bench, parallel: number): Promise<number> {
  const batches: number[] = [];
  for (let batch = 0; batch < effort.rounds; batch += 1) {
    batches.push(await servers.postern.child.ask<number>('hash', { hashes: 24, parallel }));
  }
  return median(batches);
}
