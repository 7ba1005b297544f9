import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { loadAssets, serveAssets } from '../../src/web/http/assets.ts';
import { pageHeaders } from '../../src/web/http/page-headers.ts';
import { createPageRenderer, type Page } from '../../src/web/views/pages.ts';

export interface PageServer {
  readonly origin: string;
  /** Bodies of the forms posted so far, with the origin that the browser named. */
  readonly posted: { readonly fields: URLSearchParams; readonly origin: string | undefined }[];
  close(): Promise<void>;
}

/** Serves each page under `/page/<its key>` as the product does: real headers, real assets. Takes every form. */
export async function startPageServer(pages: Readonly<Record<string, Page>>): Promise<PageServer> {
  const assets = loadAssets();
  const renderer = createPageRenderer(assets);
  const posted: PageServer['posted'] = [];
  const app = new Koa().use(serveAssets(assets)).use(async (ctx) => {
    if (ctx.method === 'POST') {
      posted.push({ fields: new URLSearchParams(await readText(ctx.req)), origin: ctx.req.headers.origin });
      ctx.status = 303;
      return ctx.redirect('/page/stale');
    }
    const page = pages[decodeURIComponent(ctx.path.slice('/page/'.length))];
    if (page === undefined) return;
    const nonce = randomBytes(16).toString('base64url');
    ctx.set(pageHeaders({ nonce, formAction: ["'self'"], https: false }));
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = renderer.render(page, { nonce, lang: 'en' });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    posted,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
