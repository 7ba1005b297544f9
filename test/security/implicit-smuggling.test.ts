import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpBrowser } from '../support/http-browser.ts';
import { stepOf } from '../support/logon-driver.ts';
import type { TestAccount, TestApplication, TestUser } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl, callback } from './support/code-flow.ts';

const implicitTypes = [
  'token',
  'id_token',
  'id_token token',
  'code token',
  'code id_token',
  'code id_token token',
  'none',
  'CODE',
  '',
];

describe('the implicit grant smuggled back', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let user: TestUser;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account();
    [application, user] = [await account.createApplication(), await account.createUser()];
  });
  afterAll(() => server.close());

  const expectNoTokens = (address: string) => expect(address).not.toMatch(/access_token=|id_token=|[?&#]code=/);

  it.each(implicitTypes)('response_type "%s" brings nothing, signed in or not', async (responseType) => {
    const signedIn = createHttpBrowser();
    const first = await signedIn.open(authorizationUrl(account.issuer, application.clientId));
    await signedIn.submit(first, { username: user.userName, password: user.password });
    for (const browser of [createHttpBrowser(), signedIn]) {
      const address = authorizationUrl(account.issuer, application.clientId, {
        response_type: responseType,
        nonce: 'n',
      });
      const answer = await browser.open(address);
      expect(stepOf(answer)).toBeUndefined();
      expectNoTokens(answer.leftFor?.href ?? answer.url.href);
      expect(answer.leftFor === undefined ? answer.status : 400).toBe(400);
    }
  });

  it('what is sent along when a logon is answered or resumed does not change what was asked for', async () => {
    const browser = createHttpBrowser();
    const first = await browser.open(authorizationUrl(account.issuer, application.clientId, { state: 's1' }));
    const uid = first.url.pathname.split('/').at(-1) ?? '';
    const smuggled = {
      response_type: 'code id_token token',
      response_mode: 'fragment',
      redirect_uri: 'https://evil.example/',
      scope: 'openid offline_access',
      state: 's2',
      client_id: 'postern-portal',
      nonce: 'x',
      prompt: 'none',
      code_challenge: 'x'.repeat(43),
    };
    const query = new URLSearchParams(smuggled).toString();
    const resume = `${account.issuer}/oauth2/authorize/${uid}`;
    const form = {
      ...first.forms[0],
      action: `${first.url.pathname}?${query}`,
      method: 'POST',
      fields: first.forms[0]?.fields ?? {},
      buttons: {},
    } as const;
    const answered = await browser.submit(
      first,
      { ...smuggled, username: user.userName, password: user.password },
      { form, stopAt: ({ href }) => href.startsWith(resume) },
    );
    expect(answered.leftFor?.href).toBe(resume);
    const resumed = await browser.open(`${resume}?${query}`);
    const led = resumed.leftFor;
    expect(`${led?.origin}${led?.pathname}`).toBe(callback);
    expect([led?.searchParams.get('state'), led?.hash]).toEqual(['s1', '']);
    expect([...(led?.searchParams.keys() ?? [])].toSorted()).toEqual(['code', 'iss', 'state']);
  });

  it('discovery promises codes alone', async () => {
    const metadata = (await (await fetch(`${account.issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(metadata['response_types_supported']).toEqual(['code']);
    expect(metadata['grant_types_supported']).not.toContain('implicit');
    expect(metadata['grant_types_supported']).not.toContain('password');
    expect(metadata['code_challenge_methods_supported']).toEqual(['S256']);
    expect(JSON.stringify(metadata['id_token_signing_alg_values_supported'])).not.toMatch(/none|HS/);
  });
});
