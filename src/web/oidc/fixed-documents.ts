import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Next } from 'koa';

/** What an issuer publishes (metadata, keys), as sent: it depends on nothing of the request but whether there is a body to send. */
export type FixedDocuments = Map<string, { readonly contentType: string; readonly body: Buffer }>;

const publishedPaths = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/oauth2/jwks',
]);

/** Keeps the engine's answers for these addresses. They are good for as long as this engine is: whatever changes them builds another. */
export function keepDocuments(documents: FixedDocuments) {
  return async (ctx: Context, next: Next): Promise<void> => {
    await next();
    if (ctx.status !== 200 || ctx.method !== 'GET' || !publishedPaths.has(ctx.path)) return;
    documents.set(ctx.path, {
      contentType: ctx.response.get('Content-Type'),
      body: Buffer.from(JSON.stringify(ctx.body)),
    });
  };
}

/** Answers from what was kept. False where there is nothing, or the request is of another kind: then the engine answers. */
export function sendDocument(
  documents: FixedDocuments,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): boolean {
  const document = req.method === 'GET' || req.method === 'HEAD' ? documents.get(path) : undefined;
  if (document === undefined) return false;
  res.writeHead(200, {
    'Content-Type': document.contentType,
    'Content-Length': document.body.length,
    // Public, and asked for without credentials (Fetch standard, CORS protocol): no origin needs naming.
    'Access-Control-Allow-Origin': '*',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(req.method === 'HEAD' ? undefined : document.body);
  return true;
}
