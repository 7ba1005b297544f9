import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa, { type Context } from 'koa';
import { loadAssets, serveAssets } from '../../src/web/http/assets.ts';
import { pageHeaders } from '../../src/web/http/page-headers.ts';
import type { Language } from '../../src/web/views/languages.ts';
import { logoPath, themePath } from '../../src/web/views/page-brand.ts';
import { createPageRenderer, type Page } from '../../src/web/views/pages.ts';
import { themeStyles } from '../../src/web/views/theme-styles.ts';
import { brandSamples, sampleLogo } from './page-samples/brand-samples.ts';
import { pseudoCatalogs } from './pseudo-catalogs.ts';

export interface PageServer {
  readonly origin: string;
  /** Bodies of the forms posted so far, with the origin that the browser named. */
  readonly posted: { readonly fields: URLSearchParams; readonly origin: string | undefined }[];
  close(): Promise<void>;
}

/** How a page is asked for. */
export interface PageQuery {
  /** Of the catalogs for tests. */
  readonly lang?: Language;
  readonly brand?: keyof typeof brandSamples;
}

/** Serves each page under `/page/<its key>` as the product does: real headers, real assets. Takes every form. */
export async function startPageServer(pages: Readonly<Record<string, Page>>): Promise<PageServer> {
  const assets = loadAssets();
  const renderer = createPageRenderer(assets, pseudoCatalogs);
  const posted: PageServer['posted'] = [];
  const app = new Koa().use(serveAssets(assets)).use(async (ctx) => {
    if (ctx.method === 'POST') {
      posted.push({ fields: new URLSearchParams(await readText(ctx.req)), origin: ctx.req.headers.origin });
      ctx.status = 303;
      return ctx.redirect('/page/stale');
    }
    if (sendBrandFile(ctx)) return;
    const page = pages[decodeURIComponent(ctx.path.slice('/page/'.length))];
    if (page === undefined) return;
    const { lang: language = 'en', brand = 'none' } = ctx.query as PageQuery;
    const nonce = randomBytes(16).toString('base64url');
    ctx.set(pageHeaders({ nonce, formAction: ["'self'"], https: false }));
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = renderer.render(page, { nonce, language, brand: brandSamples[brand], here: ctx.originalUrl });
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

function sendBrandFile(ctx: Context): boolean {
  const colour = themePath.exec(ctx.path)?.[1];
  if (colour !== undefined) {
    ctx.type = 'text/css';
    ctx.body = themeStyles(`#${colour}`);
    return true;
  }
  if (!logoPath.test(ctx.path)) return false;
  ctx.type = 'image/png';
  ctx.body = sampleLogo;
  return true;
}

async function readText(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
