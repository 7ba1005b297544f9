import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUserId } from '../../../src/crypto/random-ids.ts';
import { generateAccessKey } from '../../../src/domain/access-keys/access-key-secrets.ts';
import { insertAccessKeys } from '../../../src/domain/access-keys/access-keys-store.ts';
import { insertUsers } from '../../../src/domain/users/users-store.ts';
import { csvLine, csvText } from '../../../src/web/api/csv.ts';
import { newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';

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

const columns = [
  ...['user', 'user_creation_time', 'user_last_logon', 'password_exist', 'password_active', 'password_last_changed'],
  ...['password_next_rotation', 'mfa_active'],
  ...[1, 2].flatMap((at) => ['exist', 'active', 'last_rotated', 'last_used'].map((name) => `access_key_${at}_${name}`)),
];
const rowsOf = (text: string) =>
  text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('the credential report', () => {
  it('is a CSV file with RAM’s columns and a row a user', async () => {
    await call('POST /users', { userName: 'alice', displayName: 'A', consoleLogon: {}, programmaticAccess: true });
    await call('POST /users', { userName: 'bob', displayName: 'B' });
    await call('PATCH /account/password-policy', { maxPasswordAge: 30 });
    const { status, headers, text } = await call('GET /credential-report');
    expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, 'text/csv']);
    expect(text.endsWith('\r\n')).toBe(true);
    const [head, , alice, bob, ...rest] = rowsOf(text);
    const name = (user: string) => `${user}@${account.alias}.logon.example.com`;
    const noKey = ['FALSE', 'N/A', 'N/A', 'N/A'];
    expect(head).toEqual(columns);
    expect(alice).toEqual([
      ...[name('alice'), time, '-', 'TRUE', 'TRUE', time, time, 'FALSE'],
      ...['TRUE', 'TRUE', time, '-', ...noKey],
    ]);
    expect(bob).toEqual([name('bob'), time, '-', 'FALSE', 'N/A', 'N/A', 'N/A', 'FALSE', ...noKey, ...noKey]);
    expect(rest).toEqual([]);
  });

  it('is JSON page by page where the client asks for that', async () => {
    await newUser(server.harness.deps.db, account.accountId, 'zoe');
    for (const [line, headers] of [
      ['GET /credential-report?format=json&limit=1', {}],
      ['GET /credential-report?limit=1', { accept: 'application/json' }],
    ] as const) {
      const first = await call(line, undefined, headers);
      expect(first.body['items']).toMatchObject([{ userName: 'admin', password: { nextRotationAt: null } }]);
      const cursor = `cursor=${first.body['nextCursor'] as string}`;
      const second = await call(`${line}&${cursor}`, undefined, headers);
      expect(second.body['items']).toMatchObject([{ userName: 'zoe' }]);
      expect(second.body['nextCursor']).toBeUndefined();
    }
  });

  it('has everybody once, also beyond a page', async () => {
    const { db } = server.harness.deps;
    const names = Array.from({ length: 2100 }, (_none, at) => `user-${String(at).padStart(4, '0')}`);
    for (let at = 0; at < names.length; at += 700)
      await insertUsers(
        db,
        names.slice(at, at + 700).map((userName) => ({
          ...{ userId: newUserId(), accountId: account.accountId, userName, userNameKey: userName, displayName: 'U' },
        })),
      );
    const [head, ...rows] = rowsOf((await call('GET /credential-report')).text);
    expect(head).toEqual(columns);
    expect(rows.map(([user]) => user?.split('@')[0])).toEqual(['admin', ...names]);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([columns.length]));
  });

  it('has room for more keys than RAM allows', async () => {
    const { db, keyRing } = server.harness.deps;
    const { accountId, userId } = account.admin;
    const { rawSecret: _unused, ...first } = generateAccessKey(keyRing, accountId);
    const others = [1, 2, 3].map((at) => ({ ...first, accessKeyId: `${first.accessKeyId.slice(0, -1)}${at}` }));
    await insertAccessKeys(
      db,
      others.map((key) => ({ ...key, accountId, userId })),
    );
    await newUser(db, accountId, 'bob');
    const [head, admin, bob] = rowsOf((await call('GET /credential-report')).text);
    expect(head?.slice(-4)).toEqual(
      ['exist', 'active', 'last_rotated', 'last_used'].map((name) => `additional_access_key_1_${name}`),
    );
    expect(admin?.slice(-4)).toEqual(['TRUE', 'TRUE', time, '-']);
    expect(bob?.slice(-4)).toEqual(['FALSE', 'N/A', 'N/A', 'N/A']);
  });

  it('makes no formula of a name', async () => {
    await call('POST /users', { userName: '-2+3', displayName: 'X' }).then(({ status }) => expect(status).toBe(400));
    await call('POST /users', { userName: '-cmd', displayName: '=1+1' });
    const { text } = await call('GET /credential-report');
    expect(text).toContain(`\r\n'-cmd@`);
  });

  it('is refused to who may not read it, before anything is sent', async () => {
    const alice = await newUser(server.harness.deps.db, account.accountId, 'alice');
    const answer = await callerOn(server, account, alice)('GET /credential-report');
    expect([answer.status, answer.body['code']]).toEqual([403, 'NoPermission']);
    expect(answer.text).not.toContain('admin@');
  });

  it('knows no other form', async () => {
    expect((await call('GET /credential-report?format=xml')).status).toBe(400);
    expect((await call('GET /credential-report', undefined, { accept: 'text/html' })).status).toBe(406);
  });
});

it.each([
  ['plain', 'plain'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['a=b', 'a=b'],
])('text that somebody chose, %j, is no formula', (text, safe) => {
  expect(csvText(text)).toBe(safe);
});

it('fields are quoted as RFC 4180 says', () => {
  expect(csvLine(['a', 'b,c', 'd "e"', 'f\ng', ''])).toBe('a,"b,c","d ""e""","f\ng",\r\n');
});
