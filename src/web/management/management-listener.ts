import { createServer, type Server } from 'node:http';

interface ManagementDeps {
  /** Each resolves if the store answers. */
  readonly pings: readonly (() => Promise<void>)[];
  readonly metrics: () => Promise<string>;
}

/** `/healthz`, `/readyz`, `/metrics` on a listener of their own, which nobody outside should reach. */
export function createManagementServer({ pings, metrics }: ManagementDeps): Server {
  return createServer((req, res) => {
    answer(req.url ?? '').then(
      ({ status, type, body }) => {
        res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
        res.end(body);
      },
      () => res.destroy(),
    );
  });

  async function answer(url: string): Promise<{ status: number; type: string; body: string }> {
    const json = 'application/json';
    if (url === '/healthz') return { status: 200, type: json, body: '{"status":"ok"}' };
    if (url === '/metrics') return { status: 200, type: 'text/plain; version=0.0.4', body: await metrics() };
    if (url !== '/readyz') return { status: 404, type: json, body: '{"status":"not found"}' };
    const results = await Promise.allSettled(pings.map((ping) => ping()));
    const ready = results.every(({ status }) => status === 'fulfilled');
    return {
      status: ready ? 200 : 503,
      type: json,
      body: JSON.stringify({ status: ready ? 'ready' : 'a store is out of reach' }),
    };
  }
}
