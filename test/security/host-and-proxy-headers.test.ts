import { desc, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/storage/db/schema/audit-events.ts';
import { ephemeralEntries } from '../../src/storage/db/schema/ephemeral.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import type { TestAccount, TestApplication } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl } from './support/code-flow.ts';
import { startLogon } from './support/logon-start.ts';
import { type RawRequest, sendBytes, sendRaw } from './support/raw-http.ts';

const evil = 'evil.example';

const hostile: Readonly<Record<string, RawRequest['headers']>> = {
  Host: { host: evil },
  'Host with our port': { host: `${evil}:3000` },
  'an empty Host': { host: '' },
  'Host with a user': { host: `localhost@${evil}` },
  'X-Forwarded-Host': { 'x-forwarded-host': evil, 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
  'X-Forwarded-Host twice': { 'x-forwarded-host': [`${evil}`, `${evil}, localhost`] },
  Forwarded: { forwarded: `host=${evil};proto=https;for=192.0.2.1` },
  'other habits': {
    'x-host': evil,
    'x-original-host': evil,
    'x-forwarded-server': evil,
    'x-forwarded-prefix': `/${evil}`,
    'x-original-url': `/${evil}`,
    'x-rewrite-url': `/${evil}`,
    'x-http-host-override': evil,
    'x-forwarded-scheme': 'https',
    'front-end-https': 'on',
  },
};

for (const trustedProxies of ['', '127.0.0.1']) {
  describe(`headers that claim another host, ${trustedProxies === '' ? 'from anybody' : 'through a trusted proxy'}`, () => {
    let server: TestServer;
    let account: TestAccount;
    let application: TestApplication;
    beforeAll(async () => {
      server = await startTestServer({ stores: 'embedded', settings: { TRUSTED_PROXIES: trustedProxies } });
      account = await server.account();
      application = await account.createApplication();
    });
    afterAll(() => server.close());

    it.each(Object.keys(hostile))('%s changes no address, cookie or page', async (name) => {
      const headers = hostile[name] ?? {};
      const authorize = new URL(authorizationUrl(account.issuer, application.clientId));
      const { page } = await startLogon(account.issuer, application.clientId);
      const targets = [
        `/${account.alias}/.well-known/openid-configuration`,
        `/.well-known/oauth-authorization-server/${account.alias}`,
        `${authorize.pathname}${authorize.search}`,
        `/${account.alias}`,
        `/${account.alias}/logon/x`,
        `/${account.alias}/oauth2/logout`,
        '/',
        page.url.pathname,
        `/${account.alias}/oauth2/jwks`,
        '/nowhere',
      ];
      for (const target of targets) {
        const answer = await sendRaw(server.origin, target, {
          headers: { accept: 'text/html,application/json', ...headers },
        });
        expect([target, answer.status < 500]).toEqual([target, true]);
        const everything = JSON.stringify(answer.headers) + answer.body;
        expect([target, everything.includes(evil), everything.includes(':8443')]).toEqual([target, false, false]);
        for (const cookie of answer.headers['set-cookie'] ?? [])
          expect(cookie.toLowerCase()).not.toMatch(/domain=|secure/);
        if (target.includes('.well-known')) {
          const metadata = JSON.parse(answer.body) as Record<string, unknown>;
          const addresses = Object.values(metadata).filter(
            (value): value is string => typeof value === 'string' && value.startsWith('http'),
          );
          expect(addresses.length).toBeGreaterThan(5);
          expect(
            addresses.every((address) => address === account.issuer || address.startsWith(`${account.issuer}/`)),
          ).toBe(true);
        }
      }
    });

    it('a hostile answer is not kept for the next one who asks', async () => {
      const target = `/${account.alias}/.well-known/openid-configuration`;
      await sendRaw(server.origin, target, { headers: { host: evil } });
      const { body } = await sendRaw(server.origin, target);
      expect(JSON.parse(body)).toMatchObject({
        issuer: account.issuer,
        token_endpoint: `${account.issuer}/oauth2/token`,
      });
    });

    it('a whole address in the request line is no address of ours', async () => {
      for (const line of [
        `GET http://${evil}/${account.alias} HTTP/1.1`,
        `GET //${evil}/${account.alias} HTTP/1.1`,
        `GET ${evil} HTTP/1.1`,
      ]) {
        expect(await sendBytes(server.origin, `${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toBe(400);
      }
    });
  });
}

describe('headers that claim another client', () => {
  const sourceAfter = async (
    server: TestServer,
    account: TestAccount,
    clientId: string,
    forwardedFor: string | readonly string[] | undefined,
  ): Promise<string | null | undefined> => {
    const { browser, page } = await startLogon(account.issuer, clientId);
    const body = new URLSearchParams({ ...page.forms[0]?.fields, username: 'nobody', password: 'wrong' }).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: browser.cookies.headerFor(page.url),
      'x-real-ip': '203.0.113.99',
      forwarded: 'for=203.0.113.99',
      'client-ip': '203.0.113.99',
      ...(forwardedFor === undefined
        ? {}
        : { 'x-forwarded-for': typeof forwardedFor === 'string' ? forwardedFor : [...forwardedFor] }),
    };
    // Whatever the header says, the password is asked for.
    expect((await sendRaw(server.origin, page.url.pathname, { method: 'POST', headers, body })).status).toBe(401);
    const [event] = await server.backend.db
      .select({ sourceIp: auditEvents.sourceIp })
      .from(auditEvents)
      .orderBy(desc(auditEvents.auditEventId))
      .limit(1);
    return event?.sourceIp;
  };

  const cases: readonly [header: string | readonly string[] | undefined, trusted: string][] = [
    [undefined, '127.0.0.1'],
    ['', '127.0.0.1'],
    ['203.0.113.5', '203.0.113.5'],
    ['1.1.1.1, 203.0.113.5', '203.0.113.5'],
    ['203.0.113.5, 10.1.2.3', '203.0.113.5'],
    ['1.1.1.1, 203.0.113.5, 10.1.2.3, 127.0.0.1', '203.0.113.5'],
    [['1.1.1.1', '203.0.113.5'], '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['garbage', '127.0.0.1'],
    ['203.0.113.5:1234', '127.0.0.1'],
    ['[2001:db8::1]:1234', '127.0.0.1'],
    ['203.0.113.5, garbage', '127.0.0.1'],
    ['203.0.113.5,', '127.0.0.1'],
    ['unknown, 10.1.2.3', '10.1.2.3'],
    ['203.0.113.300', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ["'; drop table users; --", '127.0.0.1'],
    ['a'.repeat(5000), '127.0.0.1'],
  ];

  for (const isTrusted of [false, true]) {
    describe(isTrusted ? 'from a trusted proxy' : 'from anybody', () => {
      let server: TestServer;
      let account: TestAccount;
      let clientId: string;
      beforeAll(async () => {
        server = await startTestServer({
          stores: 'embedded',
          settings: isTrusted ? { TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' } : {},
        });
        account = await server.account();
        ({ clientId } = await account.createApplication());
      });
      afterAll(() => server.close());

      it.each(cases)('X-Forwarded-For: %s', async (header, trusted) => {
        const expected = isTrusted ? trusted : '127.0.0.1';
        await forgetTries(server);
        expect(await sourceAfter(server, account, clientId, header)).toBe(expected);
      });
    });
  }
});

/** So that the count of tries does not come into it. */
async function forgetTries({ backend: { db } }: TestServer): Promise<void> {
  await db.delete(ephemeralEntries).where(like(ephemeralEntries.key, 'throttle:%'));
}

describe('paths that proxies and servers read differently', () => {
  let server: TestServer;
  let account: TestAccount;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account('acme');
  });
  afterAll(() => server.close());

  it.each([
    '/acme;x/api/v1/users',
    '/acme/api/v1/users;x=1',
    '/acme/..;/acme/api/v1/users',
    '/acme/%2e%2e/acme',
    '/acme/..%2facme',
    '/acme/../acme',
    '/acme/./api/v1/users',
    '//acme',
    '/acme//api/v1/users',
    '/acme%2fapi%2fv1%2fusers',
    '/acme\\api\\v1\\users',
    '/acme%5capi',
    '/acme/api/v1/users%00',
    '/acme/api/v1/users%00.css',
    '/acme/api/v1/users%3b',
    '/acme/%252e%252e/acme',
    '/.git/config',
    '/.env',
    '/acme/.hidden',
    '/-/assets/../../package.json',
    '/-/assets/%2e%2e/%2e%2e/package.json',
    '/acme/logon/%2e%2e%2fx',
    '/%61cme/..',
    '/acme/oauth2/authorize/..%2f..%2f',
    '/acme/.well-known;x/openid-configuration',
  ])('%s is refused before anybody looks at it', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await sendRaw(server.origin, path, { method, headers: { accept: 'text/html' } });
      expect([method, answer.status]).toEqual([method, 400]);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.headers['www-authenticate']).toBeUndefined();
    }
  });

  it.each([
    '/ACME',
    '/Acme/oauth2/authorize',
    '/acme/',
    '/acme/API/v1/users',
    '/acme/oauth2/Token',
    '/%61cme',
    '/acme/OAUTH2/token',
    '/acme/api',
    '/acme/oauth2',
    '/acme/oauth2/',
    '/acme/oauth2/token/',
    '/acme/oauth2/session/end',
    '/acme/oauth2/par',
    '/acme/oauth2/device',
    '/acme/oauth2/register',
    '/acme/.well-known/webfinger',
    '/acme/interaction/x',
    '/acme/session',
    '/acme/me',
    '/postern',
    '/admin',
    '/metrics',
    '/healthz',
    '/readyz',
    '/-/',
    '/-',
  ])('%s is not here', async (path) => {
    const answer = await sendRaw(server.origin, path, { headers: { accept: 'text/html' } });
    expect([path, answer.status]).toEqual([path, 404]);
  });

  it('refused and unknown addresses need no account to be refused', async () => {
    expect(account.alias).toBe('acme');
    const browser = createHttpBrowser();
    expect((await browser.open(`${server.origin}/nobody`)).status).toBe(404);
    expect((await browser.open(`${server.origin}/nobody/oauth2/authorize?client_id=x`)).status).toBe(404);
  });
});
