import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  introspect,
  obtainCode,
  obtainTokens,
  postAsClient,
  redeemCode,
  refresh,
  userinfoStatus,
} from './support/code-flow.ts';

/** What one client was given is worth nothing in the hands of another (ZITADEL CVE-2026-55672). */
describe('codes and tokens of another client', () => {
  let server: TestServer;
  let account: TestAccount;
  let owner: TestApplication;
  let thief: TestApplication;
  let publicThief: TestApplication;
  let stranger: { readonly account: TestAccount; readonly application: TestApplication };
  let user: TestUser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    [owner, thief] = [await account.createApplication(), await account.createApplication()];
    publicThief = await account.createApplication({ type: 'spa' });
    const elsewhere = await server.account();
    stranger = { account: elsewhere, application: await elsewhere.createApplication() };
    user = await account.createUser();
  });
  afterAll(() => server.close());

  const thieves = () => [
    { what: 'another client', issuer: account.issuer, client: thief },
    { what: 'a public client', issuer: account.issuer, client: publicThief },
    { what: 'a client of another account, there', issuer: stranger.account.issuer, client: stranger.application },
    { what: 'a client of another account, here', issuer: account.issuer, client: stranger.application },
    { what: 'the owner without its secret', issuer: account.issuer, client: { ...owner, clientSecret: '' } },
    {
      what: 'the owner with a wrong secret',
      issuer: account.issuer,
      client: { ...owner, clientSecret: 'x'.repeat(43) },
    },
  ];

  it('a code is redeemed by its own client alone', async () => {
    for (const { what, issuer, client } of thieves()) {
      const issued = await obtainCode(account.issuer, owner, user);
      const { status, body } = await redeemCode(issuer, client, issued);
      expect([what, status >= 400, 'access_token' in body]).toEqual([what, true, false]);
    }
    expect((await redeemCode(account.issuer, owner, await obtainCode(account.issuer, owner, user))).status).toBe(200);
  });

  it('a refresh token is used by its own client alone, and a failed theft takes nothing from its owner', async () => {
    const { refreshToken } = await obtainTokens(account.issuer, owner, user);
    for (const { what, issuer, client } of thieves()) {
      const { status, body } = await refresh(issuer, client, refreshToken);
      expect([what, status >= 400, 'access_token' in body]).toEqual([what, true, false]);
    }
    expect((await refresh(account.issuer, owner, refreshToken)).status).toBe(200);
  });

  it('a token is neither looked into nor revoked by others', async () => {
    const { accessToken } = await obtainTokens(account.issuer, owner, user);
    for (const { what, issuer, client } of thieves()) {
      const seen = await introspect(issuer, client, accessToken);
      expect([what, seen.body['active'] ?? false]).toEqual([what, false]);
      await postAsClient(`${issuer}/oauth2/revoke`, client, { token: accessToken });
    }
    expect(await userinfoStatus(account.issuer, accessToken)).toBe(200);
    expect(await userinfoStatus(stranger.account.issuer, accessToken)).toBe(401);
  });
});
