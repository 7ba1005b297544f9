import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultSecurityPreferences } from '../../../src/domain/accounts/security-preferences.ts';
import { type ApiServer, type Call, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let call: Call;
beforeAll(async () => {
  server = await openApiServer();
});
beforeEach(async () => {
  ({ call } = await newApiAccount(server));
});
afterAll(() => server.close());

const faultsOf = (body: Readonly<Record<string, unknown>>) =>
  (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`);

describe('the password policy', () => {
  const path = '/account/password-policy';

  it('is read, replaced, and changed by a merge patch', async () => {
    const read = await call(`GET ${path}`);
    expect([read.status, read.body['preset'], read.body['minimumPasswordLength']]).toEqual([200, 'nist', 8]);
    const replaced = await call(`PUT ${path}`, { preset: 'ram', maxPasswordAge: 90 });
    expect([replaced.status, replaced.body]).toMatchObject([
      200,
      { preset: null, maxPasswordAge: 90, passwordNotContainUserName: false },
    ]);
    const warned = (replaced.body['warnings'] as { field: string }[]).map(({ field }) => field);
    expect(warned).toEqual(['minimumPasswordLength', 'maxPasswordAge', 'passwordNotContainUserName']);
    const changed = await call(`PATCH ${path}`, { requireSymbols: true });
    expect(changed.body).toMatchObject({ maxPasswordAge: 90, requireSymbols: true });
    expect((await call(`GET ${path}`)).body).toEqual(changed.body);
    expect((await call(`PUT ${path}`, {})).body).toEqual(read.body);
  });

  it('tells every fault at its place in the document', async () => {
    const answer = await call(`PATCH ${path}`, { minimumPasswordLength: 4, hardExpire: 'no', more: 1 });
    expect(answer.status).toBe(400);
    expect(new Set(faultsOf(answer.body))).toEqual(
      new Set([
        '/minimumPasswordLength InvalidParameter.MinimumPasswordLength.Range',
        '/hardExpire InvalidParameter.HardExpire.Type',
        '/more InvalidParameter.UnknownField',
      ]),
    );
  });

  it('is changed only as it was read, where the client asks for that', async () => {
    const etag = (await call(`GET ${path}`)).headers.get('etag') ?? '';
    await call(`PATCH ${path}`, { requireNumbers: true }, { 'if-match': etag });
    const late = await call(`PATCH ${path}`, { requireNumbers: false }, { 'if-match': etag });
    expect(late.status).toBe(412);
    expect((await call(`GET ${path}`)).body['requireNumbers']).toBe(true);
  });

  it('is told in the login profile as the time when a password expires', async () => {
    await call('POST /users', { userName: 'alice', displayName: 'A', consoleLogon: {} });
    expect((await call('GET /users/alice/login-profile')).body['passwordExpiresAt']).toBeNull();
    await call(`PATCH ${path}`, { maxPasswordAge: 1 });
    const { passwordSetAt, passwordExpiresAt } = (await call('GET /users/alice/login-profile')).body;
    expect(Date.parse(passwordExpiresAt as string) - Date.parse(passwordSetAt as string)).toBe(86_400_000);
  });
});

describe('the security preferences', () => {
  const path = '/account/security-preferences';

  it('are read, and changed by a merge patch', async () => {
    const read = await call(`GET ${path}`);
    expect([read.status, read.body]).toEqual([200, defaultSecurityPreferences]);
    const changes = { loginNetworkMasks: ['192.0.2.0/24'], mfaOperationForLogin: 'mandatory', loginSessionDuration: 8 };
    const changed = await call(`PATCH ${path}`, changes);
    expect([changed.status, changed.body]).toEqual([200, { ...defaultSecurityPreferences, ...changes }]);
    expect((await call(`GET ${path}`)).body).toEqual(changed.body);
  });

  it('tell every fault at its place in the document', async () => {
    const answer = await call(`PATCH ${path}`, { loginNetworkMasks: ['10.0.0.0/8', 'here'], loginSessionDuration: 99 });
    expect(answer.status).toBe(400);
    expect(faultsOf(answer.body).map((fault) => fault.split(' ')[0])).toEqual(
      expect.arrayContaining(['/loginNetworkMasks/1', '/loginSessionDuration']),
    );
    expect((await call(`GET ${path}`)).body).toEqual(defaultSecurityPreferences);
  });
});

it('users come with hashes of another system, and a bad one is pointed at', async () => {
  const good = `$2b$10$${'C'.repeat(53)}`;
  const users = [good, 'plain text', '$1$abc$def'].map((passwordHash, at) => ({
    ...{ userName: `user-${at}`, displayName: 'U', consoleLogon: { passwordHash } },
  }));
  const refused = await call('POST /users', users);
  expect(refused.status).toBe(400);
  expect(faultsOf(refused.body)).toEqual([
    '/1/consoleLogon/passwordHash InvalidParameter.PasswordHash.Format',
    '/2/consoleLogon/passwordHash InvalidParameter.PasswordHash.Format',
  ]);
  expect(refused.text).not.toContain('plain text');
  expect((await call('GET /users/user-0')).status).toBe(404);
  const taken = await call('POST /users', users.slice(0, 1));
  expect(taken.status).toBe(201);
  expect(taken.text).not.toContain(good);
  expect((await call('GET /users/user-0/login-profile')).body).toMatchObject({
    resetRequired: false,
    initialPasswordExpiresAt: null,
  });
});
