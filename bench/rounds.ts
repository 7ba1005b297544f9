import { join } from 'node:path';
import type { MeasuredChild } from './child-question.ts';
import type { Load, LoadResult, PreparedLoad } from './load.ts';
import type { StartedServer } from './postern-target.ts';
import type { CpuUse, HashLoad } from './server-process.ts';
import { median, percentile } from './statistics.ts';
import type { BenchStores, StoreUse } from './store-processes.ts';
import type { OperationName } from './operations.ts';

/** How much is measured. */
export interface Effort {
  /** Of each server; fewer, but not below three, where the machine is too busy to do them within the time. */
  readonly rounds: number;
  readonly roundMs: number;
  /** Operations of each worker before anything is measured, and the time after which they are enough in any case. */
  readonly warmUpPerWorker: number;
  readonly warmUpMs: number;
  readonly workers: number;
  /** What one operation may take altogether, in milliseconds. */
  readonly operationMs: number;
}

const fewestRounds = 3;

export interface Bench {
  readonly stores: BenchStores;
  readonly load: MeasuredChild;
  readonly servers: Readonly<Record<ServerName, StartedServer>>;
  readonly effort: Effort;
  /** Where CPU profiles of Postern's rounds go, if any are wanted; profiling costs time of its own. */
  readonly profileDirectory: string | undefined;
}

export const serverNames = ['postern', 'bare'] as const;
export type ServerName = (typeof serverNames)[number];

/** What a round of one server came to, per operation where not said otherwise. */
export interface Round {
  readonly operations: number;
  readonly perSecond: number;
  readonly serverCpuMs: number;
  /** The part of it that ran JavaScript; the rest is hashing, signing and garbage collection in threads beside. */
  readonly mainThreadCpuMs: number;
  readonly postgresCpuMs: number;
  readonly redisCpuMs: number;
  readonly statements: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type Rounds = Readonly<Record<ServerName, readonly Round[]>>;

/**
 * Runs the rounds of one operation: the two servers in turn, and who goes first in turn too. `between` runs after each pair, for what is
 * to be compared with them.
 */
export async function runRounds(bench: Bench, operation: OperationName, between: () => Promise<void>): Promise<Rounds> {
  const { rounds, roundMs, operationMs } = bench.effort;
  const until = performance.now() + operationMs;
  for (const name of serverNames) await warmUp(bench, name, operation);
  const done: Record<ServerName, Round[]> = { postern: [], bare: [] };
  for (let round = 0; round < rounds && (round < fewestRounds || performance.now() < until); round += 1) {
    const order = round % 2 === 0 ? serverNames : serverNames.toReversed();
    for (const name of order) done[name].push(await runRound(bench, name, operation, roundMs));
    await between();
  }
  return done;
}

/** By number, not by time: on a busy machine a second may be too short for the code to be compiled. */
async function warmUp({ load, servers, effort }: Bench, name: ServerName, operation: OperationName): Promise<void> {
  const { issuer } = servers[name].target;
  await load.ask('prepare', { issuer, operation, workers: effort.workers } satisfies PreparedLoad);
  await load.ask('run', { milliseconds: effort.warmUpMs, perWorker: effort.warmUpPerWorker } satisfies Load);
}

async function runRound(
  bench: Bench,
  name: ServerName,
  operation: OperationName,
  milliseconds: number,
): Promise<Round> {
  const { load, stores, servers, effort } = bench;
  const { child, target } = servers[name];
  await load.ask('prepare', { issuer: target.issuer, operation, workers: effort.workers } satisfies PreparedLoad);
  return await profiled(bench, name, operation, async () => {
    const before = { stores: await stores.use(), cpu: await child.ask<CpuUse>('cpu') };
    const result = await load.ask<LoadResult>('run', { milliseconds, perWorker: Number.MAX_SAFE_INTEGER });
    const after = { cpu: await child.ask<CpuUse>('cpu'), stores: await stores.use() };
    return summarise(result, before, after);
  });
}

async function profiled<T>(
  bench: Bench,
  name: ServerName,
  operation: OperationName,
  run: () => Promise<T>,
): Promise<T> {
  const { profileDirectory, servers } = bench;
  if (profileDirectory === undefined || name !== 'postern') return await run();
  await servers[name].child.ask('startProfile');
  const result = await run();
  await servers[name].child.ask('stopProfile', join(profileDirectory, `${operation}-${Date.now()}.cpuprofile`));
  return result;
}

interface Use {
  readonly cpu: CpuUse;
  readonly stores: StoreUse;
}

function summarise({ latenciesMs, elapsedMs }: LoadResult, before: Use, after: Use): Round {
  const operations = latenciesMs.length;
  return {
    operations,
    perSecond: (operations * 1000) / elapsedMs,
    serverCpuMs: (after.cpu.process - before.cpu.process) / 1000 / operations,
    mainThreadCpuMs: (after.cpu.mainThread - before.cpu.mainThread) / 1000 / operations,
    postgresCpuMs: (after.stores.postgresCpuMs - before.stores.postgresCpuMs) / operations,
    redisCpuMs: (after.stores.redisCpuMs - before.stores.redisCpuMs) / operations,
    statements: (after.stores.statements - before.stores.statements) / operations,
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

const hashesAtOnce = 16;

/** Counts the storage round trips of an operation that nothing runs beside. */
export async function countStorageTrips(
  { load, stores, servers }: Bench,
  operation: OperationName,
): Promise<StorageTrips> {
  const { issuer } = servers.postern.target;
  await load.ask('prepare', { issuer, operation, workers: 1 } satisfies PreparedLoad);
  const before = await stores.use();
  const commands = await stores.countRedisCommands(() =>
    load.ask('run', { milliseconds: 60_000, perWorker: tracedOperations }),
  );
  const after = await stores.use();
  return {
    redisCommands: commands / tracedOperations,
    postgresStatements: (after.statements - before.statements) / tracedOperations,
  };
}

/** CPU of one password hash in the server's process, in milliseconds, one at a time. */
export async function measureHash({ servers }: Bench): Promise<number> {
  return await servers.postern.child.ask<number>('hash', { hashes: hashesAtOnce, parallel: 1 } satisfies HashLoad);
}
