import { gzipSync } from 'node:zlib';
import type { Context } from 'koa';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../domain/app-error.ts';
import { type PageDeps, sendPage } from '../views/send-page.ts';
import { docsPage } from './docs/docs-pages.ts';
import { etagOf, matchesWeakly } from './etag.ts';
import { openApiDocuments } from './openapi/document.ts';
import { jsonType, type OpenApiDocument } from './openapi/openapi.ts';
import { routeGroups } from './routes.ts';

export interface PublicDocumentsDeps extends PageDeps {
  readonly publicUrl: string;
  /** Whether an account goes by this name in addresses. */
  readonly isIssuer: (alias: string) => Promise<boolean>;
}

/** Answers what describes the API, to everybody; false for any other address. `below` is the path under `/<alias>/api/v1`. */
export type PublicDocuments = (ctx: Context, alias: string, below: string) => Promise<boolean>;

interface IssuerDocument {
  readonly document: OpenApiDocument;
  readonly plain: Buffer;
  readonly gzip: Buffer;
}

/** Issuers whose document is kept made. */
const issuersHeld = 100;

/** The OpenAPI document, made once for each issuer, and the pages that show it. */
export function createPublicDocuments(deps: PublicDocumentsDeps): PublicDocuments {
  const made = new LRUCache<string, IssuerDocument>({ max: issuersHeld });
  const held: { make?: (issuer: string) => OpenApiDocument } = {};
  const documentFor = (alias: string): IssuerDocument => {
    const known = made.get(alias);
    if (known !== undefined) return known;
    // Not at start: reading the routes takes a moment that few processes need.
    held.make ??= openApiDocuments(routeGroups);
    const document = held.make(`${deps.publicUrl}/${alias}`);
    const plain = Buffer.from(JSON.stringify(document));
    const fresh = { document, plain, gzip: gzipSync(plain) };
    made.set(alias, fresh);
    return fresh;
  };

  return async (ctx, alias, below) => {
    const isDocument = below === '/openapi.json';
    if (!isDocument && below !== '/docs' && !below.startsWith('/docs/')) return false;
    if (!(await deps.isIssuer(alias))) throw absent();
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', 'GET, HEAD');
      throw new AppError('MethodNotAllowed', 'This address does not know this method.');
    }
    if (isDocument) sendDocument(ctx, documentFor(alias));
    else sendDocsPage(ctx, deps, documentFor(alias).document, { alias, slug: below.slice('/docs/'.length) });
    return true;
  };
}

const absent = (): AppError => new AppError('EntityNotExist.Resource', 'There is nothing at this address.');

function sendDocument(ctx: Context, { plain, gzip }: IssuerDocument): void {
  const isPacked = ctx.acceptsEncodings('gzip') === 'gzip';
  const body = isPacked ? gzip : plain;
  const etag = etagOf(body.toString('base64'));
  ctx.set({ 'Cache-Control': 'no-cache', ETag: etag, Vary: 'Accept-Encoding' });
  if (matchesWeakly(ctx.get('If-None-Match'), etag)) {
    ctx.status = 304;
    return;
  }
  if (isPacked) ctx.set('Content-Encoding', 'gzip');
  ctx.type = jsonType;
  ctx.body = body;
}

function sendDocsPage(
  ctx: Context,
  deps: PageDeps,
  document: OpenApiDocument,
  { alias, slug }: { readonly alias: string; readonly slug: string },
): void {
  const page = docsPage(document, alias, slug);
  if (page === undefined) throw absent();
  sendPage(ctx, deps, page, { connects: true, language: 'en' });
}
