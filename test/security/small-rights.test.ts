import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKeys } from '../../src/storage/db/schema/access-keys.ts';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { walkThroughLogon } from '../support/logon-driver.ts';
import { accessKeyToken, callApi, newPassword, type TestAccount, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type AddressParts, isOwn, requestTo } from './support/api-requests.ts';
import { digestOf } from './support/database-digest.ts';
import { plantThings } from './support/planted-things.ts';
import { authorizationUrl, callback, challengeOf, newVerifier, postAsClient } from './support/code-flow.ts';

const foreignRoutes = routes.filter((route) => !isOwn(route));
const changes = foreignRoutes.filter(({ operation }) => operation.effect === 'change');
/** Reading reaches all but the platform. */
const mayRead = ({ operation: { effect, action } }: Route): boolean =>
  effect === 'read' && !action.startsWith('postern:');
const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;

describe('privilege by small rights', () => {
  let server: TestServer;
  let account: TestAccount;
  let target: TestUser;
  let parts: AddressParts;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account(undefined, { isPlatform: true });
    target = await account.createUser();
    parts = await plantThings(account, target, (await account.createApplication()).clientId);
  });
  afterAll(() => server.close());

  /** A user with these policies, and a token of theirs. */
  const newCaller = async (...policyNames: string[]) => {
    const user = await account.createUser();
    for (const policyName of policyNames)
      await account.manage(`PUT /users/${user.userName}/policies/system/${policyName}`);
    const { accessKey } = (await account.manage(`POST /users/${user.userName}/access-keys`)) as {
      accessKey: { id: string; secret: string };
    };
    return { user, token: await accessKeyToken(account.issuer, accessKey) };
  };

  /** All that a change could have touched, as it stands. When a key was last used is noted though nothing changes. */
  const everything = async () => {
    const { db } = server.backend;
    const { access_keys: _noted, ...tables } = await digestOf(db, account.accountId);
    const keys = await db.select().from(accessKeys).orderBy(accessKeys.accessKeyId);
    return { ...tables, keys: keys.map(({ lastUsedAt: _at, lastUsedService: _by, ...key }) => key) };
  };
  const refusalsOf = (userId: string) =>
    server.backend.db.select().from(auditEvents).where(eq(auditEvents.actorUserId, userId));

  it('a user without policies may do nothing but what is their own, and every attempt is noted', async () => {
    const { user, token } = await newCaller();
    const before = await everything();
    for (const route of foreignRoutes) {
      const [line, body] = requestTo(route, parts);
      const answer = await callApi(account.issuer, token, line, body);
      expect([nameOf(route), answer.status, answer.body['code']]).toEqual([nameOf(route), 403, 'NoPermission']);
    }
    expect(await everything()).toEqual(before);
    const events = await refusalsOf(user.userId);
    expect(events.length).toBeGreaterThanOrEqual(foreignRoutes.length);
    expect(events.every(({ outcome }) => outcome === 'refused')).toBe(true);
    expect((await callApi(account.issuer, token, 'GET /me')).body['userName']).toBe(user.userName);
  });

  it('what does not exist is refused like what does, to whoever may see neither', async () => {
    const { token } = await newCaller();
    const absent: AddressParts = {
      userName: 'nobody',
      userId: '999999999999999999',
      accessKeyId: `PSTK${'0'.repeat(20)}`,
      clientId: `app_${'0'.repeat(20)}`,
      secretId: `sec_${'0'.repeat(20)}`,
      groupName: 'nobody',
      policyName: 'nothing',
      versionId: 'v9',
    };
    for (const route of foreignRoutes) {
      const [line, body] = requestTo(route, absent);
      const answer = await callApi(account.issuer, token, line, body);
      expect([nameOf(route), answer.status, answer.body['code']]).toEqual([nameOf(route), 403, 'NoPermission']);
    }
  });

  it('who may read may change nothing', async () => {
    const { token } = await newCaller('AliyunRAMReadOnlyAccess');
    const before = await everything();
    for (const route of foreignRoutes) {
      const [line, body] = requestTo(route, parts);
      const { status } = await callApi(account.issuer, token, line, body);
      expect([nameOf(route), status]).toEqual([nameOf(route), mayRead(route) ? 200 : 403]);
    }
    expect(await everything()).toEqual(before);
  });

  it('a token that an app may only read with changes nothing, though its user is an administrator', async () => {
    const administrator = await account.createUser();
    await account.manage(`PUT /users/${administrator.userName}/policies/system/AdministratorAccess`);
    const reader = await account.createApplication({ apiAccess: 'read' });
    const resource = `${account.issuer}/api/v1`;
    const verifier = newVerifier();
    const browser = createHttpBrowser();
    const parameters = {
      scope: 'openid management:read management:full',
      resource,
      code_challenge: challengeOf(verifier),
    };
    const { page } = await walkThroughLogon(
      browser,
      await browser.open(authorizationUrl(account.issuer, reader.clientId, parameters)),
      administrator,
    );
    const { body } = await postAsClient(`${account.issuer}/oauth2/token`, reader, {
      ...{ grant_type: 'authorization_code', code: page.leftFor?.searchParams.get('code') ?? '' },
      ...{ code_verifier: verifier, redirect_uri: callback, resource },
    });
    const token = String(body['access_token']);
    expect((await callApi(account.issuer, token, 'GET /users')).status).toBe(200);
    const before = await everything();
    const own = { oldPassword: administrator.password, newPassword: newPassword() };
    for (const [line, sent] of [
      ...changes.map((route) => requestTo(route, parts)),
      ['POST /me/password', own] as const,
    ]) {
      const answer = await callApi(account.issuer, token, line, sent);
      expect([line, answer.status, answer.body['code']]).toEqual([line, 403, 'NoPermission']);
    }
    expect(await everything()).toEqual(before);
  });

  it('an app without API access gets no token for the management API', async () => {
    const plain = await account.createApplication();
    for (const resource of [
      `${account.issuer}/api/v1`,
      `${server.origin}/${account.accountId}/api/v1`,
      server.origin,
      'https://evil.example/',
    ]) {
      const browser = createHttpBrowser();
      const page = await browser.open(
        authorizationUrl(account.issuer, plain.clientId, { resource, scope: 'openid management:full' }),
      );
      expect(page.leftFor?.searchParams.get('error')).toBe('invalid_target');
      expect(page.forms).toEqual([]);
    }
  });

  it('an administrator of the account does not become one of the platform', async () => {
    const { token } = await newCaller('AdministratorAccess');
    const before = await everything();
    const attach = await callApi(
      account.issuer,
      token,
      `PUT /users/${target.userName}/policies/system/PlatformAdministratorAccess`,
    );
    expect(attach.status).toBe(403);
    // Nor through the credentials of one.
    const password = newPassword();
    for (const [line, body] of [
      ['PUT /users/admin/login-profile', { password, resetRequired: false }],
      ['PUT /users/admin/login-profile', { generatePassword: true }],
      ['POST /users/admin/access-keys', undefined],
    ] as const) {
      expect([line, (await callApi(account.issuer, token, line, body)).status]).toEqual([line, 403]);
    }
    expect(await everything()).toEqual(before);
  });

  it.each([
    [
      'PATCH /users/:userName',
      [
        'userId',
        'accountId',
        'createdAt',
        'updatedAt',
        'lastLogonAt',
        'logonName',
        'epoch',
        'revision',
        'userNameKey',
        'passwordHash',
        'policies',
        'isAdmin',
        '__proto__',
        'constructor',
        'mfaRequired',
      ],
    ],
    [
      'PUT /users/:userName/login-profile',
      [
        'userId',
        'accountId',
        'passwordHash',
        'passwordSetAt',
        'initialPasswordExpiresAt',
        'userName',
        'updatedAt',
        'hasMfa',
      ],
    ],
    [
      'PATCH /applications/:clientId',
      ['clientId', 'accountId', 'type', 'createdAt', 'epoch', 'revision', 'secretHash', 'clientSecret', 'secrets'],
    ],
    [
      'PATCH /users/:userName/access-keys/:accessKeyId',
      ['id', 'secret', 'secretSealed', 'userId', 'accountId', 'expiresAt', 'name'],
    ],
    ['POST /users', ['userId', 'accountId', 'status', 'createdAt', 'policies', 'epoch', 'logonName', 'emailVerified']],
    [
      'POST /applications',
      [
        'clientId',
        'accountId',
        'clientSecret',
        'epoch',
        'createdAt',
        'grantTypes',
        'responseTypes',
        'jwksUri',
        'logoUri',
      ],
    ],
  ])('%s takes no field that is not for callers to set', async (name, fields) => {
    const route = routes.find((one) => nameOf(one) === name);
    if (route === undefined) throw new Error(`no ${name}`);
    const [line, good] = requestTo(route, parts);
    const before = await everything();
    for (const field of fields) {
      // A literal, for `__proto__` as a key of an object is something else.
      const body = JSON.parse(`{${JSON.stringify(field)}:"x",${JSON.stringify(good).slice(1)}`) as unknown;
      const answer = await account.api(line, body);
      expect([field, answer.status]).toEqual([field, 400]);
    }
    expect(await everything()).toEqual(before);
  });

  it('a user without policies signs in and is told whom to ask, with nothing refused', async () => {
    const user = await account.createUser();
    const browser = createHttpBrowser();
    const { page } = await walkThroughLogon(browser, await browser.open(account.issuer), user);
    expect(page.status).toBe(200);
    expect(page.html).toContain('ask an administrator');
  });
});
