import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRelyingParty, type RelyingParty } from '../../support/relying-party.ts';
import type { TestAccount } from '../../support/test-account.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
let account: TestAccount;
let spa: RelyingParty;
let web: RelyingParty;
beforeAll(async () => {
  server = await startTestServer({ stores: 'embedded' });
  account = await server.account();
  spa = await connectRelyingParty(account, { application: { type: 'spa' } });
  web = await connectRelyingParty(account);
});
afterAll(async () => {
  await Promise.all([spa.close(), web.close()]);
  await server.close();
});

/** What a browser would let a page of `origin` read of the token endpoint's answer about a code that is none. */
async function readableBy(origin: string, clientId: string): Promise<{ status: number; readable: boolean }> {
  const answer = await fetch(`${account.issuer}/oauth2/token`, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'x',
      client_id: clientId,
      redirect_uri: spa.server.redirectUri,
    }),
  });
  return { status: answer.status, readable: answer.headers.get('access-control-allow-origin') === origin };
}

it('a single-page application may call from where it lives, and from nowhere else', async () => {
  const { clientId } = spa.application;
  expect(await readableBy(spa.server.origin, clientId)).toEqual({ status: 400, readable: true });
  for (const origin of [
    'https://evil.example',
    `${spa.server.origin}1`,
    'null',
    spa.server.origin.replace('http:', 'https:'),
  ]) {
    expect((await readableBy(origin, clientId)).readable).toBe(false);
  }
});

it('no page may call in the name of an application that is not a single-page one', async () => {
  expect((await readableBy(web.server.origin, web.application.clientId)).readable).toBe(false);
});

it('no answer ever lets a page of another origin send cookies along', async () => {
  for (const path of [
    '/oauth2/token',
    '/oauth2/userinfo',
    '/oauth2/authorize',
    '/.well-known/openid-configuration',
    '/oauth2/jwks',
    '',
  ]) {
    const answer = await fetch(`${account.issuer}${path}`, {
      headers: { origin: spa.server.origin },
      redirect: 'manual',
    });
    await answer.body?.cancel();
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  }
});
