import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { accessKeys } from '../../src/storage/db/schema/access-keys.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import {
  accessKeyToken,
  callApi,
  requestAccessKeyToken,
  type TestAccount,
  type TestApplication,
  type TestUser,
} from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type AddressParts, requestTo } from './support/api-requests.ts';
import { digestOf } from './support/database-digest.ts';
import { plantThings } from './support/planted-things.ts';
import { introspect, obtainTokens, postAsClient, refresh, userinfoStatus } from './support/code-flow.ts';

interface Tenant {
  readonly account: TestAccount;
  readonly application: TestApplication;
  readonly user: TestUser;
  readonly parts: AddressParts;
  /** Of the administrator's access key. */
  readonly token: string;
}

/** Whoever does not run the deployment is refused before anything is looked up. */
const ofPlatform = ({ operation }: Route): boolean => operation.action.startsWith('postern:');

describe('what belongs to one account, asked for by another', () => {
  let server: TestServer;
  let ours: Tenant;
  let theirs: Tenant;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    [ours, theirs] = [await newTenant(), await newTenant()];
  });
  afterAll(() => server.close());

  const newTenant = async (): Promise<Tenant> => {
    const account = await server.account();
    const [application, user] = [await account.createApplication({ resourceServer: true }), await account.createUser()];
    const parts = await plantThings(account, user, application.clientId);
    return { account, application, user, parts, token: await accessKeyToken(account.issuer, bootstrapKey(account)) };
  };
  const bootstrapKey = ({ handover }: TestAccount) => ({ id: handover.accessKeyId, secret: handover.accessKeySecret });

  /** All rows of an account, as they stand. When a key was last used is noted though nothing changes. */
  const rowsOf = async ({ account: { accountId } }: Tenant) => {
    const { db } = server.backend;
    const { access_keys: _noted, ...tables } = await digestOf(db, accountId);
    const keys = await db.select().from(accessKeys).where(eq(accessKeys.accountId, accountId));
    return { ...tables, keys: keys.map(({ lastUsedAt: _at, lastUsedService: _by, ...key }) => key) };
  };

  it('no id of theirs is anything under our own address, whatever is asked of it', async () => {
    const before = await rowsOf(theirs);
    for (const route of routes.filter(({ path }) => path.includes(':'))) {
      const [line, body] = requestTo(route, theirs.parts);
      const answer = await callApi(ours.account.issuer, ours.token, line, body);
      expect([line, answer.status]).toEqual([line, ofPlatform(route) ? 403 : 404]);
      expect(JSON.stringify(answer.body)).not.toContain(theirs.account.accountId);
    }
    // Ids of theirs beside ids of ours.
    const mixed: readonly [string, unknown?][] = [
      [`PATCH /users/${ours.user.userName}/access-keys/${theirs.parts.accessKeyId}`, { status: 'inactive' }],
      [`DELETE /users/${ours.user.userName}/access-keys/${theirs.parts.accessKeyId}`],
      [`GET /users/${ours.user.userName}/access-keys/${theirs.parts.accessKeyId}`],
      [`DELETE /applications/${ours.parts.clientId}/secrets/${theirs.parts.secretId}`],
    ];
    for (const [line, body] of mixed)
      expect([line, (await callApi(ours.account.issuer, ours.token, line, body)).status]).toEqual([line, 404]);
    expect(
      (await callApi(ours.account.issuer, ours.token, `DELETE /users/${theirs.user.userName}?cascade=true`)).status,
    ).toBe(204);
    expect(await rowsOf(theirs)).toEqual(before);
  });

  it('our token is nothing at their address, nor theirs at ours', async () => {
    const before = await rowsOf(theirs);
    for (const route of routes) {
      const [line, body] = requestTo(route, theirs.parts);
      expect([line, (await callApi(theirs.account.issuer, ours.token, line, body)).status]).toEqual([line, 401]);
    }
    expect(await rowsOf(theirs)).toEqual(before);
    expect((await callApi(ours.account.issuer, theirs.token, 'GET /me')).status).toBe(401);
  });

  it('lists show what is ours alone, and a place in their list is none in ours', async () => {
    for (const list of ['/users', '/applications']) {
      const { body } = await callApi(ours.account.issuer, ours.token, `GET ${list}?limit=1000`);
      expect(JSON.stringify(body)).toContain(list === '/users' ? ours.user.userId : ours.parts.clientId);
      expect(JSON.stringify(body)).not.toContain(list === '/users' ? theirs.user.userId : theirs.parts.clientId);
      const page = await callApi(theirs.account.issuer, theirs.token, `GET ${list}?limit=1`);
      const { nextCursor: cursor } = page.body as { nextCursor?: string };
      if (cursor === undefined) continue;
      const mutated = [
        cursor,
        `${cursor.slice(0, -1)}A`,
        cursor.slice(0, 20),
        `${cursor}'--`,
        Buffer.from(cursor).toString('base64'),
      ];
      for (const one of mutated) {
        const answer = await callApi(ours.account.issuer, ours.token, `GET ${list}?cursor=${encodeURIComponent(one)}`);
        expect([list, answer.status]).toEqual([list, 400]);
      }
    }
  });

  it('our keys and clients are nobody at their address', async () => {
    expect((await requestAccessKeyToken(theirs.account.issuer, bootstrapKey(ours.account))).status).toBe(401);
    expect(
      (await requestAccessKeyToken(`${server.origin}/${theirs.account.accountId}`, bootstrapKey(ours.account))).status,
    ).toBe(401);
    const answer = await postAsClient(`${theirs.account.issuer}/oauth2/token`, ours.application, {
      grant_type: 'client_credentials',
    });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    const crossed = { clientId: theirs.application.clientId, clientSecret: ours.application.clientSecret };
    expect((await introspect(theirs.account.issuer, crossed, 'x')).status).toBe(401);
  });

  it('their tokens are unknown at our userinfo, introspection, revocation and token endpoints', async () => {
    const tokens = await obtainTokens(theirs.account.issuer, theirs.application, theirs.user);
    expect(await userinfoStatus(ours.account.issuer, tokens.accessToken)).toBe(401);
    for (const token of [tokens.accessToken, tokens.refreshToken, theirs.token]) {
      expect((await introspect(ours.account.issuer, ours.application, token)).body).toEqual({ active: false });
      await postAsClient(`${ours.account.issuer}/oauth2/revoke`, ours.application, { token });
    }
    expect((await refresh(ours.account.issuer, ours.application, tokens.refreshToken)).body['error']).toBe(
      'invalid_grant',
    );
    expect(await userinfoStatus(theirs.account.issuer, tokens.accessToken)).toBe(200);
    expect((await callApi(theirs.account.issuer, theirs.token, 'GET /me')).status).toBe(200);
  });

  it('signing keys of theirs verify nothing of ours', async () => {
    const { idToken } = await obtainTokens(ours.account.issuer, ours.application, ours.user);
    const keysOf = (issuer: string) => createRemoteJWKSet(new URL(`${issuer}/oauth2/jwks`));
    await expect(jwtVerify(idToken, keysOf(ours.account.issuer))).resolves.toBeTruthy();
    await expect(jwtVerify(idToken, keysOf(theirs.account.issuer))).rejects.toThrow();
    const kidsOf = async (issuer: string) => {
      const { keys } = (await (await fetch(`${issuer}/oauth2/jwks`)).json()) as { keys: Record<string, unknown>[] };
      for (const key of keys)
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
      return keys.map(({ kid }) => kid);
    };
    const [mine, others] = [await kidsOf(ours.account.issuer), await kidsOf(theirs.account.issuer)];
    expect(mine).toContain(decodeProtectedHeader(idToken).kid);
    expect(mine.filter((kid) => others.includes(kid))).toEqual([]);
  });
});
