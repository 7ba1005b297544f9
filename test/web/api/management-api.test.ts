import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HashingOverloadedError } from '../../../src/crypto/password-hashing.ts';
import { StoreUnavailableError } from '../../../src/storage/store-unavailable-error.ts';
import { routes } from '../../../src/web/api/routes.ts';
import { type TestAccount, userRow } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, callerOn, newApiAccount, openApiServer, send } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
});
afterAll(() => server.close());

const noUser = async (userName: string) =>
  expect(await userRow(server.harness.deps.db, account.accountId, userName)).toBeUndefined();

describe('letting in', () => {
  test.each(routes.map(({ method, path }) => [`${method} ${path.replace(/:\w+/g, 'x')}`]))(
    '%s is closed without a token',
    async (line) => {
      const answer = await send(server, line.replace(' /', ` /${account.alias}/api/v1/`));
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.body).toMatchObject({ code: 'InvalidAccessToken', requestId: answer.headers.get('x-request-id') });
    },
  );

  test('refuses a token that opens another account, and says that the token is at fault', async () => {
    const other = await newApiAccount(server);
    const token = server.letIn(other.account.alias, other.account.admin);
    const answer = await send(server, `GET /${account.alias}/api/v1/users`, undefined, {
      authorization: `Bearer ${token}`,
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  test('reads no cookie', async () => {
    const token = server.letIn(account.alias, account.admin);
    const answer = await send(server, `GET /${account.alias}/api/v1/users`, undefined, {
      cookie: `authorization=Bearer ${token}; token=${token}`,
    });
    expect(answer.status).toBe(401);
  });

  test('says nothing of which addresses exist to those outside', async () => {
    expect((await send(server, `GET /${account.alias}/api/v1/nowhere`)).status).toBe(401);
  });

  test('takes no address but its own', async () => {
    for (const path of ['/', `/${account.alias}`, `/${account.alias}/api/v10/users`, '/a/b/api/v1/users']) {
      expect((await send(server, `GET ${path}`)).text).toBe('another surface');
    }
  });
});

describe('addresses and methods', () => {
  test.each(['GET /nowhere', 'GET /users/a/b/c/d', 'GET /users/', 'GET /Users', 'GET /'])(
    '%s is absent',
    async (line) => {
      const answer = await call(line);
      expect(answer.status).toBe(404);
      expect(answer.body).toMatchObject({ code: 'EntityNotExist.Resource' });
    },
  );

  test('a wrong method is told the right ones', async () => {
    const answer = await call('DELETE /users');
    expect(answer.status).toBe(405);
    expect(answer.body['code']).toBe('MethodNotAllowed');
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST']);
  });

  test('nothing is kept by caches', async () => {
    for (const line of ['GET /users', 'GET /nowhere', 'DELETE /users']) {
      expect((await call(line)).headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('bodies', () => {
  const alice = { userName: 'alice', displayName: 'Alice' };

  test.each([
    ['a form', 'userName=alice&displayName=Alice', 'application/x-www-form-urlencoded'],
    ['text', JSON.stringify(alice), 'text/plain'],
    ['a merge patch where none is due', JSON.stringify(alice), 'application/merge-patch+json'],
    ['another charset', JSON.stringify(alice), 'application/json; charset=utf-16'],
    ['no type', JSON.stringify(alice), ''],
  ])('refuses %s', async (_case, body, type) => {
    const answer = await call('POST /users', body, { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(answer.body['code']).toBe('UnsupportedMediaType');
    await noUser('alice');
  });

  test.each([
    ['half of it', '{"userName":"alice","displayName":"secret-in-the-b'],
    ['nothing but space', ' '],
    ['no JSON', 'userName'],
    ['a trailing comma', '{"userName":"alice","displayName":"x",}'],
    ['bytes that are no UTF-8', Uint8Array.from([0x22, 0xff, 0xfe, 0x22])],
    ['33 levels', '['.repeat(33) + ']'.repeat(33)],
    ['levels without an end', '[{"a":'.repeat(20_000)],
  ])('refuses as malformed %s', async (_case, body) => {
    const answer = await call('POST /users', body);
    expect(answer.status).toBe(400);
    expect(answer.body['code']).toBe('MalformedRequest');
    expect(answer.text).not.toContain('secret');
    await noUser('alice');
  });

  test('brackets within strings are no levels', async () => {
    const displayName = `"\\"${'['.repeat(60)}`;
    expect((await call('POST /users', { ...alice, displayName })).status).toBe(201);
  });

  test('takes 256 KiB and no byte more, whether announced or not', async () => {
    const padded = (length: number) => JSON.stringify(alice).padEnd(length, ' ');
    const announced = await call('POST /users', padded(256 * 1024 + 1));
    expect(announced.status).toBe(413);
    expect(announced.body['code']).toBe('RequestTooLarge');
    expect((await chunked(padded(256 * 1024 + 1))).split('\r\n')[0]).toContain('413');
    await noUser('alice');
    expect((await call('POST /users', padded(256 * 1024))).status).toBe(201);
  });

  test.each(['application/merge-patch+json', 'application/json', 'Application/JSON; charset="UTF-8"'])(
    'PATCH takes %s',
    async (type) => {
      await call('POST /users', alice);
      const answer = await call('PATCH /users/alice', { comments: 'x' }, { 'content-type': type });
      expect([answer.status, answer.body['comments']]).toEqual([200, 'x']);
    },
  );

  test.each([[undefined], ['null'], ['[]'], ['"x"'], ['7']])('POST of %s is no user', async (body) => {
    const answer = await call('POST /users', body);
    expect([answer.status, answer.body['code']]).toEqual([400, 'InvalidParameter']);
  });

  async function chunked(body: string): Promise<string> {
    const token = server.letIn(account.alias, account.admin);
    const { hostname, port } = new URL(server.origin);
    const socket = connect(Number(port), hostname);
    const head = [`POST /${account.alias}/api/v1/users HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`];
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close'];
    socket.write(`${[...head, ...headers].join('\r\n')}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    const answer: string[] = [];
    for await (const chunk of socket) answer.push(String(chunk));
    return answer.join('');
  }
});

describe('errors', () => {
  test('are problem+json with every fault at once, each pointing into the document that was sent', async () => {
    const answer = await call('POST /users', { userName: 'a b', displayName: '', 'x/y~z': 1 });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: 400, title: 'Bad Request', code: 'InvalidParameter' });
    const faults = answer.body['errors'] as { pointer: string; code: string; detail: string }[];
    expect(Object.fromEntries(faults.map(({ pointer, code }) => [pointer, code]))).toEqual({
      '/userName': 'InvalidParameter.UserName.InvalidChars',
      '/displayName': 'InvalidParameter.DisplayName.Length',
      '/x~1y~0z': 'InvalidParameter.UnknownField',
    });
    for (const { detail } of faults) expect(detail).not.toBe('');
  });

  test('never repeat what was sent: a password in a wrong place', async () => {
    const answers = [
      await call('POST /users', {
        userName: 'alice',
        displayName: 'x',
        consoleLogon: { password: ['hunter2-hunter2'] },
      }),
      await call('PUT /users/admin/login-profile', { password: { value: 'hunter2-hunter2' } }),
      await call('POST /users', '{"password":"hunter2-hunter2"'),
      await call('PUT /me/password', { oldPassword: 'hunter2-hunter2', newPassword: 'hunter2-hunter2' }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(400);
      expect(text).not.toContain('hunter2');
    }
    expect(JSON.stringify(server.logged)).not.toContain('hunter2');
  });

  test('a repeated or unknown parameter of a query is refused', async () => {
    for (const query of [
      'limit=1&limit=2',
      'limit=x',
      'limit=1e3',
      'limit=-1',
      'surprise=1',
      'limit[]=1',
      '__proto__=1',
      'limit=',
    ]) {
      const answer = await call(`GET /users?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
  });

  test.each(['%00', '%2e%2e', 'a%2fb', '%ff', '%', 'a%0d%0ab'])(
    'an odd name in the path (%s) is the caller’s fault, not ours',
    async (name) => {
      for (const line of [`GET /users/${name}`, `DELETE /users/${name}`, `POST /users/${name}/access-keys`]) {
        expect([400, 404, 405]).toContain((await call(line)).status);
      }
      expect(server.logged).toEqual([]);
    },
  );
});

describe('when something is away or broken', () => {
  const broken = async (error: Error) => {
    const failing = await openApiServer((deps) => ({
      ...deps,
      passwordHasher: { hash: () => Promise.reject(error), verify: () => Promise.reject(error) },
    }));
    try {
      const { account: target, call: callFailing } = await newApiAccount(failing);
      const answer = await callFailing('PUT /users/admin/login-profile', { generatePassword: true });
      const again = await callerOn(failing, target)('GET /users');
      return { answer, again, logged: failing.logged };
    } finally {
      await failing.close();
    }
  };

  test.each([
    ['the database', new StoreUnavailableError('database', new Error('connect ECONNREFUSED 10.1.2.3'))],
    ['room for another hash', new HashingOverloadedError('too many')],
  ])('without %s the answer is 503 with a time to come back', async (_case, error) => {
    const { answer, logged } = await broken(error);
    expect([answer.status, answer.body['code']]).toEqual([503, 'ServiceUnavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).not.toContain('10.1.2.3');
    expect(logged).toMatchObject([{ fields: { requestId: answer.body['requestId'] } }]);
  });

  test('a fault of ours is 500 with a fixed text, logged under the request id, and the next request is served', async () => {
    const { answer, again, logged } = await broken(new TypeError('cannot read secret-thing of undefined'));
    expect([answer.status, answer.body['code']]).toEqual([500, 'InternalError']);
    expect(answer.text).not.toContain('secret-thing');
    expect(logged).toMatchObject([{ fields: { requestId: answer.body['requestId'], err: expect.any(TypeError) } }]);
    expect(again.status).toBe(200);
  });

  test('without the embedded database nothing is served', async () => {
    const closed = await openApiServer();
    const { account: target } = await newApiAccount(closed);
    const callClosed = callerOn(closed, target);
    await closed.harness.close();
    expect((await callClosed('GET /users')).status).toBe(503);
    await closed.close();
  });
});
