import type { Driver, Endpoints } from './app-flow.ts';
import { answerParent } from './child-question.ts';
import { type HttpClient, openHttpClient } from './http-client.ts';
import { type Iteration, operations } from './operations.ts';
import type { Load, LoadResult, PreparedLoad } from './load.ts';
import type { Target } from './target.ts';

interface OpenTarget {
  readonly target: Target;
  readonly http: HttpClient;
  readonly endpoints: Endpoints;
}

const targets = new Map<string, OpenTarget>();
let prepared: readonly Iteration[] = [];

async function open(target: Target): Promise<void> {
  const http = openHttpClient(new URL(target.issuer).origin, target.users.length);
  const { body } = await http.send(`${target.issuer}/.well-known/openid-configuration`);
  targets.set(target.issuer, { target, http, endpoints: JSON.parse(body) as Endpoints });
}

async function prepare({ issuer, operation, workers }: PreparedLoad): Promise<void> {
  const opened = targets.get(issuer);
  if (opened === undefined) throw new Error(`${issuer} was not opened`);
  const users = opened.target.users.slice(0, workers);
  prepared = await Promise.all(users.map((user) => operations[operation]({ ...opened, user } satisfies Driver)));
}

/** Each worker goes on with the next operation as soon as the last is answered, until the time or their number is reached. */
async function run({ milliseconds, perWorker }: Load): Promise<LoadResult> {
  const startedAt = performance.now();
  const latencies = await Promise.all(
    prepared.map((iterate) => runWorker(iterate, startedAt + milliseconds, perWorker)),
  );
  return { latenciesMs: latencies.flat(), elapsedMs: performance.now() - startedAt };
}

async function runWorker(iterate: Iteration, until: number, most: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let now = performance.now(); now < until && latencies.length < most; ) {
    await iterate();
    const finishedAt = performance.now();
    latencies.push(finishedAt - now);
    now = finishedAt;
  }
  return latencies;
}

answerParent({
  open: (input) => open(input as Target),
  prepare: (input) => prepare(input as PreparedLoad),
  run: (input) => run(input as Load),
});
