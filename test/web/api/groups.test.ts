import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
  await newUser(server.harness.deps.db, account.accountId, 'alice');
});
afterAll(() => server.close());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('groups', () => {
  test('are made with 201 and their address, and have exactly the fields that are promised', async () => {
    const made = await call('POST /groups', { groupName: 'developers', displayName: 'Devs' });
    expect([made.status, made.headers.get('location')]).toEqual([201, `/${account.alias}/api/v1/groups/developers`]);
    const group = {
      groupId: expect.stringMatching(/^g-/) as string,
      ...{ groupName: 'developers', displayName: 'Devs', comments: null, createdAt: time, updatedAt: time },
    };
    expect(made.body).toEqual({ group });
    expect((await call('GET /groups/Developers')).body).toEqual(group);
    expect((await call('GET /groups?q=dev')).body).toEqual({ items: [group] });
    const patched = await call('PATCH /groups/developers', { displayName: null, comments: 'c' });
    expect([patched.status, patched.body]).toEqual([200, { ...group, displayName: null, comments: 'c' }]);
  });

  test('tell every fault at its place', async () => {
    const refused = await call('POST /groups', { groupName: 'a b', comments: '', more: 1 });
    expect(refused.status).toBe(400);
    expect((refused.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
      ...['/comments', '/groupName', '/more'],
    ]);
    await call('POST /groups', { groupName: 'a' });
    const taken = await call('POST /groups', { groupName: 'A' });
    expect([taken.status, taken.body]).toMatchObject([409, { errors: [{ pointer: '/groupName' }] }]);
    await call('POST /groups', { groupName: 'b' });
    const renamed = await call('PATCH /groups/b', { groupName: 'A' });
    expect([renamed.status, renamed.body]).toMatchObject([409, { errors: [{ pointer: '/groupName' }] }]);
  });

  test('have members, put and taken as often as one likes', async () => {
    await call('POST /groups', { groupName: 'developers' });
    const one = '/groups/developers/users/alice';
    expect([(await call(`PUT ${one}`)).status, (await call(`PUT ${one}`)).status]).toEqual([204, 204]);
    const members = await call('GET /groups/developers/users');
    const alice = { userName: 'alice', displayName: 'alice', joinedAt: time };
    expect(members.body).toEqual({ items: [{ userId: expect.any(String) as string, ...alice }] });
    expect((await call('GET /users/alice/groups')).body).toMatchObject({
      items: [{ groupName: 'developers', displayName: null, comments: null, joinedAt: time }],
    });
    const conflict = await call('DELETE /groups/developers');
    expect([conflict.status, conflict.body]).toMatchObject([
      409,
      { code: 'DeleteConflict.Group', errors: [{ code: 'DeleteConflict.Group.User' }] },
    ]);
    expect([(await call(`DELETE ${one}`)).status, (await call(`DELETE ${one}`)).body['code']]).toEqual([
      ...[204, 'EntityNotExist.User.Group'],
    ]);
    const statuses = [];
    for (let count = 0; count < 2; count += 1)
      statuses.push((await call('DELETE /groups/developers?cascade=true')).status);
    expect([...statuses, (await call('GET /groups/developers')).status]).toEqual([204, 204, 404]);
  });

  test('are changed only as they were read', async () => {
    await call('POST /groups', { groupName: 'developers' });
    const read = await call('GET /groups/developers');
    const ifMatch = { 'if-match': read.headers.get('etag') ?? '' };
    expect((await call('PATCH /groups/developers', { comments: 'one' }, ifMatch)).status).toBe(200);
    expect((await call('PATCH /groups/developers', { comments: 'two' }, ifMatch)).status).toBe(412);
    expect((await call('GET /groups/developers')).body['comments']).toBe('one');
  });

  test('have policies, put and taken, which their members show with the group', async () => {
    await call('POST /groups', { groupName: 'developers' });
    await call('PUT /groups/developers/users/alice');
    const one = '/groups/developers/policies/system/AliyunRAMReadOnlyAccess';
    expect([(await call(`PUT ${one}`)).status, (await call(`PUT ${one}`)).status]).toEqual([204, 204]);
    const policy = {
      ...{ policyType: 'system', policyName: 'AliyunRAMReadOnlyAccess', description: expect.any(String) as string },
      ...{ defaultVersionId: 'v1', attachedAt: time },
    };
    expect((await call('GET /groups/developers/policies')).body).toEqual({
      items: [{ ...policy, throughGroup: null }],
    });
    expect((await call('GET /users/alice/policies')).body).toEqual({
      items: [{ ...policy, throughGroup: 'developers' }],
    });
    expect([(await call(`DELETE ${one}`)).status, (await call(`DELETE ${one}`)).body['code']]).toEqual([
      ...[204, 'EntityNotExist.Group.Policy'],
    ]);
  });

  test('are out of reach without the right', async () => {
    await call('POST /groups', { groupName: 'developers' });
    const nobody = callerOn(server, account, await newUser(server.harness.deps.db, account.accountId, 'nobody'));
    for (const line of [
      ...['GET /groups', 'GET /groups/developers', 'GET /groups/developers/users', 'GET /users/nobody/groups'],
      ...['PUT /groups/developers/users/nobody', 'DELETE /groups/developers', 'GET /groups/developers/policies'],
      'PUT /groups/developers/policies/system/AdministratorAccess',
    ]) {
      expect([line, (await nobody(line)).status]).toEqual([line, 403]);
    }
    expect((await call('GET /groups/developers/users')).body).toEqual({ items: [] });
    expect((await call('GET /groups/developers/policies')).body).toEqual({ items: [] });
  });
});
