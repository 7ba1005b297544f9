import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../../src/domain/app-error.ts';
import { statusOf } from '../../../src/web/http/problem.ts';
import { placeholdersOf } from '../../../src/web/api/read-input.ts';
import { routes } from '../../../src/web/api/routes.ts';
import { managementScopes } from '../../../src/web/oidc/engine-settings.ts';
import type { TestAccount } from '../../domain/operation-harness.ts';
import { apiDocument, operationOf, requireSchema } from './api-document.ts';
import { type ApiServer, newApiAccount, openApiServer, send } from './api-server.ts';
import { isOutOfReach, openExampleWorld } from './example-world.ts';

let server: ApiServer;
let account: TestAccount;
beforeAll(async () => {
  server = await openApiServer();
  ({ account } = await newApiAccount(server));
});
afterAll(() => server.close());

const byName = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

describe('the document', () => {
  it('is OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(
      structuredClone(apiDocument) as unknown as Record<string, unknown>,
    );
    expect([errors, valid]).toEqual([undefined, true]);
  });

  it('holds every route, with an id of its own, and nothing else', () => {
    const told = Object.values(apiDocument.paths).flatMap((item) => Object.values(item));
    expect(told.length).toBe(routes.length);
    expect(new Set(told.map(({ operationId }) => operationId)).size).toBe(routes.length);
    for (const { operationId } of told) expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
  });

  it('leads from every reference to something', () => {
    const references = [...JSON.stringify(apiDocument).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, kind = '', name = ''] of references) {
      expect(apiDocument.components[kind as 'schemas'], `${kind}/${name}`).toHaveProperty([name]);
    }
  });

  it('asks for the scopes that tokens have', () => {
    const flows = Object.values(apiDocument.components.securitySchemes.management.flows);
    expect(flows.length).toBe(2);
    for (const flow of flows) expect(Object.keys(flow.scopes)).toEqual([...managementScopes.full]);
    for (const { operation, ...route } of routes) {
      const scopes = operation.effect === 'read' ? managementScopes.read : managementScopes.full;
      expect(operationOf({ ...route, operation }).security).toEqual([{ management: [...scopes] }]);
    }
  });
});

describe.each(byName)('%s in the document', (_name, route) => {
  const operation = operationOf(route);

  it('names the action that policies speak of, and says what it does', () => {
    expect(operation['x-ram-action']).toBe(route.operation.action);
    expect(operation.summary).toMatch(/^[A-Z][^.]+$/);
  });

  it('names every parameter of the address', () => {
    const parameters = (operation.parameters ?? []).flatMap((one) => ('$ref' in one ? [] : [one]));
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    expect(inPath).toEqual(placeholdersOf(route.path));
  });

  it('documents every error with the codes of its status', () => {
    for (const status of ['400', '401', '403', '406', '413', '415', '429', '500', '503'])
      expect(operation.responses).toHaveProperty([status]);
    for (const code of route.refuses ?? []) {
      expect(errorCodes).toContain(code);
      expect(JSON.stringify(operation.responses[String(statusOf(code))] ?? null)).toMatch(
        new RegExp(`"${code}"|Problem`),
      );
    }
  });

  it('shows an answer as its schema has it', () => {
    for (const answer of Object.values(operation.responses)) {
      const media = '$ref' in answer ? undefined : answer.content?.['application/json'];
      if (media !== undefined) requireSchema(media.schema, media.example, route.path);
    }
    const body = operation.requestBody?.content['application/json'];
    if (body?.example !== undefined) requireSchema(body.schema, body.example, `${route.path}, body`);
    expect(operation.requestBody === undefined).toBe(route.body === undefined);
  });

  it('has an example of a body where one is needed, and the example does what it says', async () => {
    const { call, requestFor } = await openExampleWorld(server);
    const [line, body] = await requestFor(route);
    if (operation.requestBody?.required === true) expect(body).toBeDefined();
    const answer = await call(line, body);
    const status = isOutOfReach(route) ? 404 : route.status;
    expect([line, answer.status, answer.text]).toEqual([line, status, answer.text]);
    expect(answer.headers.has('location')).toBe(route.tellsLocation);
  });
});

describe('GET /<alias>/api/v1/openapi.json', () => {
  const read = (headers: Readonly<Record<string, string>> = {}) =>
    send(server, `GET /${account.alias}/api/v1/openapi.json`, undefined, headers);

  it('answers everybody, with the addresses of this issuer', async () => {
    const answer = await read();
    expect(answer.status).toBe(200);
    const issuer = `https://id.example.com/${account.alias}`;
    expect(answer.body).toMatchObject({ openapi: '3.1.1', servers: [{ url: `${issuer}/api/v1` }] });
    expect(answer.text).toContain(`"tokenUrl":"${issuer}/oauth2/token"`);
    expect(answer.text).not.toContain('127.0.0.1');
  });

  it('is not sent again to whoever has it', async () => {
    const first = await read();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{20,}"$/);
    const again = await read({ 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await read({ 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('is another under another name', async () => {
    const other = await newApiAccount(server);
    const theirs = await send(server, `GET /${other.account.alias}/api/v1/openapi.json`);
    expect(theirs.headers.get('etag')).not.toBe((await read()).headers.get('etag'));
  });

  it('is packed for whoever takes that, under an ETag of its own', async () => {
    const plain = await fetch(`${server.origin}/${account.alias}/api/v1/openapi.json`, {
      headers: { 'accept-encoding': 'identity' },
    });
    const packed = await fetch(`${server.origin}/${account.alias}/api/v1/openapi.json`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
    expect(packed.headers.get('vary')).toBe('Accept-Encoding');
    expect(await packed.text()).toBe(await plain.text());
  });

  it('is absent where no account is, and only ever read', async () => {
    const absent = await send(server, 'GET /nobody-is-here/api/v1/openapi.json');
    expect([absent.status, absent.body['code']]).toEqual([404, 'EntityNotExist.Resource']);
    const posted = await send(server, `POST /${account.alias}/api/v1/openapi.json`, {});
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
