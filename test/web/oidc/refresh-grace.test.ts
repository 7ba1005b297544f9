import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeOverBothStores } from '../../e2e/over-both-stores.ts';
import { entriesOf, letTimePass } from '../../support/passing-time.ts';
import type { TestAccount, TestApplication, TestUser } from '../../support/test-account.ts';
import {
  introspect,
  type JsonAnswer,
  obtainTokens,
  postAsClient,
  refresh,
  userinfoStatus,
} from '../../security/support/code-flow.ts';
import { readableIn } from '../../security/support/store-dump.ts';
import { artefactKey } from '../../../src/web/oidc/artefact-store.ts';

type Tokens = Readonly<Record<string, string>>;

describeOverBothStores('a refresh token used again within its grace', (server) => {
  let account: TestAccount;
  let user: TestUser;
  let application: TestApplication;
  let old: string;
  beforeAll(async () => {
    account = await server().account();
  });
  beforeEach(async () => {
    user = await account.createUser();
    application = await account.createApplication({ refreshTokenGraceSeconds: 30 });
    ({ refreshToken: old } = await obtainTokens(account.issuer, application, user));
  });

  const use = (token: string): Promise<JsonAnswer> => refresh(account.issuer, application, token);
  const tokensOf = ({ status, body }: JsonAnswer): Tokens => {
    expect([status, body['error']]).toEqual([200, undefined]);
    return body as Tokens;
  };
  const answerKey = () => artefactKey({ issuerName: account.alias }, 'RefreshAnswer', old);
  const pass = (seconds: number) => letTimePass(server(), account.alias, seconds);
  const expectRefused = ({ status, body }: JsonAnswer): void => {
    expect([status, body['error']]).toEqual([400, 'invalid_grant']);
    expect(Object.keys(body).filter((name) => name.endsWith('_token'))).toEqual([]);
  };
  const expectFamilyDead = async ({ access_token: access = '', refresh_token: successor = '' }: Tokens) => {
    expectRefused(await use(successor));
    expect(await userinfoStatus(account.issuer, access)).toBe(401);
  };
  const expectFamilyAlive = async ({ access_token: access = '', refresh_token: successor = '' }: Tokens) => {
    expect(await userinfoStatus(account.issuer, access)).toBe(200);
    tokensOf(await use(successor));
  };

  it('is answered with the very tokens of its first use, which go on working', async () => {
    const first = tokensOf(await use(old));
    const stored = (await entriesOf(server(), account.alias)).length;
    const again = [tokensOf(await use(old)), tokensOf(await use(old))];
    for (const { expires_in: expiresIn, ...tokens } of again) {
      expect({ ...tokens, expires_in: first['expires_in'] }).toEqual(first);
      expect(Number(expiresIn)).toBeLessThanOrEqual(Number(first['expires_in']));
      expect(Number(expiresIn)).toBeGreaterThan(Number(first['expires_in']) - 30);
    }
    expect(Object.keys(first)).toEqual(expect.arrayContaining(['access_token', 'refresh_token', 'id_token']));
    // Nothing was made for the later ones.
    expect(await entriesOf(server(), account.alias)).toHaveLength(stored);
    await expectFamilyAlive(first);
  });

  it('tells how long its access token lasts from now on', async () => {
    const first = tokensOf(await use(old));
    const { ephemeral } = server().backend;
    const before = Math.floor(Date.now() / 1000);
    expect(await ephemeral.get(answerKey())).toBeDefined();
    const clock = Date.now;
    Date.now = () => clock() + 20_000;
    try {
      const later = tokensOf(await use(old));
      const age = Math.floor(Date.now() / 1000) - before;
      expect(Number(first['expires_in']) - Number(later['expires_in'])).toBeGreaterThanOrEqual(20);
      expect(Number(first['expires_in']) - Number(later['expires_in'])).toBeLessThanOrEqual(age + 1);
    } finally {
      Date.now = clock;
    }
  });

  it('is theft once the grace is over by the store’s clock: it ends the family', async () => {
    const first = tokensOf(await use(old));
    const [kept] = (await entriesOf(server(), account.alias)).filter(({ key }) => key === answerKey());
    expect(kept?.leftMs).toBeLessThanOrEqual(30_000);
    expect(kept?.leftMs).toBeGreaterThan(20_000);
    await pass(30);
    expectRefused(await use(old));
    await expectFamilyDead(first);
  });

  it('is answered so also where its successor was used already', async () => {
    const first = tokensOf(await use(old));
    const second = tokensOf(await use(first['refresh_token'] ?? ''));
    expect(second['refresh_token']).not.toBe(first['refresh_token']);
    expect(tokensOf(await use(old))['refresh_token']).toBe(first['refresh_token']);
    await expectFamilyAlive(second);
  });

  it('is theft at once where the application has no grace, or has none any more', async () => {
    const first = tokensOf(await use(old));
    await account.manage(`PATCH /applications/${application.clientId}`, { refreshTokenGraceSeconds: 0 });
    expectRefused(await use(old));
    await expectFamilyDead(first);
  });

  it('keeps nothing that could be used by who reads the store', async () => {
    const first = tokensOf(await use(old));
    const text = (await entriesOf(server(), account.alias)).map(({ key, value }) => `${key}\t${value}`).join('\n');
    expect(text).toContain(answerKey());
    expect(
      readableIn(text, new Map([...Object.entries(first).filter(([name]) => name.endsWith('_token')), ['old', old]])),
    ).toEqual([]);
  });

  it('is used all the same for whoever looks into it', async () => {
    tokensOf(await use(old));
    expect((await introspect(account.issuer, application, old)).body).toEqual({ active: false });
  });

  describe('is refused as ever', () => {
    let first: Tokens;
    beforeEach(async () => {
      first = tokensOf(await use(old));
    });

    it('to another client, and to one that does not prove who it is; the family lives', async () => {
      const other = await account.createApplication({ refreshTokenGraceSeconds: 30 });
      expectRefused(await refresh(account.issuer, other, old));
      const unproved = await refresh(account.issuer, { ...application, clientSecret: 'wrong' }, old);
      expect([unproved.status, unproved.body['error']]).toEqual([401, 'invalid_client']);
      await expectFamilyAlive(first);
    });

    it('once its grant was revoked', async () => {
      const revoked = await postAsClient(`${account.issuer}/oauth2/revoke`, application, {
        token: first['refresh_token'] ?? '',
      });
      expect(revoked.status).toBe(200);
      expectRefused(await use(old));
    });

    it('once it was revoked itself', async () => {
      expect((await postAsClient(`${account.issuer}/oauth2/revoke`, application, { token: old })).status).toBe(200);
      expectRefused(await use(old));
      await expectFamilyDead(first);
    });

    it('once its session was ended', async () => {
      expect((await account.api(`DELETE /users/${user.userName}/sessions`)).status).toBe(204);
      expectRefused(await use(old));
    });

    it('once its user was frozen', async () => {
      await account.manage(`PATCH /users/${user.userName}`, { status: 'frozen' });
      expectRefused(await use(old));
    });

    it('once what was issued to its application has ended', async () => {
      await account.manage(`PATCH /applications/${application.clientId}`, { requiredAcr: 'urn:postern:acr:mfa' });
      expectRefused(await use(old));
    });

    it('once its application is gone', async () => {
      await account.manage(`DELETE /applications/${application.clientId}`);
      expect((await use(old)).body['error']).toBe('invalid_client');
    });
  });

  describe('where the first use is not done', () => {
    const retryable = ({ status, body, headers }: JsonAnswer) => [status, body['error'], headers.get('retry-after')];

    it('waits for its answer', async () => {
      const { ephemeral } = server().backend;
      const first = tokensOf(await use(old));
      const kept = (await ephemeral.get(answerKey())) ?? '';
      await ephemeral.set(answerKey(), 'under way', 30);
      const looks = vi.spyOn(ephemeral, 'get');
      const again = use(old);
      await expect.poll(() => looks.mock.calls.filter(([key]) => key === answerKey()).length).toBeGreaterThan(1);
      await ephemeral.set(answerKey(), kept, 30);
      expect(tokensOf(await again)['refresh_token']).toBe(first['refresh_token']);
      looks.mockRestore();
    });

    it('is told to come again where none comes, and nothing is lost by that', async () => {
      const { ephemeral } = server().backend;
      await ephemeral.set(answerKey(), 'under way', 30);
      expect(retryable(await use(old))).toEqual([503, 'temporarily_unavailable', '1']);
      await ephemeral.delete(answerKey());
      await expectFamilyAlive(tokensOf(await use(old)));
    });

    it('a use that failed is none to share: the next is theft', async () => {
      const failed = await postAsClient(`${account.issuer}/oauth2/token`, application, {
        grant_type: 'refresh_token',
        refresh_token: old,
        resource: 'https://elsewhere.example.com/',
      });
      expect([failed.status, failed.body['error']]).toEqual([400, 'invalid_target']);
      expect(await server().backend.ephemeral.get(answerKey())).toBeUndefined();
      expectRefused(await use(old));
    });
  });

  it('asked for another scope gets no answer made for that of the first, and ends nothing', async () => {
    const first = tokensOf(await use(old));
    const other = await postAsClient(`${account.issuer}/oauth2/token`, application, {
      grant_type: 'refresh_token',
      refresh_token: old,
      scope: 'openid',
    });
    expect([other.status, other.body['error'], other.body['access_token']]).toEqual([
      503,
      'temporarily_unavailable',
      undefined,
    ]);
    await expectFamilyAlive(first);
  });
});

describeOverBothStores('the grace of refresh tokens by the type of application', (server) => {
  let account: TestAccount;
  beforeAll(async () => {
    account = await server().account();
  });

  it.each([
    ['native', 200],
    ['spa', 200],
    ['web', 400],
  ])('%s: the second use is answered with %i', async (type, status) => {
    const application = await account.createApplication({ type });
    const { refreshToken } = await obtainTokens(account.issuer, application, await account.createUser());
    expect((await refresh(account.issuer, application, refreshToken)).status).toBe(200);
    expect((await refresh(account.issuer, application, refreshToken)).status).toBe(status);
  });
});
