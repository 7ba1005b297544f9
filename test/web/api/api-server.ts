import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { findIssuer } from '../../../src/domain/accounts/accounts-store.ts';
import { AppError } from '../../../src/domain/app-error.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createManagementApi, type ManagementApiDeps } from '../../../src/web/api/management-api.ts';
import { createPageRenderer } from '../../../src/web/views/pages.ts';
import { loadAssets, serveAssets } from '../../../src/web/http/assets.ts';
import { networkList } from '../../../src/web/http/client-address.ts';
import { openRequestInfo } from '../../../src/web/http/request-info.ts';
import { requireDocumented } from './api-document.ts';
import { type Harness, newAccount, openHarness, type TestAccount } from '../../domain/operation-harness.ts';

export interface ApiServer {
  readonly harness: Harness;
  readonly origin: string;
  /** What was logged as an error. */
  readonly logged: { fields: Readonly<Record<string, unknown>>; message: string }[];
  /** Lets a caller in to an account and answers the token. */
  readonly letIn: (alias: string, caller: Caller) => string;
  readonly close: () => Promise<void>;
}

/** The management API on a port of its own. Who a token stands for is told by the test, as the composition root would. */
export async function openApiServer(
  change: (deps: ManagementApiDeps) => ManagementApiDeps = (deps) => deps,
  open: () => Promise<Harness> = openHarness,
): Promise<ApiServer> {
  const harness = await open();
  const callers = new Map<string, Caller>();
  const logged: ApiServer['logged'] = [];
  const deps = change({
    ...harness.deps,
    requestsPerMinute: 100_000,
    renderer: createPageRenderer(),
    https: false,
    isIssuer: async (alias) => (await findIssuer(harness.deps.db, alias)) !== undefined,
    log: { error: (fields, message) => logged.push({ fields, message }) },
    authenticate: ({ alias, authorization = '', sourceIp, requestId }) => {
      const caller = callers.get(`${alias} ${authorization}`);
      if (caller === undefined)
        return Promise.reject(new AppError('InvalidAccessToken', 'This token opens nothing here.'));
      return Promise.resolve({ ...caller, sourceIp, requestId });
    },
  });
  const server = await listen(deps, logged);
  return {
    harness,
    logged,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letIn: (alias, caller) => {
      const token = `token-${callers.size}`;
      callers.set(`${alias} Bearer ${token}`, caller);
      return token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await harness.close();
    },
  };
}

async function listen(deps: ManagementApiDeps, logged: ApiServer['logged']): Promise<Server> {
  const app = new Koa();
  app.silent = true;
  app.use(serveAssets(loadAssets()));
  app.use(createManagementApi(deps));
  app.use((ctx) => {
    ctx.body = 'another surface';
  });
  const handle = app.callback();
  const noProxies = networkList([]);
  const server = createServer((req, res) => {
    openRequestInfo(req, noProxies);
    handle(req, res).catch((error: unknown) => {
      logged.push({ fields: { error }, message: 'the application threw' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export type Call = (line: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>;

/** Calls as an account's administrator (or as the caller given): `call('GET /users')`. */
export function callerOn(server: ApiServer, account: TestAccount, caller: Caller = account.admin): Call {
  const token = server.letIn(account.alias, caller);
  return (line, body, headers = {}) =>
    send(server, `${line.replace(' /', ` /${account.alias}/api/v1/`)}`, body, {
      authorization: `Bearer ${token}`,
      ...headers,
    });
}

/** Sends a request as it is: a string or bytes as the body, anything else as JSON. */
export async function send(
  server: ApiServer,
  line: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(server.origin + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const below = /^\/[^/]+\/api\/v1(\/.*)$/.exec(new URL(server.origin + path).pathname)?.[1];
  if (below !== undefined)
    requireDocumented(method, below, { status: response.status, headers: response.headers, text });
  const isJson = text !== '' && /\bjson/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

export const newApiAccount = async (server: ApiServer) => {
  const account = await newAccount(server.harness);
  return { account, call: callerOn(server, account) };
};
