import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openTestStores, type TestStores } from './server-environment.ts';
import { newAccountIn, type ServerProcess, startServerProcess } from './server-process.ts';
import type { TestAccount } from './test-account.ts';

/** Which process gets the next requests. */
export type Route = 'alternate' | 0 | 1;

/** Two processes over the same Postgres and Redis, behind one public address. */
export interface ServerPair {
  readonly origin: string;
  readonly stores: TestStores;
  readonly processes: readonly [ServerProcess, ServerProcess];
  /** From now on; consecutive requests alternate unless told otherwise. */
  routeTo(route: Route): void;
  /** How many requests each process was given. */
  readonly counts: () => readonly [number, number];
  readonly account: (alias?: string) => Promise<TestAccount>;
  readonly close: () => Promise<void>;
}

export async function startServerPair(settings: Readonly<Record<string, string>> = {}): Promise<ServerPair> {
  const stores = await openTestStores('postgres-redis');
  const turn: Turn = { route: 'alternate', counts: [0, 0], ports: [0, 0] };
  // As long as the servers themselves: a busy machine must not look like a connection lost.
  const forwarder = createServer({ keepAliveTimeout: 65_000 }, (req, res) => forward(turn, req, res)).listen(
    0,
    '127.0.0.1',
  );
  await once(forwarder, 'listening');
  const origin = `http://localhost:${(forwarder.address() as AddressInfo).port}`;
  const changes = { PUBLIC_URL: origin, ...settings };
  // One after the other: the first sets up the database.
  const processes = [await startServerProcess(stores, changes), await startServerProcess(stores, changes)] as const;
  turn.ports = [processes[0].port, processes[1].port];
  return {
    ...{ origin, stores, processes },
    routeTo: (route) => {
      turn.route = route;
    },
    counts: () => [...turn.counts],
    account: (alias) => newAccountIn(stores, origin, alias),
    close: async () => {
      forwarder.closeAllConnections();
      forwarder.close();
      await Promise.all(processes.map((one) => one.stop()));
      await stores.remove();
    },
  };
}

interface Turn {
  route: Route;
  counts: [number, number];
  ports: [number, number];
}

function forward(turn: Turn, req: IncomingMessage, res: ServerResponse): void {
  const index = turn.route === 'alternate' ? (((turn.counts[0] + turn.counts[1]) % 2) as 0 | 1) : turn.route;
  turn.counts[index] += 1;
  const { method, url, headers } = req;
  const onward = request({ host: '127.0.0.1', port: turn.ports[index], method, path: url, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
  req.pipe(onward);
}
