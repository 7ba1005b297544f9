import { cpus } from 'node:os';
import { type OperationName, operationTitles } from './operations.ts';
import { type Effort, type Round, type Rounds, type ServerName, serverNames, type StorageTrips } from './rounds.ts';
import { median } from './statistics.ts';

/** Everything measured of one operation. */
export interface Measured {
  readonly rounds: Rounds;
  readonly trips: StorageTrips;
}

export interface Report {
  readonly takenAt: string;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly effort: Effort;
  /** Of one bare password hash, measured in the server's process between the rounds of the logon. */
  readonly hashCpuMs?: number;
  /** CPU of one bare hash / server CPU of one whole logon. */
  readonly hashShare?: number;
  readonly residentMegabytes: Readonly<Record<ServerName, number>>;
  readonly operations: readonly Summary[];
}

export interface Summary {
  readonly name: OperationName;
  readonly servers: Readonly<Record<ServerName, Round>>;
  /** CPU of the bare engine / CPU of Postern, per operation: the median of the rounds' ratios, and their range. */
  readonly ratio: { readonly median: number; readonly lowest: number; readonly highest: number };
  readonly trips: StorageTrips;
}

export const machine = (): Report['machine'] => ({ cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length });

export function summarise(name: OperationName, { rounds, trips }: Measured): Summary {
  const ratios = rounds.postern.map(
    ({ serverCpuMs }, index) => (rounds.bare[index]?.serverCpuMs ?? Number.NaN) / serverCpuMs,
  );
  return {
    name,
    servers: { postern: medianRound(rounds.postern), bare: medianRound(rounds.bare) },
    ratio: { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    trips,
  };
}

function medianRound(rounds: readonly Round[]): Round {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  return {
    operations: of((round) => round.operations),
    perSecond: of((round) => round.perSecond),
    serverCpuMs: of((round) => round.serverCpuMs),
    mainThreadCpuMs: of((round) => round.mainThreadCpuMs),
    postgresCpuMs: of((round) => round.postgresCpuMs),
    redisCpuMs: of((round) => round.redisCpuMs),
    statements: of((round) => round.statements),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
  };
}

const headings = [
  'operation',
  'server',
  'req/s',
  'CPU ms',
  'JS ms',
  'PG ms',
  'Redis ms',
  'p50 ms',
  'p99 ms',
  'Redis cmds',
  'PG stmts',
  'under load',
  'ratio',
];

/** The table, in Markdown, which reads well in a terminal too. */
export function formatReport(report: Report): string {
  const rows = report.operations.flatMap((summary) => serverNames.map((server) => row(server, summary)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column < 2)).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const { hashCpuMs, hashShare, residentMegabytes } = report;
  return [
    line(headings),
    rule,
    ...rows.map(line),
    '',
    `hash share of a password logon: ${hashShare?.toFixed(3) ?? 'not measured'} (one bare hash: ${hashCpuMs?.toFixed(2) ?? '-'} ms CPU)`,
    `resident memory after the run: Postern ${residentMegabytes.postern.toFixed(0)} MB, bare ${residentMegabytes.bare.toFixed(0)} MB`,
  ].join('\n');
}

const pad = (cell: string, width: number, left: boolean): string => (left ? cell.padEnd(width) : cell.padStart(width));

function row(server: ServerName, { name, servers, ratio, trips }: Summary): string[] {
  const round = servers[server];
  const common = [round.perSecond.toFixed(0), round.serverCpuMs.toFixed(3), round.mainThreadCpuMs.toFixed(3)];
  const latency = [round.p50Ms.toFixed(1), round.p99Ms.toFixed(1)];
  if (server === 'bare') return ['', 'bare', ...common, '', '', ...latency, '', '', '', ''];
  return [
    ...[
      operationTitles[name],
      'Postern',
      ...common,
      round.postgresCpuMs.toFixed(3),
      round.redisCpuMs.toFixed(3),
      ...latency,
    ],
    ...[trips.redisCommands.toFixed(1), trips.postgresStatements.toFixed(1), round.statements.toFixed(2)],
    `${ratio.median.toFixed(2)} (${ratio.lowest.toFixed(2)}-${ratio.highest.toFixed(2)})`,
  ];
}
