import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlockList } from 'node:net';
import type { Logger } from 'pino';
import { isIssuerName } from '../../domain/accounts/alias-rules.ts';
import { StoreUnavailableError } from '../../storage/store-unavailable-error.ts';
import { AppError } from '../../domain/app-error.ts';
import { readFormPairs } from '../http/form-body.ts';
import { problemOf } from '../http/problem.ts';
import { openRequestInfo } from '../http/request-info.ts';
import { requestPath } from '../http/request-path.ts';
import { sendDocument } from '../oidc/fixed-documents.ts';
import type { IssuerLookup } from '../oidc/issuers.ts';
import { type ReadAhead, withRequestState } from '../oidc/request-state.ts';

export interface EntranceDeps {
  readonly publicUrl: string;
  readonly trustedProxies: BlockList;
  readonly logger: Logger;
  readonly findIssuer: (issuerName: string) => Promise<IssuerLookup>;
  /** Begins to read what the request will need. */
  readonly readAhead: (issuerName: string, req: IncomingMessage) => ReadAhead;
  readonly pages: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
}

/** The engine's endpoints under an issuer. Nothing else of the engine can be reached. */
const engineAddress =
  /^\/([^/]+)(\/oauth2\/(?:authorize(?:\/[^/]+)?|token|userinfo|jwks|introspect|revoke|logout(?:\/(?:confirm|success))?)|\/\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/** RFC 8414 section 3.1: the well-known part comes before the issuer's path. */
const metadataAddress = /^\/\.well-known\/oauth-authorization-server\/([^/]+)$/;

/**
 * Where every request of the main listener enters: whatever it claims about host, scheme and client is replaced by what is known, odd
 * paths are refused, and the engine's endpoints go to the engine without passing through anything else.
 */
export function createEntrance(deps: EntranceDeps) {
  const { host, protocol } = new URL(deps.publicUrl);
  const scheme = protocol.slice(0, -1);

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { requestId } = openRequestInfo(req, deps.trustedProxies);
    res.setHeader('X-Request-Id', requestId);
    replaceClaims(req, host, scheme);
    const path = requestPath(req.url ?? '');
    if (path === undefined)
      return answerJson(res, 400, { error: 'invalid_request', error_description: 'no address of this server' });
    const engine = engineTarget(path);
    if (engine === undefined) return await deps.pages(req, res);
    await enterEngine(deps, req, res, engine);
  };
}

/** Addresses are built from the configuration alone (a Host header once wrote reset links for somebody else's server). */
function replaceClaims({ headers }: IncomingMessage, host: string, scheme: string): void {
  headers.host = host;
  headers['x-forwarded-proto'] = scheme;
  for (const name of [
    'forwarded',
    'x-forwarded-host',
    'x-forwarded-for',
    'x-forwarded-port',
    'x-forwarded-prefix',
    'x-real-ip',
  ]) {
    delete headers[name];
  }
}

interface EngineTarget {
  readonly issuerName: string;
  /** The path below the issuer, as the engine's routes have it. */
  readonly path: string;
}

function engineTarget(path: string): EngineTarget | undefined {
  const metadata = metadataAddress.exec(path)?.[1];
  if (metadata !== undefined) return { issuerName: metadata, path: '/.well-known/oauth-authorization-server' };
  const [, issuerName, below] = engineAddress.exec(path) ?? [];
  return issuerName === undefined || below === undefined ? undefined : { issuerName, path: below };
}

/** OpenID Connect Core section 3.1.2.1 and RP-Initiated Logout section 2: these take their parameters by GET and by POST. */
const takesFormToo = new Set(['/oauth2/authorize', '/oauth2/logout']);

/** What fits into a request line everywhere, with room for cookies. */
const longestQuery = 8 * 1024;

/**
 * A request posted across sites comes without our cookies (`SameSite=Lax`), so it would find nobody signed in: the browser is led to the same
 * request by GET, with which it sends them.
 */
async function leadOnAsGet(
  req: IncomingMessage,
  res: ServerResponse,
  { issuerName, path }: EngineTarget,
): Promise<void> {
  // Fields given twice are the engine's to judge: some (`resource`) may be.
  const parameters = new URLSearchParams(await readFormPairs(req));
  if (parameters.size > 0 && parameters.toString().length > longestQuery)
    throw new AppError('RequestTooLarge', 'The request is too large.');
  res.writeHead(303, {
    Location: `/${issuerName}${path}?${parameters.toString()}`,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
  });
  res.end();
}

async function enterEngine(
  deps: EntranceDeps,
  req: IncomingMessage,
  res: ServerResponse,
  target: EngineTarget,
): Promise<void> {
  try {
    const finding = isIssuerName(target.issuerName)
      ? deps.findIssuer(target.issuerName)
      : ({ found: 'nothing' } as const);
    const ahead = deps.readAhead(target.issuerName, req);
    const lookup = await finding;
    if (lookup.found !== 'issuer') return await refuse(deps, req, res, lookup.found);
    if (req.method === 'POST' && takesFormToo.has(target.path)) return await leadOnAsGet(req, res, target);
    if (sendDocument(lookup.hosted.documents, target.path, req, res)) return;
    const url = req.url ?? '';
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    // The engine finds its own addresses by what stands before the path it was called with.
    Object.assign(req, { originalUrl: `/${target.issuerName}${target.path}${query}` });
    req.url = `${target.path}${query}`;
    await withRequestState(lookup.hosted.account, () => lookup.hosted.handle(req, res), ahead);
  } catch (error) {
    answerFailure(deps, req, res, error);
  }
}

/** People get a page (the pages' own answer for this address), programs JSON. */
async function refuse(
  deps: EntranceDeps,
  req: IncomingMessage,
  res: ServerResponse,
  found: 'nothing' | 'suspended',
): Promise<void> {
  if (req.headers.accept?.includes('text/html')) return await deps.pages(req, res);
  if (found === 'suspended')
    return answerJson(res, 403, { error: 'access_denied', error_description: 'this account is suspended' });
  answerJson(res, 404, { error: 'not_found', error_description: 'there is no such issuer' });
}

function answerFailure(deps: EntranceDeps, req: IncomingMessage, res: ServerResponse, error: unknown): void {
  if (error instanceof AppError && !res.headersSent) {
    return answerJson(res, problemOf(error).status, { error: 'invalid_request', error_description: error.message });
  }
  const unavailable = error instanceof StoreUnavailableError;
  deps.logger[unavailable ? 'warn' : 'error']({ err: error }, 'a request to the engine failed');
  if (res.headersSent) return void res.destroy();
  if (req.headers.accept?.includes('text/html')) return void deps.pages(req, res);
  if (!unavailable)
    return answerJson(res, 500, { error: 'server_error', error_description: 'something went wrong on our side' });
  res.setHeader('Retry-After', '2');
  const description = 'the service cannot reach its storage; try again shortly';
  answerJson(res, 503, { error: 'temporarily_unavailable', error_description: description });
}

function answerJson(res: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  res.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(JSON.stringify(body));
}
