import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BrowserPage, createHttpBrowser, type HttpBrowser } from '../../support/http-browser.ts';
import { type LogonCourse, walkThroughLogon } from '../../support/logon-driver.ts';
import { callApi, type TestAccount, type TestUser } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let user: TestUser;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  user = await account.createUser();
  await account.manage(`PUT /users/${user.userName}/policies/system/AdministratorAccess`);
});
afterAll(() => server.close());

const verifier = 'v'.repeat(43);
const redirectUri = 'http://127.0.0.1:49152/callback';
const stopAt = (address: URL) => address.pathname === '/callback';

function authorizeAddress(change: Readonly<Record<string, string | undefined>> = {}): URL {
  const parameters = {
    ...{ response_type: 'code', client_id: 'postern-cli', redirect_uri: redirectUri, state: 's' },
    ...{ scope: 'openid management:read management:full', resource: `${account.issuer}/api/v1` },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  const given = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return new URL(`${account.issuer}/oauth2/authorize?${new URLSearchParams(given).toString()}`);
}

const begin = (browser: HttpBrowser, change: Readonly<Record<string, string | undefined>> = {}): Promise<BrowserPage> =>
  browser.open(authorizeAddress(change), { stopAt });

const finish = (
  browser: HttpBrowser,
  page: BrowserPage,
  decision: 'approve' | 'deny' = 'approve',
): Promise<LogonCourse> =>
  walkThroughLogon(browser, page, { userName: user.userName, password: user.password, decision }, { stopAt });

async function redeem(code: string, change: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(`${account.issuer}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', client_id: 'postern-cli', code, redirect_uri: redirectUri },
      ...{ code_verifier: verifier, resource: `${account.issuer}/api/v1` },
      ...change,
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

/** A whole login; what it got. */
async function logIn(browser: HttpBrowser, change: Readonly<Record<string, string>> = {}) {
  const course = await finish(browser, await begin(browser, change));
  const code = course.page.leftFor?.searchParams.get('code') ?? '';
  return {
    course,
    ...(await redeem(code, change['redirect_uri'] === undefined ? {} : { redirect_uri: change['redirect_uri'] })),
  };
}

it.each(['http://127.0.0.1:1024/callback', 'http://127.0.0.1:65535/callback', 'http://[::1]:50000/callback'])(
  'is there without having been registered, and is answered at %s (RFC 8252 section 7.3)',
  async (address) => {
    const { status, body } = await logIn(createHttpBrowser(), { redirect_uri: address });
    expect(status).toBe(200);
    expect((await callApi(account.issuer, body['access_token'] ?? '', 'GET /me')).body['userName']).toBe(user.userName);
  },
);

it.each([
  'https://evil.example/callback',
  'http://127.0.0.1:1024/elsewhere',
  'http://localhost:1024/callback',
  'http://127.0.0.1.evil.example/callback',
  'http://evil@127.0.0.1:1024/callback',
  'https://127.0.0.1:1024/callback',
])('is never answered at %s, and nobody is asked', async (address) => {
  const page = await begin(createHttpBrowser(), { redirect_uri: address });
  expect(page.leftFor).toBeUndefined();
  expect(page.status).toBe(400);
  expect(page.forms).toEqual([]);
});

it('needs PKCE, and the right verifier', async () => {
  const browser = createHttpBrowser();
  const without = await begin(browser, { code_challenge: undefined, code_challenge_method: undefined });
  expect(without.leftFor?.searchParams.get('error')).toBe('invalid_request');
  const course = await finish(browser, await begin(browser));
  const code = course.page.leftFor?.searchParams.get('code') ?? '';
  expect((await redeem(code, { code_verifier: 'w'.repeat(43) })).body['error']).toBe('invalid_grant');
});

it('asks for consent each time, and the page names everything that is asked', async () => {
  const browser = createHttpBrowser();
  await logIn(browser);
  const silent = await begin(browser, { prompt: 'none' });
  expect(silent.leftFor?.searchParams.get('error')).toBe('consent_required');
  expect(silent.leftFor?.searchParams.has('code')).toBe(false);
  const again = await begin(browser);
  expect(again.html).toContain('Postern command line');
  const first = createHttpBrowser();
  const page = await begin(first);
  const consent = await first.submit(page, { username: user.userName, password: user.password }, { stopAt });
  const wordsOf = (html: string) => html.match(/<li\b(?:(?!<li\b).)*?<strong>.*?<\/li>/gs) ?? [];
  expect(wordsOf(again.html).length).toBeGreaterThan(0);
  expect(wordsOf(again.html)).toEqual(wordsOf(consent.html));
  const refused = await finish(browser, again, 'deny');
  expect(refused.page.leftFor?.searchParams.get('error')).toBe('access_denied');
});

it('the answer names the issuer (RFC 9207), and a code is good at that issuer alone', async () => {
  const other = await server.account();
  const { body, course } = await logIn(createHttpBrowser());
  expect(course.page.leftFor?.searchParams.get('iss')).toBe(account.issuer);
  expect((await callApi(other.issuer, body['access_token'] ?? '', 'GET /me')).status).toBe(401);
});

it('gets a refresh token that ends with the session in the browser', async () => {
  const browser = createHttpBrowser();
  const { body } = await logIn(browser);
  const refresh = (token: string) =>
    fetch(`${account.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'postern-cli', refresh_token: token }),
    });
  const renewed = await refresh(body['refresh_token'] ?? '');
  expect(renewed.status).toBe(200);
  const { refresh_token: next, access_token: token } = (await renewed.json()) as Record<string, string>;
  const question = await browser.open(`${account.issuer}/oauth2/logout`);
  await browser.submit(question, {}, { button: 'continue' });
  expect((await refresh(next ?? '')).status).toBe(400);
  expect((await callApi(account.issuer, token ?? '', 'GET /me')).status).toBe(401);
});

it('is no application of the account: not listed, not shown, not to be changed', async () => {
  const { body } = await account.api('GET /applications');
  expect(JSON.stringify(body)).not.toContain('postern-cli');
  expect((await account.api('GET /applications/postern-cli')).status).toBeGreaterThanOrEqual(400);
});

it('does no more than its user may', async () => {
  const plain = await account.createUser();
  const browser = createHttpBrowser();
  const course = await walkThroughLogon(browser, await begin(browser), { ...plain, decision: 'approve' }, { stopAt });
  const { body } = await redeem(course.page.leftFor?.searchParams.get('code') ?? '');
  const attempt = await callApi(account.issuer, body['access_token'] ?? '', 'POST /users', {
    userName: 'x',
    displayName: 'x',
  });
  expect(attempt.status).toBe(403);
  expect((await account.api('GET /users/x')).status).toBe(404);
});
