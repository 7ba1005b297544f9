import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventsOf, newUser, type TestAccount, userRow } from '../../domain/operation-harness.ts';
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

const alice = { userName: 'alice', displayName: 'Alice' };
const rowOf = (userName: string) => userRow(server.harness.deps.db, account.accountId, userName);

describe('users', () => {
  test('one is created with 201, its address and exactly the fields that are promised', async () => {
    const answer = await call('POST /users', {
      ...alice,
      consoleLogon: { resetRequired: true, mfaRequired: true },
      programmaticAccess: true,
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/${account.alias}/api/v1/users/alice`);
    const logonName = `alice@${account.alias}.logon.example.com`;
    expect(answer.body).toEqual({
      user: {
        userId: expect.stringMatching(/^[1-9][0-9]{17}$/),
        ...{ ...alice, logonName, email: null, mobilePhone: null, comments: null, status: 'active', lastLogonAt: null },
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: expect.any(String),
      },
      logonName,
      logonUrl: `https://id.example.com/${account.alias}`,
      initialPassword: expect.any(String),
      accessKey: { id: expect.stringMatching(/^PSTK/), secret: expect.any(String) },
    });
  });

  test('an array is created all or nothing and answered as items; faults point into it', async () => {
    const answer = await call('POST /users', [alice, { userName: 'bob', displayName: 'Bob' }]);
    expect(answer.status).toBe(201);
    const items = answer.body['items'] as { user: { userName: string } }[];
    expect(items.map(({ user }) => user.userName)).toEqual(['alice', 'bob']);
    const refused = await call('POST /users', [
      { userName: 'carol', displayName: 'C' },
      alice,
      { userName: '..', displayName: 'x' },
    ]);
    expect(refused.status).toBe(400);
    expect(refused.body['errors']).toMatchObject([{ pointer: '/2/userName' }]);
    const taken = await call('POST /users', [{ userName: 'carol', displayName: 'C' }, alice]);
    expect([taken.status, taken.body['code']]).toEqual([409, 'EntityAlreadyExists.User']);
    expect(taken.body['errors']).toMatchObject([{ pointer: '/1/userName' }]);
    expect(await rowOf('carol')).toBeUndefined();
  });

  test('are read, changed and deleted by name and by id alike', async () => {
    await call('POST /users', alice);
    const userId = (await rowOf('alice'))?.userId;
    for (const address of ['/users/ALICE', `/users/by-id/${userId}`]) {
      expect((await call(`GET ${address}`)).body).toMatchObject({ userId, userName: 'alice' });
      const changed = await call(`PATCH ${address}`, { comments: address });
      expect([changed.status, changed.body['comments']]).toEqual([200, address]);
    }
    expect((await call(`DELETE /users/by-id/${userId}`)).status).toBe(204);
    expect((await call('GET /users/alice')).status).toBe(404);
    expect((await call(`GET /users/by-id/${userId}`)).body['code']).toBe('EntityNotExist.User');
  });

  test('may be named like an address of the API', async () => {
    await call('POST /users', { userName: 'by-id', displayName: 'x' });
    expect((await call('GET /users/by-id')).body['userName']).toBe('by-id');
    expect((await call('GET /users/by-id/access-keys')).body).toEqual({ items: [] });
    expect((await call('PUT /users/by-id/login-profile', {})).status).toBe(200);
  });

  test('a patch with a fault changes nothing and points at it', async () => {
    await call('POST /users', alice);
    const answer = await call('PATCH /users/alice', { displayName: 'New', email: 'no', userId: '1' });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
      '/email',
      '/userId',
    ]);
    expect((await rowOf('alice'))?.displayName).toBe('Alice');
  });

  test('are listed page by page', async () => {
    await call(
      'POST /users',
      ['b', 'c', 'd'].map((userName) => ({ userName, displayName: 'x' })),
    );
    const first = await call('GET /users?limit=3');
    expect((first.body['items'] as { userName: string }[]).map(({ userName }) => userName)).toEqual([
      'admin',
      'b',
      'c',
    ]);
    const second = await call(`GET /users?limit=3&cursor=${String(first.body['nextCursor'])}`);
    expect((second.body['items'] as unknown[]).length).toBe(1);
    expect(second.body).not.toHaveProperty('nextCursor');
    expect((await call(`GET /users?limit=3&cursor=A${String(first.body['nextCursor'])}`)).body['errors']).toMatchObject(
      [{ pointer: '/cursor' }],
    );
  });

  test('deleting names every conflict; with cascade it is done, and done again', async () => {
    await call('POST /users', { ...alice, consoleLogon: {}, programmaticAccess: true });
    const refused = await call('DELETE /users/alice');
    expect([refused.status, refused.body['code']]).toEqual([409, 'DeleteConflict.User']);
    expect((refused.body['errors'] as unknown[]).length).toBe(2);
    expect((await call('DELETE /users/alice?cascade=yes')).status).toBe(400);
    expect(await rowOf('alice')).toBeDefined();
    for (let time = 0; time < 2; time += 1) expect((await call('DELETE /users/alice?cascade=true')).status).toBe(204);
    expect((await call('DELETE /users/alice')).status).toBe(404);
  });

  test('the last administrator is kept', async () => {
    for (const [line, body] of [
      ['PATCH /users/admin', { status: 'frozen' }],
      ['DELETE /users/admin?cascade=true'],
      ['DELETE /users/admin/policies/system/AdministratorAccess'],
      ['DELETE /users/admin/login-profile'],
    ] as const) {
      const answer = await call(line, body);
      expect([line, answer.status, answer.body['code']]).toEqual([line, 409, 'DeleteConflict.LastAdministrator']);
    }
    expect((await call('GET /me')).body).toMatchObject({ userName: 'admin', status: 'active' });
  });

  test('without the right it is 403, and the event tells who tried from where', async () => {
    const nobody = await newUser(server.harness.deps.db, account.accountId, 'nobody');
    const answer = await callerOn(server, account, nobody)('POST /users', alice);
    expect([answer.status, answer.body['code']]).toEqual([403, 'NoPermission']);
    expect(await rowOf('alice')).toBeUndefined();
    expect(await eventsOf(server.harness.deps.db, account.accountId)).toMatchObject([
      { actorUserId: nobody.userId, sourceIp: '127.0.0.1', requestId: answer.body['requestId'], outcome: 'refused' },
    ]);
  });
});

describe('login profiles', () => {
  test('are put, read and deleted', async () => {
    await call('POST /users', alice);
    expect((await call('GET /users/alice/login-profile')).body['code']).toBe('EntityNotExist.User.LoginProfile');
    const put = await call('PUT /users/alice/login-profile', { mfaRequired: true });
    expect(put.body).toMatchObject({
      loginProfile: { userName: 'alice', mfaRequired: true, resetRequired: true },
      initialPassword: expect.any(String),
    });
    const read = await call('GET /users/alice/login-profile');
    expect(Object.keys(read.body).toSorted()).toEqual([
      'createdAt',
      'initialPasswordExpiresAt',
      'mfaRequired',
      'passwordExpiresAt',
      'passwordSetAt',
      'resetRequired',
      'status',
      'updatedAt',
      'userName',
    ]);
    const weak = await call('PUT /users/alice/login-profile', { password: 'x' });
    expect([weak.status, weak.body['code']]).toEqual([400, 'InvalidParameter.Password.TooWeak']);
    expect(weak.body['errors']).toMatchObject([{ pointer: '/password' }]);
    expect((await call('DELETE /users/alice/login-profile')).status).toBe(204);
  });
});

describe('access keys', () => {
  test('show their secret in one answer only', async () => {
    await call('POST /users', alice);
    const made = await call('POST /users/alice/access-keys');
    const { id, secret } = made.body['accessKey'] as { id: string; secret: string };
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/${account.alias}/api/v1/users/alice/access-keys/${id}`);
    const address = `/users/alice/access-keys/${id}`;
    const later = [
      await call('GET /users/alice/access-keys'),
      await call(`GET ${address}`),
      await call(`PATCH ${address}`, { status: 'inactive' }),
      await call(`PATCH ${address}`, { status: 'Active' }),
      await call(`DELETE ${address}`),
      await call(`DELETE ${address}`),
    ];
    expect(later.map(({ status }) => status)).toEqual([200, 200, 200, 400, 204, 404]);
    expect(later[2]?.body).toMatchObject({ id, status: 'inactive', lastUsedAt: null, lastUsedService: null });
    for (const { text } of later) expect(text).not.toContain(secret);
  });

  test('a third is a conflict, and a body is not expected', async () => {
    await call('POST /users', alice);
    expect((await call('POST /users/alice/access-keys', { status: 'inactive' })).status).toBe(400);
    for (const status of [201, 201, 409]) expect((await call('POST /users/alice/access-keys', {})).status).toBe(status);
  });
});

describe('policies of a user', () => {
  test('are attached and detached, without case, as often as one likes', async () => {
    await call('POST /users', alice);
    for (const name of ['AliyunRAMReadOnlyAccess', 'aliyunramreadonlyaccess']) {
      expect((await call(`PUT /users/alice/policies/system/${name}`)).status).toBe(204);
    }
    expect((await call('GET /users/alice/policies')).body).toEqual({
      items: [
        {
          ...{ policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess', description: expect.any(String) },
          ...{ defaultVersionId: 'v1', attachedAt: expect.any(String), throughGroup: null },
        },
      ],
    });
    const statuses = [];
    for (let time = 0; time < 2; time += 1)
      statuses.push((await call('DELETE /users/alice/policies/system/AliyunRAMReadOnlyAccess')).status);
    expect(statuses).toEqual([204, 404]);
  });

  test.each(['system/Nothing', 'custom/Mine', 'system/PlatformAdministratorAccess'])(
    '%s is not there to be attached',
    async (policy) => {
      const answer = await call(`PUT /users/admin/policies/${policy}`);
      expect([answer.status, answer.body['code']]).toEqual([404, 'EntityNotExist.Policy']);
    },
  );
});

describe('oneself', () => {
  test('is seen without any policy', async () => {
    const nobody = await newUser(server.harness.deps.db, account.accountId, 'nobody');
    expect((await callerOn(server, account, nobody)('GET /me')).body).toMatchObject({ userName: 'nobody' });
  });

  test('changes the own password with the old one', async () => {
    const made = await call('POST /users', { ...alice, consoleLogon: {} });
    const userId = (await rowOf('alice'))?.userId ?? '';
    const own = callerOn(server, account, { ...account.admin, userId, userName: 'alice' });
    const newPassword = 'staple of many words';
    const wrong = await own('PUT /me/password', { oldPassword: 'not this', newPassword });
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'InvalidOldPassword']);
    expect((await own('PUT /me/password', { oldPassword: made.body['initialPassword'], newPassword })).status).toBe(
      204,
    );
    expect(
      (await own('POST /me/password', { oldPassword: made.body['initialPassword'], newPassword: 'and another one' }))
        .status,
    ).toBe(400);
  });
});
