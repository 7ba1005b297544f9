import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createOutboundFetch } from '../../../src/web/oidc/outbound-fetch.ts';

let server: Server;
let port: number;
let called: string[] = [];
beforeAll(async () => {
  server = createServer((req, res) => {
    called.push(req.url ?? '');
    if (req.url === '/redirect') res.writeHead(302, { location: `http://127.0.0.1:${port}/secret` }).end();
    else res.end('hello');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
beforeEach(() => {
  called = [];
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const forbidden = async (address: string, allowed: readonly string[] = []): Promise<unknown> => {
  const error: unknown = await createOutboundFetch(allowed)(address).then(
    () => 'it was called',
    (thrown: unknown) => thrown,
  );
  const reasons = [error, (error as Error).cause].map((one) => (one instanceof Error ? one.name : String(one)));
  expect(called).toEqual([]);
  return reasons.includes('ForbiddenAddressError') ? 'forbidden' : reasons;
};

it.each([
  '127.0.0.1',
  '127.1.2.3',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[64:ff9b:1::7f00:1]',
  '[::ffff:0:7f00:1]',
  '[fec0::1]',
  '[5f00::1]',
  '[3fff::1]',
  '[100:0:0:1::1]',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[fd00::1]',
  '[fe80::1]',
  '[ff02::1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  'localhost',
])('%s is not called', async (host) => {
  expect(await forbidden(`http://${host}:${port}/secret`)).toBe('forbidden');
});

it('a network that was allowed is called, and nothing beside it', async () => {
  const fetchAllowed = createOutboundFetch(['127.0.0.0/8']);
  expect(await (await fetchAllowed(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  called = [];
  expect(await forbidden(`http://10.0.0.1:${port}/`, ['127.0.0.0/8'])).toBe('forbidden');
  expect(await forbidden(`http://127.0.0.1:${port}/`, ['10.0.0.0/8'])).toBe('forbidden');
});

it('a name that leads into an allowed network is called', async () => {
  const answer = await createOutboundFetch(['127.0.0.0/8', '::1/128'])(`http://localhost:${port}/`);
  expect(await answer.text()).toBe('hello');
});

it('a redirect is not followed', async () => {
  const answer = await createOutboundFetch(['127.0.0.0/8'])(`http://127.0.0.1:${port}/redirect`);
  expect(answer.status).toBe(302);
  expect(called).toEqual(['/redirect']);
});

it('the caller cannot ask for redirects to be followed', async () => {
  const answer = await createOutboundFetch(['127.0.0.0/8'])(`http://127.0.0.1:${port}/redirect`, {
    redirect: 'follow',
  });
  expect(answer.status).toBe(302);
  expect(called).toEqual(['/redirect']);
});
