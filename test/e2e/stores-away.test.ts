import * as oidc from 'openid-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { logOnToPortal } from '../support/logon-driver.ts';
import { connectRelyingParty, type RelyingParty, type SignedIn } from '../support/relying-party.ts';
import { callApi, type TestAccount, type TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import type { ThrowawayServer } from '../support/throwaway-process.ts';
import { describeWithPostgresAndRedis } from './over-both-stores.ts';

describeWithPostgresAndRedis(
  'a store out of reach',
  () => {
    let server: TestServer;
    let account: TestAccount;
    let user: TestUser;
    let app: RelyingParty;
    let browser: HttpBrowser;
    let signedIn: SignedIn;
    const uncaught: unknown[] = [];
    const collect = (error: unknown) => uncaught.push(error);
    beforeAll(async () => {
      server = await startTestServer({ stores: 'postgres-redis', forOutage: true });
      account = await server.account();
      user = await account.createUser();
      app = await connectRelyingParty(account);
      browser = createHttpBrowser();
      signedIn = await app.signIn(browser, user);
      process.on('uncaughtExceptionMonitor', collect);
    });
    afterEach(() => expect(uncaught).toEqual([]));
    afterAll(async () => {
      process.off('uncaughtExceptionMonitor', collect);
      await app.close();
      await server.close();
    });

    const storeOf = (name: 'postgres' | 'redis'): ThrowawayServer => {
      const store = server.stores[name];
      if (store === undefined) throw new Error(`no ${name}`);
      return store;
    };
    const away = {
      paused: (store: ThrowawayServer) => Promise.resolve(store.pause()),
      killed: (store: ThrowawayServer) => store.kill(),
    };
    const back = {
      paused: (store: ThrowawayServer) => Promise.resolve(store.resume()),
      killed: (store: ThrowawayServer) => store.restart(),
    };

    it.each([
      ['postgres', 'killed'],
      ['postgres', 'paused'],
      ['redis', 'killed'],
      ['redis', 'paused'],
    ] as const)(
      '%s %s: pages and programs are told to come back, nothing is served from memory, and it recovers by itself',
      async (name, way) => {
        const store = storeOf(name);
        await away[way](store);
        try {
          const page = await browser.open(account.issuer);
          expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
          expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
          expect(page.html).not.toContain('Hello');
          const authorize = await browser.open((await app.request({ prompt: 'none' })).url);
          expect([authorize.status, authorize.url.searchParams.has('code')]).toEqual([503, false]);
          expect(Number(authorize.headers.get('retry-after'))).toBeGreaterThan(0);
          for (const answer of await Promise.all([askUserinfo(), askToken(), askIntrospection(), askApi()])) {
            expect(answer).toMatchObject({ status: 503, retryAfter: expect.any(Number) as number });
            expect(answer.retryAfter).toBeGreaterThan(0);
            expect(answer.type).toMatch(/^application\/(problem\+)?json/);
            expect(answer.text).not.toMatch(/postgres:|redis:|ECONN|127\.0\.0\.1|at .*\.ts/);
          }
          expect((await fetch(`${server.managementOrigin}/readyz`)).status).toBe(503);
          expect((await fetch(`${server.managementOrigin}/healthz`)).status).toBe(200);
        } finally {
          await back[way](store);
        }
        await expect
          .poll(async () => (await fetch(`${server.managementOrigin}/readyz`)).status, { timeout: 15_000 })
          .toBe(200);
        // A Redis that was killed has forgotten sessions; a person only has to log on again.
        const again = await logOnToPortal(createHttpBrowser(), account.issuer, user);
        expect(again.page.html).toContain('Hello');
        signedIn = await app.signIn(browser, user);
        expect(signedIn.claims.sub).toBe(user.userId);
      },
      60_000,
    );

    interface Answer {
      readonly status: number;
      readonly retryAfter: number;
      readonly type: string;
      readonly text: string;
    }
    const read = async (response: Response): Promise<Answer> => ({
      status: response.status,
      retryAfter: Number(response.headers.get('retry-after')),
      type: response.headers.get('content-type') ?? '',
      text: await response.text(),
    });
    const basic = () => {
      const { clientId, clientSecret } = app.application;
      return { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    };
    const post = async (path: string, fields: Record<string, string>) =>
      read(
        await fetch(`${account.issuer}/oauth2/${path}`, {
          method: 'POST',
          headers: basic(),
          body: new URLSearchParams(fields),
        }),
      );
    const askUserinfo = async () =>
      read(
        await fetch(`${account.issuer}/oauth2/userinfo`, {
          headers: { authorization: `Bearer ${signedIn.tokens.access_token}` },
        }),
      );
    const askToken = () =>
      post('token', { grant_type: 'refresh_token', refresh_token: signedIn.tokens.refresh_token ?? '' });
    const askIntrospection = () => post('introspect', { token: signedIn.tokens.access_token });
    const askApi = async () => {
      const { status, headers, body } = await callApi(account.issuer, signedIn.tokens.access_token, 'GET /users');
      return {
        status,
        retryAfter: Number(headers.get('retry-after')),
        type: headers.get('content-type') ?? '',
        text: JSON.stringify(body),
      };
    };

    it('a refresh token shown while Redis was away is still good afterwards', async () => {
      const redis = storeOf('redis');
      redis.pause();
      expect((await askToken()).status).toBe(503);
      redis.resume();
      await expect
        .poll(async () => (await fetch(`${server.managementOrigin}/readyz`)).status, { timeout: 15_000 })
        .toBe(200);
      const renewed = await oidc.refreshTokenGrant(app.configuration, signedIn.tokens.refresh_token ?? '');
      expect(renewed.claims()?.sub).toBe(user.userId);
    }, 60_000);
  },
  { forOutage: true },
);
