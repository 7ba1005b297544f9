import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../src/storage/db/schema/users.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { accessKeyToken, type TestAccount, type TestApplication, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, postAsClient } from './support/code-flow.ts';
import { type RawRequest, sendBytes, sendRaw } from './support/raw-http.ts';

const megabyte = 'a'.repeat(1024 * 1024);
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

describe('parser bombs', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  let token: string;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication();
    user = await account.createUser();
    const { accessKeyId: id, accessKeySecret: secret } = account.handover;
    token = await accessKeyToken(account.issuer, { id, secret });
  });
  afterAll(() => server.close());

  const countUsers = async () =>
    (await server.backend.db.select({ users: count() }).from(users).where(eq(users.accountId, account.accountId)))[0]
      ?.users ?? 0;

  const postJson = (body: string, headers: RawRequest['headers'] = {}) =>
    sendRaw(server.origin, `/${account.alias}/api/v1/users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      },
      body,
    });

  /** A logon page and everything a form of it must carry. */
  const openLogonForm = async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(authorizationUrl(account.issuer, application.clientId));
    const fields = page.forms[0]?.fields ?? {};
    return { path: page.url.pathname, cookie: browser.cookies.headerFor(page.url), fields };
  };

  const postLogon = async (body: (fields: Readonly<Record<string, string>>) => string) => {
    const { path, cookie, fields } = await openLogonForm();
    return await sendRaw(server.origin, path, { method: 'POST', headers: { ...formType, cookie }, body: body(fields) });
  };

  it('a password of a megabyte at the logon page is refused with a page, and never hashed', async () => {
    const answer = await postLogon((fields) =>
      new URLSearchParams({ ...fields, username: user.userName, password: megabyte }).toString(),
    );
    expect(answer.status).toBe(413);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.headers['connection']).toBe('close');
  });

  it('a password just short enough for a form is refused like a wrong one', async () => {
    const answer = await postLogon((fields) =>
      new URLSearchParams({ ...fields, username: user.userName, password: 'a'.repeat(30_000) }).toString(),
    );
    expect(answer.status).toBe(401);
  });

  it.each([
    [
      'a field twice',
      (fields: Readonly<Record<string, string>>) => `${new URLSearchParams(fields).toString()}&username=a&username=b`,
    ],
    [
      'ten thousand fields',
      (fields: Readonly<Record<string, string>>) => `${new URLSearchParams(fields).toString()}${'&a'.repeat(10_000)}`,
    ],
    [
      'broken percent signs',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams(fields).toString()}&username=%E0%A4%A&password=%`,
    ],
    [
      'a NUL in the name',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams({ ...fields, username: 'al\u0000ice', password: 'x' }).toString()}`,
    ],
    [
      'a NUL in the password',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams({ ...fields, username: user.userName, password: 'x\u0000y' }).toString()}`,
    ],
    [
      'lone surrogates',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams(fields).toString()}&username=%ED%A0%80&password=%ED%B0%80`,
    ],
    [
      'a name of 20,000 characters',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams({ ...fields, username: 'a'.repeat(20_000), password: 'x' }).toString()}`,
    ],
    [
      'a name of nothing but marks',
      (fields: Readonly<Record<string, string>>) =>
        `${new URLSearchParams({ ...fields, username: '@@@@', password: 'x' }).toString()}`,
    ],
  ])('at the logon page %s is a clear 4xx', async (_name, body) => {
    const { status } = await postLogon(body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it('a form in another type, or in pieces, is refused', async () => {
    const { path, cookie } = await openLogonForm();
    const send = (headers: RawRequest['headers'], body: string) =>
      sendRaw(server.origin, path, { method: 'POST', headers: { cookie, ...headers }, body });
    expect((await send({ 'content-type': 'application/json' }, '{"step":"password"}')).status).toBe(415);
    expect((await send({ 'content-type': 'multipart/form-data; boundary=x' }, '--x--')).status).toBe(415);
    expect((await send({}, 'step=password')).status).toBe(415);
    expect((await send({ ...formType, 'content-encoding': 'gzip' }, '\u001f\u008b')).status).toBeLessThan(500);
  });

  it.each([
    ['nested a thousand deep', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`, 400],
    ['an array nested 100,000 deep', '['.repeat(100_000), 400],
    ['a string that hides brackets', JSON.stringify({ userName: '['.repeat(5000) }), 400],
    ['a megabyte', JSON.stringify({ userName: megabyte }), 413],
    ['broken', '{"userName":', 400],
    ['not UTF-8 but says so', '{"userName":"\u0000"}', 400],
    ['a number', '1e999', 400],
    ['null', 'null', 400],
    ['a prototype', '{"__proto__":{"userName":"x"},"constructor":{"prototype":{}}}', 400],
    ['a hundred thousand keys', `{${Array.from({ length: 20_000 }, (_none, at) => `"k${at}":1`).join()}}`, 400],
    [
      'too many users',
      JSON.stringify(Array.from({ length: 101 }, (_none, at) => ({ userName: `u${at}`, displayName: 'x' }))),
      400,
    ],
  ])('a JSON body that is %s is refused and makes nobody', async (_name, body, status) => {
    const before = await countUsers();
    const answer = await postJson(body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.length).toBeLessThan(100_000);
    expect(await countUsers()).toBe(before);
  });

  it('how deep a JSON body goes is found out before it is parsed', async () => {
    for (const body of [`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, '['.repeat(100_000)]) {
      const answer = await postJson(body);
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 400,
        code: 'MalformedRequest',
        detail: expect.stringContaining('32 levels') as string,
      });
    }
  });

  it('a JSON body of another type, charset or coding is refused', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': '' },
    ]) {
      expect((await postJson('{"userName":"x","displayName":"x"}', headers)).status).toBe(415);
    }
  });

  it('ten thousand scopes are refused wherever they are sent', async () => {
    const scope = Array.from({ length: 10_000 }, (_none, at) => `s${at}`).join(' ');
    const authorize = await sendRaw(
      server.origin,
      new URL(authorizationUrl(account.issuer, application.clientId, { scope })).pathname,
      {
        method: 'POST',
        headers: formType,
        body: new URL(authorizationUrl(account.issuer, application.clientId, { scope })).search.slice(1),
      },
    );
    expect(authorize.status).toBeLessThan(500);
    const atToken = await postAsClient(`${account.issuer}/oauth2/token`, application, {
      grant_type: 'client_credentials',
      scope,
    });
    expect(atToken.status).toBeGreaterThanOrEqual(400);
    expect(atToken.status).toBeLessThan(500);
    expect(JSON.stringify(atToken.body).length).toBeLessThan(1000);
  });

  it('a megabyte at an endpoint for programs is refused', async () => {
    for (const endpoint of ['token', 'introspect', 'revoke', 'userinfo', 'logout', 'authorize', 'logout/confirm']) {
      const answer = await sendRaw(server.origin, `/${account.alias}/oauth2/${endpoint}`, {
        method: 'POST',
        headers: formType,
        body: `client_id=${application.clientId}&token=${megabyte}`,
      });
      expect([endpoint, answer.status >= 400 && answer.status < 500]).toEqual([endpoint, true]);
    }
  });

  it('headers and request lines beyond all measure are refused', async () => {
    const huge = 'x'.repeat(64 * 1024);
    expect(
      await sendBytes(
        server.origin,
        `GET /${account.alias} HTTP/1.1\r\nHost: a\r\nX-Big: ${huge}\r\nConnection: close\r\n\r\n`,
      ),
    ).toBe(431);
    expect(await sendBytes(server.origin, `GET /${huge} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toBe(431);
    expect(
      await sendBytes(server.origin, `GET /${'x'.repeat(8000)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    ).toBe(400);
    expect(
      await sendBytes(
        server.origin,
        `GET /${account.alias} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`,
      ),
    ).toBeLessThan(500);
    const twoLengths =
      'POST /-/logon HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcd';
    expect(await sendBytes(server.origin, twoLengths)).toBe(400);
    const lengthAndChunks =
      'POST /-/logon HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n';
    expect(await sendBytes(server.origin, lengthAndChunks)).toBe(400);
  });

  it('nothing of all this ended as a fault of ours', async () => {
    const faults = server.logLines
      .map((line) => JSON.parse(line) as { level: number; msg: string })
      .filter(({ level }) => level >= 50);
    expect(faults).toEqual([]);
    expect((await createHttpBrowser().open(authorizationUrl(account.issuer, application.clientId))).status).toBe(200);
  });
});
