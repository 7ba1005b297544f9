import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/web/api/routes.ts';
import { createHttpBrowser } from '../support/http-browser.ts';
import { accessKeyToken, type TestAccount, type TestApplication } from '../support/test-account.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { authorizationUrl } from './support/code-flow.ts';
import {
  authorizationParameter,
  authorizationValue,
  credentials,
  formField,
  pathSegment,
  queryNames,
  text,
  tokenField,
  tokenValue,
} from './support/hostile-input.ts';
import { sendRaw } from './support/raw-http.ts';

describe('no input from outside ends as a fault of ours', () => {
  let server: TestServer;
  let account: TestAccount;
  let application: TestApplication;
  let token: string;
  beforeAll(async () => {
    server = await startTestServer({ stores: 'embedded' });
    account = await server.account('fuzzed');
    application = await account.createApplication();
    await account.createUser({ userName: 'alice' });
    token = await accessKeyToken(account.issuer, {
      id: account.handover.accessKeyId,
      secret: account.handover.accessKeySecret,
    });
  });
  afterAll(() => server.close());

  const isAnswered = (status: number): boolean => status >= 200 && status < 500;

  const encode = (value: string): string => encodeURIComponent(value.toWellFormed());

  const formOf = (fields: Readonly<Record<string, string>>): string =>
    Object.entries(fields)
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .join('&');

  it('pages and endpoints answer any query', async () => {
    const paths = [
      '',
      '/fuzzed',
      '/fuzzed/logon/x',
      '/fuzzed/portal/callback',
      '/fuzzed/portal/signed-out',
      '/fuzzed/oauth2/logout',
      '/fuzzed/oauth2/userinfo',
      '/fuzzed/oauth2/logout/success',
      '/fuzzed/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/fuzzed',
      '/-/assets/x.css',
      '/fuzzed/oauth2/authorize/x',
      '/fuzzed/api/v1/users',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.dictionary(queryNames, text, { maxKeys: 4 }),
        fc.boolean(),
        async (path, query, html) => {
          const headers = { accept: html ? 'text/html' : '*/*', authorization: `Bearer ${token}` };
          const { status } = await sendRaw(
            server.origin,
            `${path === '' ? '/' : path}?${formOf(query)}`.slice(0, 12_000),
            { headers },
          );
          expect([path, status, isAnswered(status)]).toEqual([path, status, true]);
        },
      ),
      { numRuns: 250 },
    );
  });

  it('the authorization endpoint answers any parameters of a known app', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(authorizationParameter, authorizationValue, { maxKeys: 4 }), async (changes) => {
        const wellFormed = Object.fromEntries(Object.entries(changes).map(([name, one]) => [name, one.toWellFormed()]));
        const address = new URL(authorizationUrl(account.issuer, application.clientId, wellFormed));
        const { status } = await sendRaw(server.origin, `${address.pathname}${address.search}`.slice(0, 12_000), {
          headers: { accept: 'text/html' },
        });
        expect([changes, status, isAnswered(status)]).toEqual([changes, status, true]);
      }),
      { numRuns: 300 },
    );
  });

  it('endpoints for programs answer any form and any credentials', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('token', 'introspect', 'revoke', 'userinfo', 'logout', 'logout/confirm', 'authorize'),
        fc.dictionary(tokenField, tokenValue, { maxKeys: 5 }),
        credentials,
        async (endpoint, fields, authorization) => {
          const fill = (one: string) =>
            one.replace('<client>', application.clientId).replace('<key>', account.handover.accessKeyId);
          const filled = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, fill(one)]));
          const known = `Basic ${Buffer.from(`${application.clientId}:${application.clientSecret}`).toString('base64')}`;
          const headers = {
            'content-type': 'application/x-www-form-urlencoded',
            ...(authorization === '' ? {} : { authorization: authorization === '<client>' ? known : authorization }),
          };
          const { status } = await sendRaw(server.origin, `/fuzzed/oauth2/${endpoint}`, {
            method: 'POST',
            headers,
            body: formOf(filled),
          });
          expect([endpoint, fields, authorization, status, isAnswered(status)]).toEqual([
            endpoint,
            fields,
            authorization,
            status,
            true,
          ]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forms of the pages answer any fields', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(formField, text, { maxKeys: 4 }),
        fc.constantFrom('/-/logon', '/fuzzed/portal/sign-out', 'logon'),
        async (fields, target) => {
          const browser = createHttpBrowser();
          const page = await browser.open(authorizationUrl(account.issuer, application.clientId));
          const isLogon = target === 'logon';
          const body = formOf({ ...(isLogon ? page.forms[0]?.fields : {}), ...fields });
          const headers = {
            'content-type': 'application/x-www-form-urlencoded',
            cookie: browser.cookies.headerFor(page.url),
          };
          const { status } = await sendRaw(server.origin, isLogon ? page.url.pathname : target, {
            method: 'POST',
            headers,
            body,
          });
          expect([fields, target, status, isAnswered(status)]).toEqual([fields, target, status, true]);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('every address of the management API answers any path, query and body', async () => {
    const json = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc
        .jsonValue({ maxDepth: 2 })
        .map((value) =>
          JSON.stringify({ userName: value, displayName: value, redirectUris: value, changes: value, status: value }),
        ),
      text,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.array(text, { minLength: 4, maxLength: 4 }),
        fc.option(json, { nil: undefined }),
        async ({ method, path }, values, body) => {
          const parts = [...values];
          const filled = path.replace(/:[A-Za-z]+/g, () => encode(parts.shift() ?? 'x').slice(0, 300) || 'x');
          const headers = {
            authorization: `Bearer ${token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          };
          const { status } = await sendRaw(server.origin, `/fuzzed/api/v1${filled}`, {
            method,
            headers,
            ...(body === undefined ? {} : { body: body.toWellFormed() }),
          });
          expect([method, filled, body, status, isAnswered(status)]).toEqual([method, filled, body, status, true]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('any path and any method gets an answer below 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(pathSegment, { maxLength: 6 }),
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'),
        fc.boolean(),
        async (segments, method, html) => {
          const { status } = await sendRaw(server.origin, `/${segments.join('/')}`, {
            method,
            headers: { accept: html ? 'text/html' : 'application/json' },
          });
          expect([segments, method, status, isAnswered(status)]).toEqual([segments, method, status, true]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('and the log tells of no fault', () => {
    const faults = server.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
    expect(faults).toEqual([]);
  });
});
