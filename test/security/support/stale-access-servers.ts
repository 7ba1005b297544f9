import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Backend, openBackend, startServer } from '../../../src/compose.ts';
import type { Config } from '../../../src/config/config.ts';
import { openTestStores, serverEnvironment, type StoresKind } from '../../support/server-environment.ts';
import { startServerPair } from '../../support/server-pair.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { configFrom, keyRingFrom, newTestAccount } from '../../support/test-server.ts';

/** Two servers over the same stores behind one public address: what is removed on one is used on the other. */
export interface TwoServers {
  readonly config: Config;
  /** The stores, for what cannot be made over HTTP. */
  readonly backend: Backend;
  /** Which of them gets the requests from now on. */
  readonly routeTo: (index: 0 | 1) => void;
  readonly account: (alias?: string, options?: { readonly isPlatform?: boolean }) => Promise<TestAccount>;
  /** What either has logged as a fault of its own. */
  readonly faults: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Two processes where the stores can be shared by processes, else two servers in this one: each with its own memory of what it has read. */
export const startTwoServers = (kind: StoresKind): Promise<TwoServers> =>
  kind === 'embedded' ? startOverOneDatabase() : startProcesses();

async function startProcesses(): Promise<TwoServers> {
  const pair = await startServerPair();
  const config = configFrom(await serverEnvironment(pair.stores, { PUBLIC_URL: pair.origin }));
  const backend = await openBackend(config, await keyRingFrom(config), process.pid);
  return {
    ...{ config, backend, routeTo: (index) => pair.routeTo(index) },
    account: (alias, options) => newTestAccount(config, backend, alias, options),
    faults: () => pair.processes.flatMap(({ output }) => faultsAmong(output().split('\n'))),
    close: async () => {
      await backend.close();
      await pair.close();
    },
  };
}

/** An embedded database has one owner, but nothing that a server keeps in memory is in it. */
async function startOverOneDatabase(): Promise<TwoServers> {
  const stores = await openTestStores('embedded');
  const turn = { port: 0 };
  const forwarder = createServer({ keepAliveTimeout: 65_000 }, (req, res) => forward(turn.port, req, res));
  await once(forwarder.listen(0, '127.0.0.1'), 'listening');
  const changes = { PUBLIC_URL: `http://localhost:${(forwarder.address() as AddressInfo).port}` };
  const configs = [
    configFrom(await serverEnvironment(stores, changes)),
    configFrom(await serverEnvironment(stores, changes)),
  ] as const;
  const [config] = configs;
  const backend = await openBackend(config, await keyRingFrom(config), process.pid);
  const lines: string[] = [];
  const logger = pino({ level: config.logLevel }, { write: (line) => lines.push(line) });
  const servers = await Promise.all(configs.map((one) => startServer(one, backend, logger)));
  return {
    ...{ config, backend },
    routeTo: (index) => {
      turn.port = configs[index].port;
    },
    account: (alias, options) => newTestAccount(config, backend, alias, options),
    faults: () => faultsAmong(lines),
    close: async () => {
      forwarder.closeAllConnections();
      forwarder.close();
      await Promise.all(servers.map((server) => server.close()));
      await backend.close();
      await stores.remove();
    },
  };
}

function forward(port: number, req: IncomingMessage, res: ServerResponse): void {
  const { method, url, headers } = req;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()));
  req.pipe(onward);
}

interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
}

const faultsAmong = (lines: readonly string[]): readonly string[] =>
  lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ level }) => level >= 50)
    .map(({ msg, err }) => `${msg}: ${err?.message ?? ''}`);
