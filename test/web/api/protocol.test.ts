import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/web/api/routes.ts';
import { newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, newApiAccount, openApiServer, send } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
  ({ account, call } = await newApiAccount(server));
});
afterAll(() => server.close());

const filled = (path: string): string => path.replace(/:\w+/g, 'x');
const paths = [...new Set(routes.map(({ path }) => path))];
const methodsAt = (path: string) => new Set(routes.filter((one) => one.path === path).map(({ method }) => method));

describe.each(paths.map((path) => [path]))('%s', (path) => {
  const methods = methodsAt(path);
  const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) => !methods.has(method));

  it('names its methods to every other', async () => {
    for (const method of [...others, 'OPTIONS']) {
      const answer = await call(`${method} ${filled(path)}`);
      expect([method, answer.status, answer.body['code']]).toEqual([method, 405, 'MethodNotAllowed']);
      const allowed = new Set(answer.headers.get('allow')?.split(', '));
      for (const known of methods) expect(allowed.has(known)).toBe(true);
      expect(allowed.has(method)).toBe(false);
    }
  });

  it('is absent with a slash behind or in capitals', async () => {
    for (const other of [`${filled(path)}/`, filled(path).toUpperCase()]) {
      const answer = await call(`GET ${other}`);
      expect([404, 405]).toContain(answer.status);
    }
  });
});

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  const line = `${route.method} ${filled(route.path)}`;

  it.each([
    ['a body that is no JSON', '{"', 'application/json', 400, 'MalformedRequest'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', 415, 'UnsupportedMediaType'],
    ['a query that nobody asked for', undefined, '', 400, 'InvalidParameter'],
  ])('refuses %s', async (_case, body, type, status, code) => {
    if (route.method === 'GET' && body !== undefined) return expect(route.body).toBeUndefined();
    const address = body === undefined ? `${line}?surprise=1` : line;
    const answer = await call(address, body, body === undefined ? {} : { 'content-type': type });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    return undefined;
  });

  it('answers nothing but JSON, and does nothing for whoever does not take it', async () => {
    const answer = await call(line, undefined, { accept: 'text/html' });
    expect([answer.status, answer.body['code']]).toEqual([406, 'NotAcceptable']);
  });
});

describe('HEAD', () => {
  it('is GET without its body', async () => {
    const got = await call('GET /users/admin');
    const head = await call('HEAD /users/admin');
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'content-type', 'content-length'])
      expect([name, head.headers.get(name)]).toEqual([name, got.headers.get(name)]);
    expect((await call('HEAD /users/nobody')).status).toBe(404);
  });
});

describe('Accept', () => {
  it.each(['application/json', '*/*', 'application/*', 'text/html, */*;q=0.1', 'application/problem+json'])(
    'takes %s',
    async (accept) => {
      const answer = await call('GET /me', undefined, { accept });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    },
  );

  it('is looked at before anything is done', async () => {
    const user = { userName: 'late', displayName: 'Late' };
    expect((await call('POST /users', user, { accept: 'image/png' })).status).toBe(406);
    expect(await userRow(server.harness.deps.db, account.accountId, 'late')).toBeUndefined();
  });
});

describe('a body beside an address', () => {
  it('cannot say again what the address says', async () => {
    const answer = await call('POST /policies/custom/mine/versions', { policyName: 'yours', policyDocument: {} });
    expect(answer.body['errors']).toMatchObject([{ pointer: '/policyName', code: 'InvalidParameter.UnknownField' }]);
  });

  it('is refused where none is due', async () => {
    await newUser(server.harness.deps.db, account.accountId, 'alice');
    for (const line of ['DELETE /users/alice?cascade=true', 'POST /users/alice/access-keys']) {
      expect((await call(line, { force: true })).status).toBe(400);
      expect((await call(line, [])).status).toBe(400);
    }
    expect((await call('GET /users/alice/access-keys')).body).toEqual({ items: [] });
  });
});

describe('cursors', () => {
  it('serve their own list, account and filter alone, unchanged', async () => {
    for (const userName of ['p1', 'p2', 'p3']) await newUser(server.harness.deps.db, account.accountId, userName);
    const { body } = await call('GET /users?limit=1&q=p');
    const cursor = String(body['nextCursor']);
    const other = await newApiAccount(server);
    const changed = `${cursor.slice(0, -2)}${cursor.endsWith('A') ? 'B' : 'A'}${cursor.slice(-1)}`;
    const refused = [
      await call(`GET /users?limit=1&cursor=${cursor}`),
      await call(`GET /users?limit=1&q=p&status=active&cursor=${cursor}`),
      await call(`GET /applications?limit=1&cursor=${cursor}`),
      await other.call(`GET /users?limit=1&q=p&cursor=${cursor}`),
      await call(`GET /users?limit=1&q=p&cursor=${changed}`),
      await call(`GET /users?limit=1&q=p&cursor=${cursor.slice(1)}`),
      await call('GET /users?limit=1&q=p&cursor='),
    ];
    for (const answer of refused)
      expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ pointer: '/cursor' }]]);
    expect((await call(`GET /users?limit=1&q=p&cursor=${cursor}`)).status).toBe(200);
    expect(cursor).not.toContain('p1');
  });
});

describe('a problem', () => {
  it('has the request id of its header and of the log, and nothing more than is documented', async () => {
    const { status, body, headers } = await call('GET /users/nobody');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({
      ...{ type: 'about:blank', title: 'Not Found', status: 404, code: 'EntityNotExist.User' },
      detail: 'This user does not exist.',
      requestId: headers.get('x-request-id'),
    });
  });

  it('is what strangers get too', async () => {
    const { body } = await send(server, `OPTIONS /${account.alias}/api/v1/users`);
    expect(body).toMatchObject({ status: 401, code: 'InvalidAccessToken' });
  });
});
