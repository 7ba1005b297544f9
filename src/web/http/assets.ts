import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context, Middleware } from 'koa';

const assetsDirectory = fileURLToPath(new URL('../../../views/assets/', import.meta.url));
const assetsPath = '/-/assets/';

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type Encoding = 'identity' | 'gzip' | 'br';

interface Asset {
  readonly url: string;
  readonly mediaType: string;
  /** Compressed when it is first asked for, and kept. */
  readonly encoded: (encoding: Encoding) => Buffer;
}

/** The files of views/assets, read and named by their content. */
export interface Assets {
  readonly byName: ReadonlyMap<string, Asset>;
  readonly byUrl: ReadonlyMap<string, Asset>;
}

/** Throws at start on a file whose media type is not known here. */
export function loadAssets(): Assets {
  const entries = readdirSync(assetsDirectory).map((name): [string, Asset] => [name, loadAsset(name)]);
  return { byName: new Map(entries), byUrl: new Map(entries.map(([, asset]) => [asset.url, asset])) };
}

function loadAsset(name: string): Asset {
  const extension = extname(name);
  const mediaType = mediaTypes[extension];
  if (mediaType === undefined) throw new Error(`views/assets/${name}: no media type is known for ${extension}`);
  const identity = readFileSync(join(assetsDirectory, name));
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return {
    url: `${assetsPath}${name.slice(0, -extension.length)}.${hash}${extension}`,
    mediaType,
    encoded: keepEncodings(identity),
  };
}

const encoders: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  identity: (body) => body,
  gzip: (body) => gzipSync(body, { level: 9 }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
};

function keepEncodings(identity: Buffer): Asset['encoded'] {
  const kept = new Map<Encoding, Buffer>();
  return (encoding) => {
    const body = kept.get(encoding) ?? encoders[encoding](identity);
    kept.set(encoding, body);
    return body;
  };
}

/** Address of an asset, good forever: it changes with the content. Throws on a name that does not exist. */
export function assetUrl(assets: Assets, name: string): string {
  const asset = assets.byName.get(name);
  if (asset === undefined) throw new Error(`no asset is named ${name}`);
  return asset.url;
}

/** Answers everything under `/-/assets/`; only addresses made by `loadAssets` exist, so no path is ever resolved. */
export function serveAssets(assets: Assets): Middleware {
  return (ctx, next) => (ctx.path.startsWith(assetsPath) ? sendAsset(ctx, assets) : next());
}

function sendAsset(ctx: Context, assets: Assets): void {
  ctx.set('X-Content-Type-Options', 'nosniff');
  const asset = assets.byUrl.get(ctx.path);
  if (asset === undefined) return refuse(ctx, 404);
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return refuse(ctx, 405);
  const encoding = acceptedEncoding(ctx);
  ctx.set({
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Content-Security-Policy': "default-src 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding',
  });
  if (encoding !== 'identity') ctx.set('Content-Encoding', encoding);
  ctx.type = asset.mediaType;
  ctx.body = asset.encoded(encoding);
}

/** Asked for one by one: browsers name gzip first, and among equals the order of the request would win over the smaller body. */
function acceptedEncoding(ctx: Context): Encoding {
  if (ctx.acceptsEncodings('br') === 'br') return 'br';
  return ctx.acceptsEncodings('gzip') === 'gzip' ? 'gzip' : 'identity';
}

function refuse(ctx: Context, status: 404 | 405): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  if (status === 405) ctx.set('Allow', 'GET, HEAD');
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = status === 404 ? 'Not found' : 'Method not allowed';
}
