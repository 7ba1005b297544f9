import { once } from 'node:events';
import { get, request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetUrl, loadAssets, serveAssets } from '../../../src/web/http/assets.ts';

const assets = loadAssets();
const style = assetUrl(assets, 'postern.css');
let server: Server;

beforeAll(async () => {
  const app = new Koa().use(serveAssets(assets)).use((ctx) => {
    ctx.body = 'the next surface';
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Sends the path as it stands: fetch would tidy up dots and slashes before a traversal could be tried. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const sent = (method === 'GET' ? get : request)({ host: '127.0.0.1', port, path, headers, method });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await response.toArray());
  return { status: response.statusCode, headers: response.headers, body };
}

describe('assets', () => {
  it('are served under an address that names their content, for good', async () => {
    expect(style).toMatch(/^\/-\/assets\/postern\.[0-9a-f]{16}\.css$/);
    const { status, headers, body } = await ask(style);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/css; charset=utf-8',
      'content-length': String(body.length),
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(body.toString()).toContain('color-scheme: light dark');
  });

  it('come in the best compression that the browser takes', async () => {
    const plain = await ask(style, { 'accept-encoding': 'identity' });
    const gzip = await ask(style, { 'accept-encoding': 'gzip' });
    const brotli = await ask(style, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(brotli.body.length).toBeLessThan(gzip.body.length);
  });

  it('answer HEAD without a body', async () => {
    const { status, body } = await ask(style, {}, 'HEAD');
    expect(status).toBe(200);
    expect(body).toHaveLength(0);
  });

  it.each(['POST', 'PUT', 'DELETE'])('refuse %s', async (method) => {
    const { status, headers, body } = await ask(style, {}, method);
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
    expect(body.toString()).not.toContain('color-scheme');
  });

  it.each([
    '/-/assets/',
    '/-/assets/postern.css',
    '/-/assets/postern.0000000000000000.css',
    '/-/assets/../layouts/logon.eta',
    '/-/assets/..%2flayouts%2flogon.eta',
    '/-/assets/%2e%2e/%2e%2e/package.json',
    '/-/assets//etc/passwd',
    '/-/assets/__proto__',
    '/-/assets/constructor',
  ])('know nothing else: %s', async (path) => {
    const { status, headers, body } = await ask(path);
    expect(status).toBe(404);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.toString()).toBe('Not found');
  });

  it('leave every other address to the other surfaces', async () => {
    expect((await ask('/acme')).body.toString()).toBe('the next surface');
  });

  it('throw on a name that does not exist, so that no page points at nothing', () => {
    expect(() => assetUrl(assets, 'missing.css')).toThrow('missing.css');
  });
});
