import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../../src/web/api/openapi/json-schema.ts';
import { routes } from '../../../src/web/api/routes.ts';
import { apiDocument, operationOf } from './api-document.ts';
import { type ApiServer, openApiServer } from './api-server.ts';
import { openExampleWorld } from './example-world.ts';

let server: ApiServer;
beforeAll(async () => {
  server = await openApiServer();
});
afterAll(() => server.close());

const awkward = fc.constantFrom<unknown>(
  ...[
    '',
    ' ',
    '\u0000',
    '..',
    '*',
    '%',
    "'",
    '"',
    '\\',
    '{}',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
    '\u202e',
    '𝒳',
  ],
  ...[null, true, -1, 0, 1e308, 2 ** 53, [], {}, [[]], { a: null }],
);

const anything: fc.Arbitrary<unknown> = fc.oneof(awkward, fc.jsonValue({ maxDepth: 2 }));

const resolve = (schema: JsonSchema): JsonSchema =>
  schema.$ref === undefined ? schema : (apiDocument.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});

/** Values that a schema describes, as far as types and names go; what it says of lengths and patterns is often broken. */
function likely(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  const whole = resolve(schema);
  const alternatives = whole.anyOf ?? whole.oneOf;
  if (depth > 4) return anything;
  if (alternatives !== undefined) return fc.oneof(...alternatives.map((one) => likely(one, depth + 1)));
  if (whole.enum !== undefined) return fc.constantFrom(...whole.enum);
  if (whole.const !== undefined) return fc.constant(whole.const);
  switch (Array.isArray(whole.type) ? whole.type[0] : whole.type) {
    case 'object':
      return likelyObject(whole, depth);
    case 'array':
      return fc.array(likely(whole.items ?? {}, depth + 1), { maxLength: 3 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -5, max: 5000 }), fc.double());
    case 'string':
      return fc.oneof(
        fc.constantFrom('alice', 'developers', 'app.example', 'https://a.example/cb', 'a@b.example'),
        fc.string(),
      );
    default:
      return anything;
  }
}

function likelyObject({ properties = {} }: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, one]): [string, fc.Arbitrary<unknown>] => [
    name,
    fc.oneof({ weight: 4, arbitrary: likely(one, depth + 1) }, { weight: 1, arbitrary: anything }),
  ]);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
}

/** How much there is in every table, audit events and short-lived data left out. */
async function census(): Promise<string> {
  const { db } = server.harness.deps;
  const rows = await db
    .select({ name: sql<string>`tablename` })
    .from(sql`pg_tables`)
    .where(sql`schemaname = 'public' and tablename <> 'audit_events' and tablename not like 'ephemeral%'`)
    .orderBy(sql`tablename`);
  const parts = rows.map(
    ({ name }) =>
      sql`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${sql.identifier(name)} t`,
  );
  const digests = await Promise.all(parts.map((part) => db.execute(part)));
  return JSON.stringify(digests.map((one) => (one as unknown as { rows?: unknown }).rows ?? one));
}

const byName = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

describe.each(byName)('%s', (_name, route) => {
  const operation = operationOf(route);
  const body = operation.requestBody?.content['application/json']?.schema;
  const query = (operation.parameters ?? []).flatMap((one) => ('$ref' in one || one.in !== 'query' ? [] : [one]));

  it('answers whatever it is sent as the document says, and writes nothing that it refuses', async () => {
    const world = await openExampleWorld(server);
    const [line] = await world.requestFor({ ...route, example: {} });
    const values = fc.record(Object.fromEntries(query.map(({ name, schema }) => [name, likely(schema)])), {
      requiredKeys: [],
    });
    const bodies =
      body === undefined ? fc.option(anything, { nil: undefined, freq: 2 }) : fc.oneof(likely(body), anything);
    await fc.assert(
      fc.asyncProperty(values, bodies, async (parameters, sent) => {
        const search = new URLSearchParams(
          Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value).toWellFormed()]),
        ).toString();
        const before = await census();
        const payload = route.method === 'GET' ? undefined : sent;
        const answer = await world.call(
          `${line}${search === '' ? '' : `?${search}`}`,
          payload === undefined ? undefined : JSON.stringify(payload),
        );
        expect([answer.text, answer.status]).toEqual([answer.text, Math.min(answer.status, 499)]);
        if (answer.status >= 400) expect(await census()).toBe(before);
      }),
      { numRuns: 12 },
    );
    expect(server.logged).toEqual([]);
  });
});

it('the census sees what is written', async () => {
  const world = await openExampleWorld(server);
  const before = await census();
  expect((await world.call('POST /users', { userName: 'seen', displayName: 'Seen' })).status).toBe(201);
  expect(await census()).not.toBe(before);
});
