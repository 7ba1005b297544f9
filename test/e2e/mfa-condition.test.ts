import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import type { Person } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import { accessKeyToken, callApi, type TestAccount, type TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

const policyDocument = {
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'ram:GetUser', Resource: '*', Condition: { Bool: { 'acs:MFAPresent': ['true'] } } },
  ],
};

describeOverBothStores('a policy that asks for a second factor (acs:MFAPresent)', (server) => {
  let account: TestAccount;
  let app: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    await account.manage('POST /policies', { policyName: 'with-factor', policyDocument });
    app = await connectRelyingParty(account, { application: { apiAccess: 'full' } });
  });
  afterAll(() => app.close());

  async function newReader(settings: { readonly mfaRequired?: boolean } = {}): Promise<TestUser> {
    const user = await account.createUser(settings);
    await account.manage(`PUT /users/${user.userName}/policies/custom/with-factor`);
    return user;
  }

  const resource = () => `${account.issuer}/api/v1`;
  const signIn = (person: Person) =>
    app.signIn(createHttpBrowser(), person, {
      scope: 'openid offline_access management:read management:full',
      resource: resource(),
      prompt: 'consent',
    });

  /** What a token and the one that a refresh brings may read. */
  async function outcomes(tokens: { readonly access_token: string; readonly refresh_token?: string }) {
    const read = async (token: string) => {
      const { status, body } = await callApi(account.issuer, token, `GET /users/${adminName()}`);
      return [status, body['code'] ?? body['userName']];
    };
    const first = await read(tokens.access_token);
    const refreshed = await oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '', {
      resource: resource(),
    });
    expect(refreshed.access_token).not.toBe(tokens.access_token);
    return [first, await read(refreshed.access_token)];
  }
  const adminName = () => account.handover.adminUserName;
  const refused = [403, 'NoPermission'];

  it('refuses a token of a logon with a password alone, before and after a refresh', async () => {
    const { tokens, course } = await signIn(await newReader());
    expect(course.steps).not.toContain('totp');
    expect(await outcomes(tokens)).toEqual([refused, refused]);
  });

  it('lets in a token of a logon with a code of an app, before and after a refresh', async () => {
    const reader = await newReader({ mfaRequired: true });
    const { course: binding } = await signIn(reader);
    expect(binding.steps).toContain('bind');
    const { authenticator } = binding;
    if (authenticator === undefined) throw new Error('nothing was bound');
    const { tokens, course } = await signIn({ ...reader, authenticator });
    expect(course.steps).toContain('totp');
    expect(await outcomes(tokens)).toEqual([
      [200, adminName()],
      [200, adminName()],
    ]);
  });

  it('refuses an access key of the same user, who has a factor', async () => {
    const reader = await newReader({ mfaRequired: true });
    await signIn(reader);
    const { accessKey } = (await account.manage(`POST /users/${reader.userName}/access-keys`)) as {
      accessKey: { id: string; secret: string };
    };
    const token = await accessKeyToken(account.issuer, accessKey);
    const { status, body } = await callApi(account.issuer, token, `GET /users/${adminName()}`);
    expect([status, body['code']]).toEqual(refused);
    expect((await callApi(account.issuer, token, 'GET /me')).status).toBe(200);
  });
});
