import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startBare } from './bare-target.ts';
import { startChild } from './child-question.ts';
import { type OperationName, operationNames, operationTitles } from './operations.ts';
import { startPostern } from './postern-target.ts';
import { formatReport, machine, type Measured, type Report, summarise } from './report.ts';
import { type Bench, countStorageTrips, type Effort, measureHash, runRounds, serverNames } from './rounds.ts';
import { type BenchStores, startStores } from './store-processes.ts';

const full: Effort = { rounds: 8, roundMs: 1500, warmUpMs: 1000, workers: 16 };
const quick: Effort = { rounds: 3, roundMs: 600, warmUpMs: 400, workers: 16 };

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    'cpu-prof-dir': { type: 'string' },
  },
});

async function measure(): Promise<void> {
  const stores = await startStores();
  const load = startChild('./load-generator.ts', {}, []);
  try {
    await measureOn(stores, load);
  } finally {
    await load.stop();
    await stores.stop();
  }
}

async function measureOn(stores: BenchStores, load: Bench['load']): Promise<void> {
  const effort = options.quick ? quick : full;
  const servers = {
    postern: await startPostern(stores, effort.workers, profiling()),
    bare: await startBare(effort.workers, []),
  };
  const bench: Bench = { stores, load, servers, effort };
  try {
    for (const name of serverNames) await load.ask('open', servers[name].target);
    await tell(await takeReport(bench));
  } finally {
    await Promise.all(serverNames.map((name) => servers[name].child.stop()));
  }
}

/** Arguments that make the server under measurement write a CPU profile when it ends. */
const profiling = (): string[] =>
  options['cpu-prof-dir'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options['cpu-prof-dir']}`];

const chosen = operationNames.filter((name) => options.only?.includes(name) ?? true);

async function takeReport(bench: Bench): Promise<Report> {
  const measured = new Map<OperationName, Measured>();
  for (const name of chosen) {
    process.stderr.write(`${operationTitles[name]} …\n`);
    measured.set(name, { rounds: await runRounds(bench, name), trips: await countStorageTrips(bench, name) });
  }
  const hashCpuMs = { alone: await measureHash(bench, 1), parallel: await measureHash(bench, availableParallelism()) };
  const operations = [...measured].map(([name, one]) => summarise(name, one));
  const logon = operations.find(({ name }) => name === 'password_logon')?.servers.postern.serverCpuMs;
  return {
    takenAt: new Date().toISOString(),
    machine: machine(),
    versions: { node: process.version, ...(await bench.stores.versions()) },
    effort: bench.effort,
    hashCpuMs,
    ...(logon === undefined ? {} : { hashShare: hashCpuMs.alone / logon }),
    residentMegabytes: { postern: await residentMegabytes(bench, 'postern'), bare: await residentMegabytes(bench, 'bare') },
    operations,
  };
}

const residentMegabytes = async ({ servers }: Bench, name: 'postern' | 'bare'): Promise<number> =>
  (await servers[name].child.ask<number>('memory')) / 1024 / 1024;

async function tell(report: Report): Promise<void> {
  process.stdout.write(`${formatReport(report)}\n\n${JSON.stringify(report)}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

await measure();
