import { createServer, connect, type Server, type Socket } from 'node:net';
import { openTestStores, type TestStores } from './server-environment.ts';

/** Stores that are far away when the test says so: what is sent to Postgres and Redis gets there later. */
export interface DelayedStores extends TestStores {
  /** Milliseconds that everything sent from now on takes longer. To be changed while nothing is under way. */
  readonly delayBy: (ms: number) => void;
}

/** Postgres and Redis behind a line of any length. */
export async function openDelayedStores(): Promise<DelayedStores> {
  const stores = await openTestStores('postgres-redis');
  const line = { ms: 0 };
  const names = ['DATABASE_URL', 'REDIS_URL'] as const;
  const proxies = await Promise.all(names.map((name) => startProxy(new URL(stores.settings[name] ?? ''), line)));
  const farAway = Object.fromEntries(names.map((name, at) => [name, proxies[at]?.url ?? '']));
  return {
    ...stores,
    settings: { ...stores.settings, ...farAway },
    delayBy: (ms) => {
      line.ms = ms;
    },
    remove: async () => {
      for (const { stop } of proxies) stop();
      await stores.remove();
    },
  };
}

async function startProxy(target: URL, line: { readonly ms: number }) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      // Whichever end goes takes the other along.
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    }
    near.setNoDelay(true).on('close', () => far.destroy());
    far.on('close', () => near.destroy()).pipe(near);
    near.on('data', (chunk) => {
      if (line.ms === 0) far.write(chunk);
      // Timers of one length keep their order.
      else setTimeout(() => far.write(chunk), line.ms);
    });
  });
  const url = new URL(target);
  url.port = String(await listen(server));
  return {
    url: url.href,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
