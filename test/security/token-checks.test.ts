import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi, type TestAccount, type TestApplication, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import {
  authorizationUrl,
  introspect,
  obtainTokens,
  postAsClient,
  refresh,
  userinfoStatus,
} from './support/code-flow.ts';
import { hasCode } from './support/logon-start.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('tokens that do not hold', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  let tokens: Awaited<ReturnType<typeof obtainTokens>>;
  let foreignIdToken: string;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    [application, user] = await Promise.all([account.createApplication(), account.createUser()]);
    tokens = await obtainTokens(account.issuer, application, user);
    const elsewhere = await server.account();
    foreignIdToken = (
      await obtainTokens(elsewhere.issuer, await elsewhere.createApplication(), await elsewhere.createUser())
    ).idToken;
  });
  afterAll(() => server.close());

  /** ID tokens made from a good one by people without the key. */
  const forgeries = (): Readonly<Record<string, string>> => {
    const [header = '', payload = '', signature = ''] = tokens.idToken.split('.');
    const head = decodeProtectedHeader(tokens.idToken);
    const claims = decodeJwt(tokens.idToken);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signed = (
      claimed: object,
      key: Parameters<typeof sign>[2] = { key: privateKey, dsaEncoding: 'ieee-p1363' },
    ): string => {
      const input = `${encode(claimed)}.${encode(claims)}`;
      return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
    };
    const hmac = (key: string): string => {
      const input = `${encode({ ...head, alg: 'HS256' })}.${payload}`;
      return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
    };
    return {
      'alg none': `${encode({ ...head, alg: 'none' })}.${payload}.`,
      'alg None': `${encode({ ...head, alg: 'None' })}.${payload}.`,
      'no signature': `${header}.${payload}.`,
      'two parts': `${header}.${payload}`,
      'four parts': `${tokens.idToken}.x`,
      'cut signature': `${header}.${payload}.${signature.slice(0, -4)}`,
      'other claims': `${header}.${encode({ ...claims, sub: '999999999999999999' })}.${signature}`,
      'zero signature': `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
      'another key': signed(head),
      'another key in the header': signed({ ...head, jwk: publicKey.export({ format: 'jwk' }) }),
      'another key by address': signed({ ...head, jku: 'http://127.0.0.1/keys', x5u: 'http://127.0.0.1/cert' }),
      'no key id': signed({ alg: 'ES256' }),
      'secret of the app as key': hmac(application.clientSecret),
      'id of the app as key': hmac(application.clientId),
      'critical header': signed({ ...head, crit: ['x'], x: 1 }),
      'another account': foreignIdToken,
      garbage: 'garbage',
      empty: '',
      encrypted: `${encode({ alg: 'dir', enc: 'A128GCM' })}..AAAA.AAAA.AAAA`,
    };
  };
  const names = [
    'alg none',
    'alg None',
    'no signature',
    'two parts',
    'four parts',
    'cut signature',
    'other claims',
    'zero signature',
    'another key',
    'another key in the header',
    'another key by address',
    'no key id',
    'secret of the app as key',
    'id of the app as key',
    'critical header',
    'another account',
    'garbage',
    'encrypted',
  ];

  it('the list of forgeries is whole, and the good token holds', async () => {
    expect(Object.keys(forgeries()).filter((name) => name !== 'empty')).toEqual(names);
    const silent = await tokens.browser.open(
      authorizationUrl(account.issuer, application.clientId, { prompt: 'none', id_token_hint: tokens.idToken }),
    );
    expect(hasCode(silent)).toBe(true);
  });

  it.each(names)('as a hint at authorize, %s is refused', async (name) => {
    const hint = forgeries()[name] ?? '';
    const answer = await tokens.browser.open(
      authorizationUrl(account.issuer, application.clientId, { prompt: 'none', id_token_hint: hint }),
    );
    expect(hasCode(answer)).toBe(false);
    expect(answer.status).toBeLessThan(500);
    expect(answer.leftFor?.searchParams.get('error')).toBe('invalid_request');
  });

  it.each(names)('as a hint at sign-out, %s leads to the question and ends nothing', async (name) => {
    const query = new URLSearchParams({ id_token_hint: forgeries()[name] ?? '' });
    const answer = await tokens.browser.open(`${account.issuer}/oauth2/logout?${query.toString()}`);
    expect([answer.status, answer.forms.length]).toEqual([200, 1]);
    expect((await tokens.browser.open(account.issuer)).html).toContain('sign-out');
  });

  it('a hint that names another user does not let this one in', async () => {
    const other = await obtainTokens(account.issuer, application, await account.createUser());
    const answer = await tokens.browser.open(
      authorizationUrl(account.issuer, application.clientId, { prompt: 'none', id_token_hint: other.idToken }),
    );
    expect([answer.leftFor?.searchParams.get('error'), hasCode(answer)]).toEqual(['login_required', false]);
  });

  it('nothing that is no access token serves as one', async () => {
    const { accessToken, idToken, refreshToken } = tokens;
    const flipped = `${accessToken.slice(0, -1)}${accessToken.endsWith('A') ? 'B' : 'A'}`;
    const candidates = [
      idToken,
      refreshToken,
      flipped,
      accessToken.slice(0, -1),
      `${accessToken}A`,
      accessToken.toLowerCase(),
      '',
      'null',
      'undefined',
      '*',
      '%',
      `${accessToken} ${accessToken}`,
    ];
    expect(await userinfoStatus(account.issuer, accessToken)).toBe(200);
    for (const candidate of candidates) {
      expect([candidate, await userinfoStatus(account.issuer, candidate)]).not.toEqual([candidate, 200]);
      expect(
        (await introspect(account.issuer, application, candidate || 'x')).body['active'] === true &&
          candidate !== refreshToken,
      ).toBe(false);
      expect((await callApi(account.issuer, candidate, 'GET /me')).status).toBe(401);
    }
  });

  it('a token for an app is none for the management API, and a key’s token none for an app', async () => {
    expect((await callApi(account.issuer, tokens.accessToken, 'GET /me')).status).toBe(401);
    const { accessKeyId: clientId, accessKeySecret: clientSecret } = account.handover;
    const { body } = await postAsClient(
      `${account.issuer}/oauth2/token`,
      { clientId, clientSecret },
      { grant_type: 'client_credentials' },
    );
    expect(await userinfoStatus(account.issuer, String(body['access_token']))).toBe(401);
  });

  it('a token in the address or in a form is not taken', async () => {
    const { accessToken } = tokens;
    expect(
      (await fetch(`${account.issuer}/oauth2/userinfo?access_token=${accessToken}`)).status,
    ).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${account.issuer}/api/v1/me?access_token=${accessToken}`)).status).toBe(401);
  });

  it('an access token does not refresh, and a refresh token is for one app’s endpoint', async () => {
    expect((await refresh(account.issuer, application, tokens.accessToken)).body['error']).toBe('invalid_grant');
    expect((await refresh(account.issuer, application, tokens.idToken)).body['error']).toBe('invalid_grant');
  });

  it('a token is introspected and revoked by its own app, by a resource server of the account, and by nobody else', async () => {
    const elsewhere = await server.account();
    const [other, resourceServer, foreign, spa] = await Promise.all([
      account.createApplication(),
      account.createApplication({ resourceServer: true }),
      elsewhere.createApplication({ resourceServer: true }),
      account.createApplication({ type: 'spa' }),
    ]);
    const { accessKeyId, accessKeySecret } = account.handover;
    const key = { clientId: accessKeyId, clientSecret: accessKeySecret };
    const fresh = await obtainTokens(account.issuer, application, user);
    expect((await introspect(account.issuer, application, fresh.accessToken)).body).toMatchObject({
      active: true,
      sub: user.userId,
    });
    expect((await introspect(account.issuer, resourceServer, fresh.accessToken)).body['active']).toBe(true);
    for (const client of [other, spa, key]) {
      const answer = await introspect(account.issuer, client, fresh.accessToken);
      expect([client.clientId, answer.body['active'] ?? false, answer.body['sub']]).toEqual([
        client.clientId,
        false,
        undefined,
      ]);
    }
    expect((await introspect(elsewhere.issuer, foreign, fresh.accessToken)).body).toEqual({ active: false });
    expect((await introspect(account.issuer, foreign, fresh.accessToken)).status).toBe(401);
    for (const client of [other, spa, key, resourceServer]) {
      await postAsClient(`${account.issuer}/oauth2/revoke`, client, { token: fresh.accessToken });
      await postAsClient(`${account.issuer}/oauth2/revoke`, client, { token: fresh.refreshToken });
    }
    expect(await userinfoStatus(account.issuer, fresh.accessToken)).toBe(200);
    await postAsClient(`${account.issuer}/oauth2/revoke`, application, { token: fresh.accessToken });
    expect(await userinfoStatus(account.issuer, fresh.accessToken)).toBe(401);
  });
});
