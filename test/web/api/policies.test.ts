import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { allowing } from '../../domain/policies/custom-policy.ts';
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
const policyDocument = allowing('wiki:*', 'acs:wiki:*:*:page/*');
const one = '/policies/custom/wiki';
const create = () => call('POST /policies', { policyName: 'wiki', policyDocument });
const pointers = (body: Record<string, unknown>) => (body['errors'] as { pointer: string }[]).map((e) => e.pointer);

describe('policies', () => {
  test('are made with 201 and their address, and have exactly the fields that are promised', async () => {
    const made = await create();
    expect([made.status, made.headers.get('location')]).toEqual([201, `/${account.alias}/api/v1${one}`]);
    const policy = {
      ...{ policyType: 'custom', policyName: 'wiki', description: null, defaultVersionId: 'v1', attachmentCount: 0 },
      ...{ createdAt: time, updatedAt: time },
    };
    expect(made.body).toEqual({ policy });
    expect((await call(`GET ${one}`)).body).toEqual({ ...policy, policyDocument });
    expect((await call('GET /policies?policyType=custom')).body).toEqual({ items: [policy] });
    const patched = await call(`PATCH ${one}`, { description: 'Pages' });
    expect([patched.status, patched.body]).toEqual([200, { ...policy, description: 'Pages', updatedAt: time }]);
    expect((await call('GET /policies/system/AdministratorAccess')).body).toMatchObject({ attachmentCount: 1 });
  });

  test('tell every fault of a document at its place in the body', async () => {
    const wrong = { Version: '2', Statement: [{ Effect: 'Allow', Action: 'postern:*', Resource: 'here' }] };
    const refused = await call('POST /policies', { policyName: 'wiki', policyDocument: wrong });
    expect(refused.status).toBe(400);
    expect(pointers(refused.body).toSorted()).toEqual([
      '/policyDocument/Statement/0/Action',
      '/policyDocument/Statement/0/Resource',
      '/policyDocument/Version',
    ]);
    const platform = allowing('postern:*', 'acs:postern:*');
    const reaching = await call('POST /policies', { policyName: 'wiki', policyDocument: platform });
    expect(reaching.body['errors']).toMatchObject([
      {
        pointer: '/policyDocument/Statement/0/Action',
        detail: expect.stringContaining('PlatformAdministratorAccess') as string,
      },
    ]);
    expect((await call(`GET ${one}`)).status).toBe(404);
  });

  test('have versions', async () => {
    await create();
    const next = allowing('wiki:Read*');
    const made = await call(`POST ${one}/versions`, { policyDocument: next, setAsDefault: true });
    const version = { versionId: 'v2', isDefaultVersion: true, createdAt: time, policyDocument: next };
    expect([made.status, made.body]).toEqual([201, { policyVersion: version }]);
    expect(made.headers.get('location')).toBe(`/${account.alias}/api/v1${one}/versions/v2`);
    expect((await call(`GET ${one}/versions/v2`)).body).toEqual(version);
    expect((await call(`PUT ${one}/default-version`, { versionId: 'v1' })).status).toBe(204);
    expect((await call(`GET ${one}/versions`)).body).toMatchObject({
      items: [
        { versionId: 'v2', isDefaultVersion: false },
        { versionId: 'v1', isDefaultVersion: true },
      ],
    });
    const kept = await call(`DELETE ${one}/versions/v1`);
    expect([kept.status, kept.body['code']]).toEqual([409, 'DeleteConflict.Policy.Version.Default']);
    expect((await call(`DELETE ${one}/versions/v2`)).status).toBe(204);
    expect((await call(`GET ${one}/versions/v2`)).body['code']).toBe('EntityNotExist.Policy.Version');
  });

  test('of the product are read and not changed', async () => {
    const system = '/policies/system/AliyunRAMReadOnlyAccess';
    for (const line of [
      `GET ${system}`,
      `GET ${system}/versions`,
      `GET ${system}/versions/v1`,
      `GET ${system}/entities`,
    ])
      expect([line, (await call(line)).status]).toEqual([line, 200]);
    for (const [line, body] of [
      [`PATCH ${system}`, { description: 'x' }],
      [`DELETE ${system}?cascade=true`, undefined],
      [`POST ${system}/versions`, { policyDocument }],
      [`PUT ${system}/default-version`, { versionId: 'v1' }],
      [`DELETE ${system}/versions/v1`, undefined],
    ] as const) {
      expect([line, (await call(line, body)).status]).toEqual([line, 400]);
    }
    expect((await call('GET /policies/other/wiki')).status).toBe(400);
  });

  test('show whom they are attached to, and go with all of it by cascade alone', async () => {
    await create();
    await call('POST /groups', { groupName: 'staff' });
    await call('PUT /users/alice/policies/custom/wiki');
    await call('PUT /groups/staff/policies/custom/wiki');
    const entity = { id: expect.any(String) as string, attachedAt: time };
    expect((await call(`GET ${one}/entities`)).body).toEqual({
      items: [
        { ...entity, entityType: 'group', name: 'staff', displayName: null },
        { ...entity, entityType: 'user', name: 'alice', displayName: 'alice' },
      ],
    });
    const refused = await call(`DELETE ${one}`);
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { errors: [{ code: 'DeleteConflict.Policy.User' }, { code: 'DeleteConflict.Policy.Group' }] },
    ]);
    expect((await call('GET /users/alice/policies')).body).toMatchObject({ items: [{ policyName: 'wiki' }] });
    for (let count = 0; count < 2; count += 1) expect((await call(`DELETE ${one}?cascade=true`)).status).toBe(204);
    expect((await call('GET /users/alice/policies')).body).toEqual({ items: [] });
    expect((await call('GET /groups/staff/policies')).body).toEqual({ items: [] });
  });
});

describe('decisions', () => {
  const question = () => ({ action: 'wiki:EditPage', resource: `acs:wiki:*:${account.accountId}:page/start` });

  test('are answered with what decided', async () => {
    await create();
    await call('POST /groups', { groupName: 'staff' });
    await call('PUT /groups/staff/policies/custom/wiki');
    const ask = () => call('POST /access-decisions', { userName: 'alice', decisions: [question()] });
    const before = await ask();
    expect([before.status, before.body]).toEqual([
      200,
      { items: [{ ...question(), decision: 'deny', explicit: false }] },
    ]);
    await call('PUT /groups/staff/users/alice');
    const policy = { policyType: 'custom', policyName: 'wiki', versionId: 'v1', throughGroup: 'staff', statement: 0 };
    expect((await ask()).body).toEqual({ items: [{ ...question(), decision: 'allow', explicit: false, policy }] });
  });

  test('about oneself need no right, about others they do', async () => {
    const own = callerOn(server, account, await newUser(server.harness.deps.db, account.accountId, 'bob'));
    const decisions = [question()];
    expect((await own('POST /me/access-decisions', { decisions })).body).toMatchObject({
      items: [{ decision: 'deny' }],
    });
    expect((await own('POST /access-decisions', { decisions })).status).toBe(403);
    expect((await own('POST /policy-simulations', { userName: 'alice', decisions })).status).toBe(403);
    const faulty = await call('POST /access-decisions', { decisions: [{ action: 'x', resource: 'y' }] });
    expect([faulty.status, pointers(faulty.body)]).toEqual([
      ...[400, ['/decisions/0/action', '/decisions/0/resource']],
    ]);
  });

  test('are explained by a simulation, drafts included', async () => {
    const condition = { IpAddress: { 'acs:SourceIp': ['192.0.2.0/24'] } };
    const draft = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'wiki:*', Resource: '*', Condition: condition }],
    };
    const simulate = (context: object) =>
      call('POST /policy-simulations', {
        ...{ userName: 'alice', decisions: [{ ...question(), context }], policyDocuments: [draft] },
      });
    const statement = {
      ...{ policyType: 'draft', policyName: 'policyDocuments/0', versionId: null, throughGroup: null, statement: 0 },
    };
    const explained = { ...statement, effect: 'Allow' };
    const matched = await simulate({ sourceIp: '192.0.2.1' });
    expect([matched.status, matched.body]).toEqual([
      200,
      {
        userActive: true,
        items: [
          {
            ...{ ...question(), decision: 'allow', explicit: false, policy: statement },
            ...{ matching: [explained], nearMisses: [], truncated: false },
          },
        ],
      },
    ]);
    const failed = { operator: 'IpAddress', key: 'acs:SourceIp', values: ['192.0.2.0/24'], absent: false };
    expect((await simulate({ sourceIp: '198.51.100.1' })).body).toMatchObject({
      items: [{ decision: 'deny', matching: [], nearMisses: [{ ...explained, failedConditions: [failed] }] }],
    });
  });
});
