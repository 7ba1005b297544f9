import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultQuotas } from '../../../src/domain/accounts/quotas.ts';
import { addSigningKey, generateSigningKey } from '../../../src/domain/signing-keys/signing-keys.ts';
import { newAccount, newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
/** As an administrator of the platform. */
let operate: Call;
beforeAll(async () => {
  server = await openApiServer();
  const platform = await newAccount(server.harness, { isPlatform: true });
  const policies = ['PlatformAdministratorAccess'];
  operate = callerOn(server, platform, await newUser(server.harness.deps.db, platform.accountId, 'operator', policies));
});
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
});
afterAll(() => server.close());

const items = (body: Readonly<Record<string, unknown>>) => body['items'] as Record<string, unknown>[];
const pointers = (body: Readonly<Record<string, unknown>>) =>
  (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
const rfc3339 = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('the account', () => {
  it('is read, and changed by a merge patch', async () => {
    const read = await call('GET /account');
    expect([read.status, read.body]).toEqual([
      200,
      {
        ...{ accountId: account.accountId, alias: account.alias, status: 'active', isPlatform: false },
        defaultDomain: `${account.alias}.logon.example.com`,
        logonUrl: `https://id.example.com/${account.alias}`,
        ...{ helpText: null, auditRetentionDays: 400, createdAt: rfc3339 },
      },
    ]);
    const changed = await call('PATCH /account', { helpText: 'Ask Eve.', auditRetentionDays: 90 });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...read.body, helpText: 'Ask Eve.', auditRetentionDays: 90 },
    ]);
    expect((await call('GET /account')).body).toEqual(changed.body);
  });

  it('tells every fault at its place in the document', async () => {
    const answer = await call('PATCH /account', { alias: 'No', auditRetentionDays: 1, helpText: 7, more: true });
    expect(answer.status).toBe(400);
    expect(pointers(answer.body).toSorted()).toEqual(['/alias', '/auditRetentionDays', '/helpText', '/more']);
    const domain = await call('PATCH /account', { defaultDomain: 'acme.elsewhere.example' });
    expect([domain.status, pointers(domain.body)]).toEqual([400, ['/defaultDomain']]);
  });

  it('keeps its former names until they are released', async () => {
    await call('PATCH /account', { alias: `${account.alias}-new` });
    const listed = await call('GET /account/aliases');
    expect(items(listed.body)).toEqual([
      { alias: account.alias, state: 'former', createdAt: rfc3339, releasedAt: null },
      { alias: `${account.alias}-new`, state: 'current', createdAt: rfc3339, releasedAt: null },
    ]);
    expect((await call(`DELETE /account/aliases/${account.alias}-new`)).body).toMatchObject({
      status: 409,
      code: 'DeleteConflict.AccountAlias',
    });
    expect((await call(`DELETE /account/aliases/${account.alias}`)).status).toBe(204);
    expect((await call(`DELETE /account/aliases/${account.alias}`)).body).toMatchObject({
      status: 404,
      code: 'EntityNotExist.AccountAlias',
    });
    expect(items((await call('GET /account/aliases')).body)[0]).toMatchObject({
      state: 'released',
      releasedAt: rfc3339,
    });
  });

  it('sums up what it holds and may hold', async () => {
    const { status, body } = await call('GET /account/summary');
    expect([status, body]).toMatchObject([200, { users: 1, groups: 0, ...defaultQuotas }]);
  });
});

describe('signing keys', () => {
  it('are rotated and retired', async () => {
    const { deps } = server.harness;
    const first = await addSigningKey(deps, account.accountId, await generateSigningKey('ES256'), 0);
    const rotated = await call('POST /account/signing-keys', { alg: 'ES256' });
    expect([rotated.status, rotated.body]).toEqual([
      201,
      {
        ...{ kid: expect.stringMatching(/^sig_/) as string, alg: 'ES256', status: 'next' },
        ...{ createdAt: rfc3339, signsFrom: rfc3339, retiredAt: null },
      },
    ]);
    const kid = String(rotated.body['kid']);
    expect(rotated.headers.get('location')).toBe(`/${account.alias}/api/v1/account/signing-keys/${kid}`);
    expect(items((await call('GET /account/signing-keys')).body)).toMatchObject([
      { kid, status: 'next' },
      { kid: first, status: 'current' },
    ]);
    const refused = await call(`DELETE /account/signing-keys/${first}`);
    expect(refused.body).toMatchObject({ status: 409, code: 'DeleteConflict.SigningKey' });
    expect((await call(`DELETE /account/signing-keys/${kid}`)).status).toBe(204);
    expect((await call(`DELETE /account/signing-keys/${kid}`)).body).toMatchObject({
      ...{ status: 404, code: 'EntityNotExist.SigningKey' },
    });
    expect((await call('POST /account/signing-keys', { alg: 'none' })).status).toBe(400);
  });
});

describe('accounts of the platform', () => {
  it('are made, listed, suspended, given quotas, deleted and brought back', async () => {
    const alias = `${account.alias}-made`;
    const made = await operate('POST /accounts', { alias, adminUserName: 'root' });
    const accountId = String(made.body['accountId']);
    expect([made.status, made.body]).toEqual([
      201,
      {
        ...{ publicUrl: 'https://id.example.com', alias, accountId, adminUserName: 'root' },
        initialPassword: expect.any(String) as string,
      },
    ]);
    expect(made.headers.get('location')).toMatch(new RegExp(`/accounts/${accountId}$`));
    const read = await operate(`GET /accounts/${accountId}`);
    expect(read.body).toEqual({
      ...{ accountId, alias, logonUrl: `https://id.example.com/${alias}`, status: 'active', isPlatform: false },
      ...{ erasedFrom: null, quotas: defaultQuotas, createdAt: rfc3339 },
    });
    expect((await operate(`GET /accounts?q=${alias}&status=active&limit=1`)).body).toEqual({ items: [read.body] });
    const changed = await operate(`PATCH /accounts/${accountId}`, { status: 'suspended', quotas: { usersQuota: 7 } });
    expect(changed.body).toEqual({ ...read.body, status: 'suspended', quotas: { ...defaultQuotas, usersQuota: 7 } });
    expect((await operate(`DELETE /accounts/${accountId}`)).status).toBe(204);
    expect((await operate(`GET /accounts/${accountId}`)).body).toMatchObject({
      status: 'deleted',
      erasedFrom: rfc3339,
    });
    const back = await operate(`PATCH /accounts/${accountId}`, { status: 'active' });
    expect(back.body).toMatchObject({ status: 'active', erasedFrom: null, quotas: { usersQuota: 7 } });
  });

  it('are nothing to administrators of an account', async () => {
    const { accountId } = account;
    const attempts: readonly [string, unknown?][] = [
      ['GET /accounts'],
      ['POST /accounts', { alias: `${account.alias}-more`, adminUserName: 'root' }],
      [`GET /accounts/${accountId}`],
      [`PATCH /accounts/${accountId}`, { quotas: { usersQuota: 1_000_000 } }],
      [`DELETE /accounts/${accountId}`],
    ];
    for (const [line, body] of attempts)
      expect((await call(line, body)).body).toMatchObject({ status: 403, code: 'NoPermission' });
    expect((await operate(`GET /accounts/${accountId}`)).body).toMatchObject({
      status: 'active',
      quotas: defaultQuotas,
    });
    expect((await operate(`GET /accounts?q=${account.alias}-more`)).body).toEqual({ items: [] });
  });

  it('refuse what cannot be, with every fault at its place', async () => {
    const bad = await operate('POST /accounts', { alias: 'a', adminUserName: '', isPlatform: true });
    expect([bad.status, pointers(bad.body).toSorted()]).toEqual([400, ['/adminUserName', '/alias', '/isPlatform']]);
    const quotas = await operate(`PATCH /accounts/${account.accountId}`, { quotas: { usersQuota: 0, other: 1 } });
    expect([quotas.status, pointers(quotas.body).toSorted()]).toEqual([400, ['/quotas/other', '/quotas/usersQuota']]);
    expect((await operate(`PATCH /accounts/${account.accountId}`, { status: 'deleted' })).status).toBe(400);
    expect((await operate('GET /accounts/1234567890123456')).body).toMatchObject({ code: 'EntityNotExist.Account' });
  });
});
