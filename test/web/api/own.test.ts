import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { codeAt } from '../../support/authenticator-app.ts';
import { newUser, type TestAccount } from '../../domain/operation-harness.ts';
import { type ApiServer, type Call, callerOn, newApiAccount, openApiServer } from './api-server.ts';

let server: ApiServer;
let account: TestAccount;
let call: Call;
let asAlice: Call;
beforeAll(async () => {
  server = await openApiServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  ({ account, call } = await newApiAccount(server));
  asAlice = callerOn(server, account, await newUser(server.harness.deps.db, account.accountId, 'alice'));
});

const password = 'violet-anchor-spoons-91';
/** What proves a user who has no second factor yet. */
const givePassword = () => call('PUT /users/alice/login-profile', { password, resetRequired: false });

const allowKeys = () => call('PATCH /account/security-preferences', { allowUserToManageAccessKeys: true });

it('/me/access-keys: made with its secret, listed without, disabled, deleted', async () => {
  expect((await allowKeys()).status).toBe(200);
  const made = await asAlice('POST /me/access-keys');
  const { id, secret } = made.body['accessKey'] as { id: string; secret: string };
  expect([made.status, made.headers.get('location')]).toEqual([201, `/${account.alias}/api/v1/me/access-keys/${id}`]);
  const listed = await asAlice('GET /me/access-keys');
  expect(listed.body['items']).toMatchObject([{ id, status: 'active', lastUsedAt: null, lastUsedService: null }]);
  expect(listed.text).not.toContain(secret);
  expect((await asAlice(`GET /me/access-keys/${id}`)).body).toMatchObject({ id });
  expect((await asAlice(`PATCH /me/access-keys/${id}`, { status: 'inactive' })).body).toMatchObject({
    status: 'inactive',
  });
  expect((await call('GET /users/alice/access-keys')).body['items']).toMatchObject([{ id, status: 'inactive' }]);
  expect((await asAlice(`DELETE /me/access-keys/${id}`)).status).toBe(204);
  expect((await asAlice(`DELETE /me/access-keys/${id}`)).status).toBe(404);
});

it('/me/access-keys: closed unless the account opens it', async () => {
  for (const line of ['GET /me/access-keys', 'POST /me/access-keys'])
    expect((await asAlice(line)).body['code']).toBe('NoPermission');
  expect((await call('GET /users/alice/access-keys')).body['items']).toEqual([]);
});

it('a repeated creation does not tell the secret of a key or a seed again', async () => {
  await allowKeys();
  for (const [line, body, secretAt] of [
    ['POST /me/access-keys', undefined, '/accessKey/secret'],
    ['POST /me/mfa-devices', { name: 'Phone' }, '/secret'],
  ] as const) {
    const headers = { 'idempotency-key': `once ${line}` };
    const first = await asAlice(line, body, headers);
    const again = await asAlice(line, body, headers);
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
    expect(again.headers.get('withheld-secrets')).toContain(secretAt);
    expect(JSON.stringify(again.body)).not.toMatch(/secret|otpauth/i);
  }
});

it('/me/mfa-devices: bound by two calls, listed for everybody who may see it, removed with a proof', async () => {
  await givePassword();
  const made = await asAlice('POST /me/mfa-devices', { name: 'Phone' });
  const { id, secret, otpauthUri } = made.body as { id: string; secret: string; otpauthUri: string };
  expect(made.status).toBe(201);
  expect(otpauthUri).toContain(`alice%40${account.alias}`);
  expect((await asAlice('GET /me/mfa-devices')).body['items']).toEqual([]);
  const step = Math.floor(Date.now() / 30_000);
  const activated = await asAlice(`POST /me/mfa-devices/${id}/activation`, {
    authenticationCode1: await codeAt(secret, step - 1),
    authenticationCode2: await codeAt(secret, step),
    password,
  });
  expect(activated.status).toBe(200);
  expect(activated.body['recoveryCodes']).toHaveLength(10);
  const expected = [
    { id, type: 'totp', name: 'Phone', backedUp: null, createdAt: expect.any(String), lastUsedAt: null },
  ];
  expect((await asAlice('GET /me/mfa-devices')).body['items']).toEqual(expected);
  expect((await call('GET /users/alice/mfa-devices')).body['items']).toEqual(expected);
  const renamed = await asAlice(`PATCH /me/mfa-devices/${id}`, { name: 'Old phone' });
  expect([renamed.status, renamed.body]).toEqual([200, { ...expected[0], name: 'Old phone' }]);
  expect((await asAlice(`PATCH /users/alice/mfa-devices/${id}`, { name: 'Mine' })).status).toBe(403);
  expect((await call(`PATCH /users/alice/mfa-devices/${id}`, { name: 'Hers' })).body).toMatchObject({ name: 'Hers' });
  expect((await asAlice(`DELETE /me/mfa-devices/${id}`)).status).toBe(400);
  expect((await asAlice(`DELETE /me/mfa-devices/${id}`, { code: '000000' })).body['code']).toBe(
    'CheckAuthenticationCodeFail',
  );
  const code = await codeAt(secret, step + 1);
  expect((await asAlice(`DELETE /me/mfa-devices/${id}`, { code })).status).toBe(204);
  expect((await asAlice('GET /me/mfa-devices')).body['items']).toEqual([]);
});

it("/users/…/mfa-devices: an administrator's reset, once there is something to reset", async () => {
  await givePassword();
  expect((await call('DELETE /users/alice/mfa-devices')).body['code']).toBe('EntityNotExist.User.MFADevice');
  const { body } = await asAlice('POST /me/mfa-devices', {});
  const step = Math.floor(Date.now() / 30_000);
  const [authenticationCode1, authenticationCode2] = await Promise.all(
    [step - 1, step].map((at) => codeAt(String(body['secret']), at)),
  );
  await asAlice(`POST /me/mfa-devices/${String(body['id'])}/activation`, {
    ...{ authenticationCode1, authenticationCode2, password },
  });
  expect((await asAlice('DELETE /users/alice/mfa-devices')).status).toBe(403);
  expect((await call(`DELETE /users/alice/mfa-devices/mfa_${'x'.repeat(20)}`)).status).toBe(404);
  expect((await call('DELETE /users/alice/mfa-devices')).status).toBe(204);
  expect((await asAlice('GET /me/mfa-devices')).body['items']).toEqual([]);
});

it('/me/recovery-codes: counted, replaced with a proof, and told once', async () => {
  await givePassword();
  expect((await asAlice('GET /me/recovery-codes')).body).toEqual({ total: 0, unused: 0, createdAt: null });
  expect((await asAlice('POST /me/recovery-codes', { code: '000000' })).status).toBe(404);
  const { body } = await asAlice('POST /me/mfa-devices', {});
  const step = Math.floor(Date.now() / 30_000);
  const codeOf = (at: number) => codeAt(String(body['secret']), step + at);
  await asAlice(`POST /me/mfa-devices/${String(body['id'])}/activation`, {
    authenticationCode1: await codeOf(-1),
    authenticationCode2: await codeOf(0),
    password,
  });
  const counted = (await asAlice('GET /me/recovery-codes')).body;
  expect(counted).toEqual({ total: 10, unused: 10, createdAt: expect.any(String) });
  expect((await asAlice('POST /me/recovery-codes', {})).status).toBe(400);
  expect((await asAlice('POST /me/recovery-codes', { passkey: { response: '{}', boundTo: 'x' } })).body).toMatchObject({
    ...{ code: 'InvalidParameter', errors: [{ pointer: '/passkey' }] },
  });
  expect((await asAlice('GET /me/recovery-codes')).body).toEqual(counted);
  const headers = { 'idempotency-key': 'once' };
  const proof = { code: await codeOf(1) };
  const made = await asAlice('POST /me/recovery-codes', proof, headers);
  expect([made.status, made.body['recoveryCodes']]).toMatchObject([201, { length: 10 }]);
  const again = await asAlice('POST /me/recovery-codes', proof, headers);
  expect([again.headers.get('withheld-secrets'), again.body]).toEqual(['"/recoveryCodes"', {}]);
  expect((await asAlice('GET /me/recovery-codes')).body).toMatchObject({ total: 10, unused: 10 });
});

it('/me/sessions: nobody who came without a browser has any', async () => {
  expect((await asAlice('GET /me/sessions')).body).toEqual({ items: [] });
  expect((await asAlice('DELETE /me/sessions')).status).toBe(204);
  const refused = await asAlice(`DELETE /me/sessions/${'a'.repeat(43)}`);
  expect([refused.status, refused.body['code']]).toEqual([404, 'EntityNotExist.User.Session']);
  expect((await asAlice('DELETE /me/sessions/..%2Fx')).status).toBe(400);
});
