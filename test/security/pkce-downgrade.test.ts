import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  authorizationUrl,
  callback,
  challengeOf,
  newVerifier,
  obtainCode,
  obtainTokens,
  postAsClient,
  redeemCode,
  refresh,
} from './support/code-flow.ts';

describe('PKCE downgrade, and codes and refresh tokens of others', () => {
  let server: TestServer;
  let account: TestAccount;
  let user: TestUser;
  let web: TestApplication;
  let spa: TestApplication;
  let lifted: TestApplication;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    [user, web, spa, lifted] = await Promise.all([
      account.createUser(),
      account.createApplication(),
      account.createApplication({ type: 'spa' }),
      account.createApplication({ pkceRequired: false }),
    ]);
  });
  afterAll(() => server.close());

  const errorAtAuthorize = async (clientId: string, changes: Readonly<Record<string, string | undefined>>) => {
    const page = await createHttpBrowser().open(authorizationUrl(account.issuer, clientId, changes));
    expect(page.leftFor?.searchParams.get('code') ?? null).toBeNull();
    expect(page.forms).toEqual([]);
    return page.leftFor?.searchParams.get('error');
  };
  const tokenFields = ({ code }: { code: string }, more: Readonly<Record<string, string>> = {}) => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    ...more,
  });
  const redeemWith = (client: TestApplication, fields: Readonly<Record<string, string>>) =>
    postAsClient(`${account.issuer}/oauth2/token`, client, fields);
  const expectNoTokens = ({ status, body }: Awaited<ReturnType<typeof redeemWith>>, error = 'invalid_grant') => {
    expect([status, body['error']]).toEqual([error === 'invalid_client' ? 401 : 400, error]);
    expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual([]);
  };

  it('no challenge at all is refused of every app but one it was lifted for', async () => {
    const without = { code_challenge: undefined, code_challenge_method: undefined };
    expect(await errorAtAuthorize(web.clientId, without)).toBe('invalid_request');
    expect(await errorAtAuthorize(spa.clientId, without)).toBe('invalid_request');
    const allowed = await createHttpBrowser().open(authorizationUrl(account.issuer, lifted.clientId, without));
    expect(allowed.forms).toHaveLength(1);
  });

  it.each([
    ['plain', { code_challenge_method: 'plain' }],
    ['no method, which means plain', { code_challenge_method: undefined }],
    ['another method', { code_challenge_method: 's256' }],
    ['a method without a challenge', { code_challenge: undefined }],
    ['an empty challenge', { code_challenge: '' }],
    ['a challenge of another length', { code_challenge: 'abc' }],
  ])('%s is refused', async (_name, changes) => {
    for (const { clientId } of [web, spa, lifted]) {
      expect(await errorAtAuthorize(clientId, changes)).toBe('invalid_request');
    }
  });

  it('a challenge once sent wants its verifier, even where PKCE was lifted', async () => {
    for (const app of [web, spa, lifted]) {
      const issued = await obtainCode(account.issuer, app, user);
      expectNoTokens(await redeemWith(app, tokenFields(issued)));
      expectNoTokens(await redeemWith(app, tokenFields(issued, { code_verifier: '' })));
      expectNoTokens(await redeemWith(app, tokenFields(issued, { code_verifier: newVerifier() })));
      expectNoTokens(await redeemWith(app, tokenFields(issued, { code_verifier: challengeOf(issued.verifier) })));
    }
  });

  it('a verifier without a challenge is refused', async () => {
    const browser = createHttpBrowser();
    const page = await browser.open(
      authorizationUrl(account.issuer, lifted.clientId, {
        code_challenge: undefined,
        code_challenge_method: undefined,
      }),
    );
    const done = await browser.submit(page, { username: user.userName, password: user.password });
    const code = done.leftFor?.searchParams.get('code') ?? '';
    expect(code).not.toBe('');
    expectNoTokens(await redeemWith(lifted, tokenFields({ code }, { code_verifier: newVerifier() })));
  });

  it('PKCE cannot be lifted for an app that keeps no secret', async () => {
    for (const type of ['spa', 'native']) {
      const answer = await account.api('POST /applications', {
        displayName: 'x',
        type,
        redirectUris: ['http://127.0.0.1/cb'],
        pkceRequired: false,
      });
      expect(answer.status).toBe(400);
    }
    expect((await account.api(`PATCH /applications/${spa.clientId}`, { pkceRequired: false })).status).toBe(400);
  });

  it('a code is worth nothing to another app, another account, another address or another issuer name', async () => {
    const elsewhere = await server.account();
    const foreign = await elsewhere.createApplication();
    const other = await account.createApplication();
    const issued = await obtainCode(account.issuer, web, user);
    expectNoTokens(await redeemCode(account.issuer, other, issued));
    expectNoTokens(await redeemCode(account.issuer, spa, issued));
    expectNoTokens(await redeemCode(elsewhere.issuer, foreign, issued));
    expectNoTokens(await redeemCode(elsewhere.issuer, web, issued), 'invalid_client');
    expectNoTokens(await redeemCode(account.issuer, foreign, issued), 'invalid_client');
    expectNoTokens(await redeemCode(`${server.origin}/${account.accountId}`, web, issued));
    expectNoTokens(
      await redeemCode(account.issuer, { ...web, clientSecret: foreign.clientSecret }, issued),
      'invalid_client',
    );
    expectNoTokens(
      await redeemWith(web, {
        ...tokenFields(issued, { code_verifier: issued.verifier }),
        redirect_uri: 'https://app.example.com/other',
      }),
    );
    const anonymous = await fetch(`${account.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...tokenFields(issued, { code_verifier: issued.verifier }),
        client_id: web.clientId,
      }),
    });
    expect(anonymous.status).toBe(401);
    // And none of that has cost the app its code.
    expect((await redeemCode(account.issuer, web, issued)).status).toBe(200);
  });

  it('a refresh token is worth nothing to another app, another account or another issuer name', async () => {
    const elsewhere = await server.account();
    const foreign = await elsewhere.createApplication();
    const other = await account.createApplication();
    const { refreshToken } = await obtainTokens(account.issuer, web, user);
    expect(refreshToken).not.toBe('');
    expectNoTokens(await refresh(account.issuer, other, refreshToken));
    expectNoTokens(await refresh(account.issuer, spa, refreshToken));
    expectNoTokens(await refresh(elsewhere.issuer, foreign, refreshToken));
    expectNoTokens(await refresh(`${server.origin}/${account.accountId}`, web, refreshToken));
    const more = await redeemWith(web, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope: 'openid offline_access management:full',
    });
    expect(more.status).toBe(400);
    expect((await refresh(account.issuer, web, refreshToken)).status).toBe(200);
  });

  it('there is no password grant and no implicit one, and an access key signs nobody in', async () => {
    for (const grantType of [
      'password',
      'implicit',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'urn:ietf:params:oauth:grant-type:device_code',
    ]) {
      const answer = await redeemWith(web, {
        grant_type: grantType,
        username: user.userName,
        password: user.password,
        assertion: 'x',
      });
      expect([grantType, answer.status, answer.body['error']]).toEqual([grantType, 400, 'unsupported_grant_type']);
    }
    const { accessKeyId, accessKeySecret } = account.handover;
    const asKey = await createHttpBrowser().open(authorizationUrl(account.issuer, accessKeyId));
    expect([asKey.status, asKey.leftFor]).toEqual([400, undefined]);
    const issued = await obtainCode(account.issuer, web, user);
    expect(
      (await redeemCode(account.issuer, { clientId: accessKeyId, clientSecret: accessKeySecret }, issued)).status,
    ).toBe(400);
    const forNobody = await redeemWith(web, { grant_type: 'client_credentials' });
    expect([forNobody.status, forNobody.body['access_token']]).toEqual([400, undefined]);
  });
});
