import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applications } from '../../src/storage/db/schema/applications.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback, obtainTokens } from './support/code-flow.ts';
import { sendRaw } from './support/raw-http.ts';

describe('addresses that run script', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    application = await account.createApplication({
      redirectUris: [callback],
      postLogoutRedirectUris: ['https://app.example.com/bye'],
    });
    user = await account.createUser();
  });
  afterAll(() => server.close());

  const ask = async (address: string) => {
    const { pathname, search } = new URL(address);
    return await sendRaw(server.origin, `${pathname}${search}`, { headers: { accept: 'text/html' } });
  };

  const running = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'javascript://app.example.com/%0aalert(1)',
    'javascript.x:alert(1)',
    'blob:https://app.example.com/x',
    'file:///x',
    'about:blank',
    'https://app.example.com/<script>',
    'view-source:https://app.example.com/',
  ];

  it.each(running)('%j is refused when an app is registered or changed', async (address) => {
    for (const type of ['web', 'spa', 'native']) {
      if (address.startsWith('javascript.x') && type === 'native') continue;
      for (const field of ['redirectUris', 'postLogoutRedirectUris']) {
        const answer = await account.api('POST /applications', {
          displayName: 'x',
          type,
          redirectUris: [callback],
          [field]: [address],
        });
        expect([type, field, answer.status]).toEqual([type, field, 400]);
      }
    }
    const backchannel = await account.api('POST /applications', {
      displayName: 'x',
      type: 'web',
      redirectUris: [callback],
      backchannelLogoutUri: address,
    });
    expect(backchannel.status).toBe(400);
    expect((await account.api(`PATCH /applications/${application.clientId}`, { redirectUris: [address] })).status).toBe(
      400,
    );
  });

  it.each(running.filter((address) => !address.startsWith('javascript.x') && !address.startsWith('https:')))(
    '%j in the database is refused when it is used',
    async (address) => {
      const planted = await account.createApplication({ postLogoutRedirectUris: ['https://app.example.com/bye'] });
      const { idToken, browser } = await obtainTokens(account.issuer, planted, user);
      const { db } = server.backend;
      const asks = async (redirectUri: string) =>
        await ask(authorizationUrl(account.issuer, planted.clientId, { redirect_uri: redirectUri, prompt: 'none' }));

      await db
        .update(applications)
        .set({ redirectUris: [address] })
        .where(eq(applications.clientId, planted.clientId));
      const atAuthorize = await asks(address);
      expect(atAuthorize.status).toBeGreaterThanOrEqual(400);
      expect(atAuthorize.status).toBeLessThan(500);
      expect(atAuthorize.headers.location).toBeUndefined();
      expect((await browser.open(account.issuer)).html).not.toContain(`href="${address}`);

      await db
        .update(applications)
        .set({ redirectUris: [callback], postLogoutRedirectUris: [address] })
        .where(eq(applications.clientId, planted.clientId));
      const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: address });
      const atSignOut = await browser.open(`${account.issuer}/oauth2/logout?${query.toString()}`);
      expect(atSignOut.leftFor).toBeUndefined();
      expect(atSignOut.status).toBeLessThan(500);
      expect(atSignOut.headers.get('location')).toBeNull();
    },
  );
});
