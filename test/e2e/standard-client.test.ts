import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { callbackOf, connectRelyingParty, type RelyingParty } from '../support/relying-party.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { describeOverBothStores } from './over-both-stores.ts';

const invalidGrant = { error: 'invalid_grant', status: 400 };

describeOverBothStores('a standard client', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let app: RelyingParty;
  beforeAll(async () => {
    account = await server().account();
    user = await account.createUser({
      displayName: 'Ada Lovelace',
      email: 'ada@example.com',
      mobilePhone: '86-18600000000',
    });
    app = await connectRelyingParty(account);
  });
  afterAll(() => app.close());

  const signIn = (scope = 'openid') => app.signIn(createHttpBrowser(), user, { scope });

  it('finds an issuer whose addresses are all its own', () => {
    const metadata = app.configuration.serverMetadata();
    expect(metadata.issuer).toBe(account.issuer);
    const addresses = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri');
    expect(addresses.map(([name]) => name).sort()).toEqual([
      'authorization_endpoint',
      'end_session_endpoint',
      'introspection_endpoint',
      'jwks_uri',
      'revocation_endpoint',
      'token_endpoint',
      'userinfo_endpoint',
    ]);
    for (const [, address] of addresses) expect(address).toMatch(new RegExp(`^${account.issuer}/oauth2/[a-z]+$`));
    expect(metadata.supportsPKCE()).toBe(true);
    expect(metadata.grant_types_supported).not.toContain('implicit');
    expect(metadata.response_types_supported).toEqual(['code']);
    expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
  });

  it('gets the claims of the scopes it asked for, and no others', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { claims } = await signIn('openid profile email phone ram');
    expect(claims).toMatchObject({
      iss: account.issuer,
      aud: app.application.clientId,
      sub: user.userId,
      acr: 'urn:postern:acr:pwd',
      amr: ['pwd'],
      sid: expect.any(String) as string,
      name: 'Ada Lovelace',
      preferred_username: user.userName,
      upn: `${user.userName}@${account.alias}.localhost`,
      updated_at: expect.any(Number) as number,
      email: 'ada@example.com',
      phone_number: '+8618600000000',
      aid: account.accountId,
      uid: user.userId,
    });
    expect(claims['auth_time']).toBeGreaterThanOrEqual(before);
    expect(claims['auth_time']).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
    const bare = (await signIn()).claims;
    const personal = [
      'name',
      'preferred_username',
      'upn',
      'updated_at',
      'email',
      'phone_number',
      'aid',
      'uid',
      'groups',
    ];
    expect(Object.keys(bare).filter((name) => personal.includes(name))).toEqual([]);
    expect(bare).toMatchObject({
      sub: user.userId,
      amr: ['pwd'],
      acr: 'urn:postern:acr:pwd',
      sid: expect.any(String) as string,
    });
  });

  it('reads the same claims from userinfo', async () => {
    const { tokens } = await signIn('openid profile email');
    const info = await oidc.fetchUserInfo(app.configuration, tokens.access_token, user.userId);
    expect(info).toMatchObject({ sub: user.userId, name: 'Ada Lovelace', email: 'ada@example.com' });
    expect(info).not.toHaveProperty('phone_number');
  });

  it('a code is good once, and its second use ends what the first one brought', async () => {
    const browser = createHttpBrowser();
    const request = await app.request();
    const { course } = await signInWith(browser, request);
    const callback = callbackOf(app, course);
    const tokens = await app.redeem(request, callback);
    await expect(app.redeem(request, callback)).rejects.toMatchObject(invalidGrant);
    await expect(oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '')).rejects.toMatchObject(
      invalidGrant,
    );
    expect((await oidc.tokenIntrospection(app.configuration, tokens.access_token)).active).toBe(false);
  });

  it('a code without its verifier, or with another, brings nothing', async () => {
    for (const pkceCodeVerifier of [oidc.randomPKCECodeVerifier(), undefined]) {
      const request = await app.request();
      const { course } = await signInWith(createHttpBrowser(), request);
      const { expectedNonce, expectedState } = request.checks;
      const checks = { expectedNonce, expectedState, ...(pkceCodeVerifier === undefined ? {} : { pkceCodeVerifier }) };
      const attempt = oidc.authorizationCodeGrant(app.configuration, callbackOf(app, course), checks);
      await expect(attempt).rejects.toMatchObject(invalidGrant);
    }
  });

  it('a request without a challenge is refused at the app, with no logon', async () => {
    const { url } = await app.request();
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const page = await createHttpBrowser().open(url);
    expect(callbackOf(app, page).searchParams.get('error')).toBe('invalid_request');
    expect(callbackOf(app, page).searchParams.has('code')).toBe(false);
  });

  it('refresh tokens rotate, and a used one ends the whole family', async () => {
    const { tokens } = await signIn('openid profile');
    const second = await oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '');
    expect(second.refresh_token).toBeDefined();
    expect(second.refresh_token).not.toBe(tokens.refresh_token);
    expect(second.claims()?.sub).toBe(user.userId);
    expect(second.claims()?.['auth_time']).toBe(tokens.claims()?.['auth_time']);
    await expect(oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? '')).rejects.toMatchObject(
      invalidGrant,
    );
    await expect(oidc.refreshTokenGrant(app.configuration, second.refresh_token ?? '')).rejects.toMatchObject(
      invalidGrant,
    );
    await expect(oidc.fetchUserInfo(app.configuration, second.access_token, user.userId)).rejects.toThrow();
  });

  it('of parallel uses of one refresh token exactly one is answered with tokens', async () => {
    const { tokens } = await signIn();
    const attempts = Array.from({ length: 8 }, () =>
      oidc.refreshTokenGrant(app.configuration, tokens.refresh_token ?? ''),
    );
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject(invalidGrant);
    }
  });

  it('of parallel uses of one code exactly one is answered with tokens', async () => {
    const request = await app.request();
    const { course } = await signInWith(createHttpBrowser(), request);
    const callback = callbackOf(app, course);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => app.redeem(request, callback)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject(invalidGrant);
    }
  });

  it('introspection tells of an own token what it is, and of a revoked one nothing', async () => {
    const { tokens } = await signIn();
    const refreshToken = tokens.refresh_token ?? '';
    expect(await oidc.tokenIntrospection(app.configuration, tokens.access_token)).toMatchObject({
      active: true,
      sub: user.userId,
      client_id: app.application.clientId,
      iss: account.issuer,
    });
    await oidc.tokenRevocation(app.configuration, refreshToken);
    expect(await oidc.tokenIntrospection(app.configuration, refreshToken)).toEqual({ active: false });
    expect(await oidc.tokenIntrospection(app.configuration, tokens.access_token)).toEqual({ active: false });
    await expect(oidc.refreshTokenGrant(app.configuration, refreshToken)).rejects.toMatchObject(invalidGrant);
    expect(await oidc.tokenIntrospection(app.configuration, 'no-such-token')).toEqual({ active: false });
  });

  it("another client's token is neither told of nor revoked; a resource server is told of it", async () => {
    const { tokens } = await signIn();
    const other = await connectRelyingParty(account);
    expect(await oidc.tokenIntrospection(other.configuration, tokens.access_token)).toEqual({ active: false });
    await Promise.allSettled([oidc.tokenRevocation(other.configuration, tokens.access_token)]);
    expect((await oidc.tokenIntrospection(app.configuration, tokens.access_token)).active).toBe(true);
    await account.manage(`PATCH /applications/${other.application.clientId}`, { resourceServer: true });
    expect(await oidc.tokenIntrospection(other.configuration, tokens.access_token)).toMatchObject({
      active: true,
      sub: user.userId,
    });
    await other.close();
  });

  it('a code is good for the client it was made for only', async () => {
    const other = await connectRelyingParty(account);
    const request = await app.request();
    const { course } = await signInWith(createHttpBrowser(), request);
    await expect(other.redeem(request, callbackOf(app, course))).rejects.toMatchObject(invalidGrant);
    await other.close();
  });

  it('signs with ES256 unless the application wants RS256, under a published key each', async () => {
    const rsa = await connectRelyingParty(account, { application: { idTokenSignedResponseAlg: 'RS256' } });
    const keys = (await (await fetch(`${account.issuer}/oauth2/jwks`)).json()) as { keys: Record<string, string>[] };
    for (const [party, alg] of [
      [app, 'ES256'],
      [rsa, 'RS256'],
    ] as const) {
      const { tokens } = await party.signIn(createHttpBrowser(), user);
      const header = decodeProtectedHeader(tokens.id_token ?? '');
      expect(header.alg).toBe(alg);
      expect(keys.keys.find(({ kid }) => kid === header.kid)).toMatchObject({ alg, use: 'sig' });
    }
    for (const key of keys.keys)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
    await rsa.close();
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)('authenticates by %s', async (authentication) => {
    const party = await connectRelyingParty(account, { authentication });
    const { claims, tokens } = await party.signIn(createHttpBrowser(), user);
    expect(claims.sub).toBe(user.userId);
    expect((await oidc.refreshTokenGrant(party.configuration, tokens.refresh_token ?? '')).claims()?.sub).toBe(
      user.userId,
    );
    await party.close();
  });

  it('a public client signs in with PKCE alone', async () => {
    const party = await connectRelyingParty(account, { application: { type: 'native' } });
    expect(party.application.clientSecret).toBe('');
    expect((await party.signIn(createHttpBrowser(), user)).claims.sub).toBe(user.userId);
    await party.close();
  });

  async function signInWith(
    browser: ReturnType<typeof createHttpBrowser>,
    request: Awaited<ReturnType<RelyingParty['request']>>,
  ) {
    const first = await browser.open(request.url);
    return { course: await browser.submit(first, { username: user.userName, password: user.password }) };
  }
});
