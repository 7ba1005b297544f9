import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { applications } from '../../src/storage/db/schema/applications.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import type { TestAccount, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { obtainTokens } from './support/code-flow.ts';

/** Something inside, which nobody outside should be able to have called. */
interface InnerService {
  readonly port: number;
  readonly calls: { readonly path: string; readonly body: string }[];
  redirectTo(address: string | undefined): void;
  readonly close: () => Promise<void>;
}

async function startInnerService(): Promise<InnerService> {
  const calls: { path: string; body: string }[] = [];
  const onward: { address?: string | undefined } = {};
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      calls.push({ path: req.url ?? '', body: Buffer.concat(chunks).toString() });
      if (onward.address !== undefined) res.writeHead(307, { location: onward.address });
      res.end();
    });
  }).listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    redirectTo: (address) => {
      onward.address = address;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Ways to write an address inside. */
const innerAddresses = (port: number): string[] => [
  `http://127.0.0.1:${port}/in`,
  `http://localhost:${port}/in`,
  `http://127.1:${port}/in`,
  `http://2130706433:${port}/in`,
  `http://0x7f000001:${port}/in`,
  `http://0177.0.0.1:${port}/in`,
  `http://0.0.0.0:${port}/in`,
  `http://0:${port}/in`,
  `http://[::1]:${port}/in`,
  `http://[::]:${port}/in`,
  `http://[::ffff:127.0.0.1]:${port}/in`,
  `http://[::ffff:7f00:1]:${port}/in`,
  `http://[0:0:0:0:0:ffff:127.0.0.1]:${port}/in`,
  `http://[::127.0.0.1]:${port}/in`,
  `http://[64:ff9b::127.0.0.1]:${port}/in`,
  `http://[2002:7f00:1::]:${port}/in`,
  `http://127.0.0.2:${port}/in`,
  `http://localhost.:${port}/in`,
  `http://app.localhost:${port}/in`,
  `http://①②⑦.0.0.1:${port}/in`,
  `http://169.254.169.254/latest/meta-data/`,
  `http://[fd00:ec2::254]/latest/meta-data/`,
];

describe('server-side requests to inner addresses, through back-channel logout', () => {
  let inner: InnerService;
  beforeAll(async () => {
    inner = await startInnerService();
  });
  afterAll(() => inner.close());

  const signOutWith = async (
    server: TestServer,
    account: TestAccount,
    user: TestUser,
    backchannelLogoutUri: string,
  ) => {
    const application = await account.createApplication();
    // As an older release, an import or a hand in the database may have left it.
    await server.backend.db
      .update(applications)
      .set({ backchannelLogoutUri })
      .where(eq(applications.clientId, application.clientId));
    const { browser } = await obtainTokens(account.issuer, application, user);
    const portal = await browser.open(account.issuer);
    expect(portal.html).toContain('sign-out');
    const after = await browser.submit(portal, {});
    expect([after.status, after.url.pathname]).toEqual([200, `/${account.alias}/portal/signed-out`]);
    expect((await createHttpBrowser(browser.cookies).open(account.issuer)).html).not.toContain('sign-out');
    await server.settleLogouts();
    const path = `GET /applications/${application.clientId}/logout-deliveries`;
    const { items } = (await account.manage(path)) as { items: { status: string; lastError: string | null }[] };
    expect(items).toHaveLength(1);
    return items[0];
  };

  describe('with nothing allowed', () => {
    let server: TestServer;
    let account: TestAccount;
    let user: TestUser;
    beforeAll(async () => {
      server = await startTestServer({ stores: 'embedded' });
      account = await server.account();
      user = await account.createUser();
    });
    afterAll(() => server.close());

    it.each(innerAddresses(0).map((address, at) => [address.replace(':0/', '/'), at] as const))(
      '%s is not called',
      async (_name, at) => {
        const address = innerAddresses(inner.port)[at] ?? '';
        const before = inner.calls.length;
        expect(await signOutWith(server, account, user, address)).toMatchObject({
          status: 'pending',
          attempts: 1,
          lastError: expect.stringMatching(/^(address not allowed|unknown host)$/) as string,
        });
        expect(inner.calls.slice(before)).toEqual([]);
      },
    );

    it('other schemes are not called either', async () => {
      for (const address of [
        'file:///etc/passwd',
        'ftp://127.0.0.1/',
        'gopher://127.0.0.1:1/',
        'data:text/plain,x',
        'javascript:1',
        'unix:/run/x.sock',
      ]) {
        const answer = await account.api('POST /applications', {
          displayName: 'x',
          type: 'web',
          redirectUris: ['https://app.example.com/cb'],
          backchannelLogoutUri: address,
        });
        expect([address, answer.status]).toEqual([address, 400]);
      }
    });

    it('no address of a request makes the server call out', async () => {
      const address = `http://127.0.0.1:${inner.port}/in`;
      const before = inner.calls.length;
      const query = new URLSearchParams({
        request_uri: address,
        jwks_uri: address,
        sector_identifier_uri: address,
        logo_uri: address,
        policy_uri: address,
        client_id: address,
        iss: address,
        issuer: address,
        registration: JSON.stringify({ jwks_uri: address }),
      });
      for (const path of ['/oauth2/authorize', '/oauth2/logout', ''])
        await createHttpBrowser().open(`${account.issuer}${path}?${query.toString()}`);
      for (const endpoint of ['token', 'introspect', 'revoke']) {
        await fetch(`${account.issuer}/oauth2/${endpoint}`, {
          method: 'POST',
          body: new URLSearchParams({
            client_id: address,
            client_assertion: 'eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHA6Ly8xMjcuMC4wLjEifQ.e30.x',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            request_uri: address,
          }),
        });
      }
      expect(inner.calls.slice(before)).toEqual([]);
    });
  });

  describe('with a network allowed by the operator', () => {
    let server: TestServer;
    let account: TestAccount;
    let user: TestUser;
    beforeAll(async () => {
      server = await startTestServer({ stores: 'embedded', settings: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32' } });
      account = await server.account();
      user = await account.createUser();
    });
    afterAll(() => server.close());

    it('an address in it gets a logout token, one outside it still nothing', async () => {
      const before = inner.calls.length;
      const sent = await signOutWith(server, account, user, `http://127.0.0.1:${inner.port}/in`);
      expect(sent).toMatchObject({ status: 'delivered', lastError: null });
      expect(inner.calls.slice(before)).toEqual([
        { path: '/in', body: expect.stringMatching(/^logout_token=ey/) as string },
      ]);
      for (const address of [`http://127.0.0.2:${inner.port}/in`, `http://[::1]:${inner.port}/in`])
        expect(await signOutWith(server, account, user, address)).toMatchObject({ lastError: 'address not allowed' });
      expect(inner.calls).toHaveLength(before + 1);
    });

    it('a redirect from it is not followed', async () => {
      inner.redirectTo(`http://127.0.0.1:${inner.port}/elsewhere`);
      const before = inner.calls.length;
      const redirected = await signOutWith(server, account, user, `http://127.0.0.1:${inner.port}/in`);
      expect(redirected).toMatchObject({ status: 'pending', lastError: 'http 307' });
      inner.redirectTo(undefined);
      expect(inner.calls.slice(before).map(({ path }) => path)).toEqual(['/in']);
    });
  });
});
