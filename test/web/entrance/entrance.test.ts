import { request } from 'node:http';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accounts } from '../../../src/storage/db/schema/accounts.ts';
import { createHttpBrowser } from '../../support/http-browser.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request with a path and headers that a well-behaved client would not send. */
function raw(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.origin);
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const hostile = {
  host: 'evil.example',
  forwarded: 'host=evil.example;proto=https',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '444',
  'x-forwarded-prefix': '/evil',
};

it('whatever a request says of host and scheme, addresses are built from the configuration', async () => {
  const discovery = await raw(`/${account.alias}/.well-known/openid-configuration`, hostile);
  expect(discovery.status).toBe(200);
  expect(discovery.text).not.toContain('evil');
  expect((JSON.parse(discovery.text) as { token_endpoint: string }).token_endpoint).toBe(
    `${account.issuer}/oauth2/token`,
  );
  const portal = await raw(`/${account.alias}`, hostile);
  expect(portal.headers['location']).toMatch(new RegExp(`^${account.issuer}/oauth2/authorize`));
  const logon = await raw(String(portal.headers['location']).slice(server.origin.length), hostile);
  expect(JSON.stringify(logon.headers)).not.toContain('evil');
});

it('both addresses of the metadata answer the same', async () => {
  const [oidc, oauth, rfc8414] = await Promise.all(
    [
      `/${account.alias}/.well-known/openid-configuration`,
      `/${account.alias}/.well-known/oauth-authorization-server`,
      `/.well-known/oauth-authorization-server/${account.alias}`,
    ].map(async (path) => (await raw(path)).text),
  );
  expect(JSON.parse(oauth ?? '')).toEqual(JSON.parse(oidc ?? ''));
  expect(JSON.parse(rfc8414 ?? '')).toEqual(JSON.parse(oidc ?? ''));
});

it.each([
  '/oauth2/par',
  '/oauth2/device_authorization',
  '/oauth2/register',
  '/oauth2/device',
  '/oauth2/session/end',
  '/oauth2/',
  '/interaction/x',
  '/session/end',
  '/me',
  '/jwks',
])('what is not built is not there: %s', async (path) => {
  const answer = await raw(`/${account.alias}${path}`, {}, 'POST');
  expect(answer.status).toBe(404);
});

it.each([
  ['capitals', () => `/${account.alias.toUpperCase()}/.well-known/openid-configuration`],
  ['an unknown account', () => '/no-such-account/.well-known/openid-configuration'],
  ['a reserved name', () => '/admin/.well-known/openid-configuration'],
  ['an id that nobody has', () => '/9999999999999999/oauth2/jwks'],
])('an issuer named by %s does not exist', async (_what, path) => {
  const answer = await raw(path());
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.text)).toMatchObject({ error: expect.any(String) as string });
});

it.each(['//evil.example/', '/%2e%2e/x', '/acme/..;/x', '/acme%00', '/acme;v=1', '/acme\\x', '*'])(
  'the odd address %s is refused as such',
  async (path) => {
    expect((await raw(path)).status).toBe(400);
  },
);

it.each([
  ['GET', '/oauth2/token', 'POST'],
  ['GET', '/oauth2/introspect', 'POST'],
  ['GET', '/oauth2/revoke', 'POST'],
  ['DELETE', '/oauth2/authorize', 'GET'],
])('%s %s names the method that it takes', async (method, path, allowed) => {
  const answer = await raw(`/${account.alias}${path}`, {}, method);
  expect([answer.status, answer.headers['allow']]).toEqual([405, expect.stringContaining(allowed)]);
});

it('every answer has an id of our own making, which no header can set', async () => {
  for (const path of ['/', `/${account.alias}`, `/${account.alias}/oauth2/jwks`, '/nowhere/at/all', '/%00']) {
    const answer = await raw(path, { 'x-request-id': 'mine' });
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  }
});

it('people get a page and programs JSON where an account does not exist', async () => {
  const page = await createHttpBrowser().open(`${server.origin}/no-such-account/oauth2/authorize`);
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  const json = await raw('/no-such-account/oauth2/token', {}, 'POST');
  expect([json.status, json.headers['content-type']]).toEqual([404, 'application/json']);
});

it('a suspended account answers nobody, and one that is active again everybody', async () => {
  const other = await server.account();
  const setStatus = (status: 'active' | 'suspended') =>
    server.backend.db.update(accounts).set({ status }).where(eq(accounts.accountId, other.accountId));
  expect((await raw(`/${other.alias}/oauth2/jwks`)).status).toBe(200);
  await setStatus('suspended');
  expect((await raw(`/${other.alias}/oauth2/jwks`)).status).toBe(403);
  expect((await createHttpBrowser().open(other.issuer)).status).toBe(403);
  await setStatus('active');
  expect((await raw(`/${other.alias}/oauth2/jwks`)).status).toBe(200);
});

it('the health addresses answer on their own listener and nowhere else', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect((await fetch(`${server.managementOrigin}${path}`)).status).toBe(200);
    expect((await raw(path)).status).toBe(404);
  }
});
