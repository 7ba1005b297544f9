import type { Client } from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpBrowser } from '../../support/http-browser.ts';
import { connectRelyingParty } from '../../support/relying-party.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { formTargets } from '../../../src/web/logon/form-targets.ts';

let server: TestServer;
let account: TestAccount;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
});
afterAll(() => server.close());

/** The sources of `form-action` on the logon page of an application with these addresses. */
async function sourcesFor(type: string, redirectUris: readonly string[]): Promise<string[]> {
  const party = await connectRelyingParty(account, { application: { type, redirectUris, postLogoutRedirectUris: [] } });
  const page = await createHttpBrowser().open((await party.request({ redirect_uri: redirectUris[0] ?? '' })).url);
  await party.close();
  const policy = page.headers.get('content-security-policy') ?? '';
  return /form-action ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
}

it.each([
  ['web', ['https://app.example.com/callback'], ["'self'", 'https:']],
  ['web', ['http://localhost:8080/callback'], ["'self'", 'https:', 'http://localhost:*', 'http://127.0.0.1:*']],
  ['native', ['com.example.app:/callback'], ["'self'", 'https:', 'com.example.app:']],
  [
    'native',
    ['com.example.app:/callback', 'com.example.app:/other', 'http://127.0.0.1/cb'],
    ["'self'", 'https:', 'com.example.app:', 'http://localhost:*', 'http://127.0.0.1:*'],
  ],
])('a %s application at %j may be led to from %j', async (type, redirectUris, sources) => {
  expect(await sourcesFor(type, redirectUris)).toEqual(sources);
});

it('a client that we did not make has no targets at all', () => {
  expect(() => formTargets({} as Client)).toThrow();
});
