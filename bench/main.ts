import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startBare } from './bare-target.ts';
import { startChild } from './child-question.ts';
import { operationNames, operationTitles } from './operations.ts';
import { startPostern } from './postern-target.ts';
import { formatReport, machine, type Report, type Summary, summarise } from './report.ts';
import { type Bench, countStorageTrips, type Effort, measureHash, runRounds, serverNames } from './rounds.ts';
import { median } from './statistics.ts';
import { type BenchStores, startStores } from './store-processes.ts';

const full: Effort = {
  rounds: 8,
  roundMs: 1500,
  warmUpPerWorker: 250,
  warmUpMs: 5000,
  workers: 16,
  operationMs: 28_000,
};
const quick: Effort = {
  rounds: 3,
  roundMs: 600,
  warmUpPerWorker: 120,
  warmUpMs: 1000,
  workers: 16,
  operationMs: 6_000,
};

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', multiple: true },
    'profile-dir': { type: 'string' },
  },
});

async function measure(): Promise<void> {
  const stores = await startStores();
  const load = startChild('./load-generator.ts', {});
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
    postern: await startPostern(stores, effort.workers),
    bare: await startBare(effort.workers),
  };
  const bench: Bench = { stores, load, servers, effort, profileDirectory: options['profile-dir'] };
  try {
    for (const name of serverNames) await load.ask('open', servers[name].target);
    await tell(await takeReport(bench));
  } finally {
    await Promise.all(serverNames.map((name) => servers[name].child.stop()));
  }
}

const chosen = operationNames.filter((name) => options.only?.includes(name) ?? true);

async function takeReport(bench: Bench): Promise<Report> {
  const operations: Summary[] = [];
  const hashes: number[] = [];
  const hashOnce = async () => void hashes.push(await measureHash(bench));
  for (const name of chosen) {
    process.stderr.write(`${operationTitles[name]} …\n`);
    const rounds = await runRounds(bench, name, name === 'password_logon' ? hashOnce : () => Promise.resolve());
    operations.push(summarise(name, { rounds, trips: await countStorageTrips(bench, name) }));
  }
  const logon = operations.find(({ name }) => name === 'password_logon')?.servers.postern.serverCpuMs;
  return {
    takenAt: new Date().toISOString(),
    machine: machine(),
    versions: { node: process.version, ...(await bench.stores.versions()) },
    effort: bench.effort,
    ...(logon === undefined ? {} : { hashCpuMs: median(hashes), hashShare: median(hashes) / logon }),
    residentMegabytes: {
      postern: await residentMegabytes(bench, 'postern'),
      bare: await residentMegabytes(bench, 'bare'),
    },
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
