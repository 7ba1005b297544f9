import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { createApplication } from '../../src/domain/applications/create-application.ts';
import { parseInput, pointerTo } from '../../src/domain/input-faults.ts';
import type { Operation, OperationOutline } from '../../src/domain/operation.ts';
import { operations } from '../../src/domain/operations.ts';
import type { Route } from '../../src/web/api/route-types.ts';
import { routes } from '../../src/web/api/routes.ts';
import { browserOnlyOperations } from '../support/browser-only-operations.ts';
import { faultyPaths, inputWith, type Place, placesOf } from '../security/support/input-schema.ts';
import { apiDocument, operationOf } from '../web/api/api-document.ts';

const webFolder = join(import.meta.dirname, '../../src/web');

const routesOf = ({ name }: OperationOutline) => routes.filter(({ operation }) => operation.name === name);

/** `selfService` is not part of what can be told of any operation. */
const isSelfService = (operation: OperationOutline): boolean => {
  const { selfService } = operation as Partial<Operation<unknown, unknown, unknown>>;
  return selfService !== undefined && selfService !== false;
};

const most = 20_000;

/** Texts of every form that a field could ask for, far too long. */
const longTexts = [
  ...['a', '1', ' ', '.', '-', '=', '漢'].map((one) => one.repeat(most)),
  `${'a'.repeat(most)}@example.com`,
  `a@${'a.'.repeat(most / 2)}com`,
  ...[`https://app.example.com/${'a'.repeat(most)}`, `https://${'a.'.repeat(most / 2)}com/`],
  ...[`v${'1'.repeat(most)}`, `86-${'1'.repeat(most)}`, `10.0.0.0/${'0'.repeat(most)}8`, `${'0:'.repeat(most)}:/1`],
  ...['PSTK', 'app_', 'sec_', 'mfa_', 'sig_'].map((prefix) => `${prefix}${'a'.repeat(most)}`),
  ...[`ram:${'a'.repeat(most)}`, `acs:ram:*:1:user/${'a'.repeat(most)}`],
  ...[`2026-01-01T00:00:00.${'0'.repeat(most)}Z`, `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(most)}$a`],
];

const statement = { Effect: 'Allow', Action: 'ram:GetUser', Resource: '*' };
const manyFields = Object.fromEntries(Array.from({ length: most }, (_one, index) => [`field${index}`, index]));

const tooMuch: Readonly<Record<Place['kind'], readonly unknown[]>> = {
  object: [manyFields],
  array: [Array<null>(most).fill(null)],
  string: longTexts,
  number: [1e300, -1e300, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY],
  unknown: [
    ...[...longTexts.slice(0, 2), manyFields, Array<null>(most).fill(null)],
    { Version: '1', Statement: Array.from({ length: most / 10 }, () => statement) },
    { Version: '1', Statement: [{ ...statement, Action: Array<string>(most).fill('ram:GetUser') }] },
  ],
};

/** Bounded by rules between the fields (application-rules.ts), which speak once the type is known: see the last test. */
const ruledBetweenFields = /\/(redirectUris|postLogoutRedirectUris)\/0$|\/backchannelLogoutUri$/;

/** At the place, or in what stands there. */
const isAt = (place: Place['path'], path: readonly PropertyKey[]): boolean =>
  place.every((part, index) => path[index] === part);

function faultPointers({ input: schema }: Pick<OperationOutline, 'input'>, input: unknown): readonly string[] {
  try {
    parseInput(schema, input);
  } catch (error) {
    if (error instanceof AppError) return (error.faults ?? []).map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

describe.each(operations)('$name', (operation) => {
  const places = placesOf(operation.input);

  test('is reached by REST, or else by a page alone, and stands in the document with its action', () => {
    const found = routesOf(operation);
    expect(found.length > 0).toBe(!browserOnlyOperations.has(operation.name));
    for (const route of found) {
      expect(route.operation).toMatchObject({ action: operation.action, effect: operation.effect });
      expect(operationOf(route)['x-ram-action']).toBe(operation.action);
    }
  });

  test('is asked for by GET where it reads, else by another method; POST only where reading takes a body', () => {
    const isReading = ({ method, body }: Route) => method === 'GET' || (method === 'POST' && body !== undefined);
    for (const route of routesOf(operation)) {
      const fits = operation.effect === 'read' ? isReading(route) : route.method !== 'GET';
      expect([route.method, fits]).toEqual([route.method, true]);
    }
  });

  test('says in its action’s name whether it reads', () => {
    expect(operation.action).toMatch(/^(ram|postern):[A-Z][A-Za-z]+$/);
    expect(/^\w+:(Get|List)[A-Z]/.test(operation.action)).toBe(operation.effect === 'read');
  });

  test('knows its fields, at every level, and points to any other', () => {
    expect(places[0]).toEqual({ path: [], kind: 'object' });
    for (const { path, kind } of places) {
      if (kind !== 'object') continue;
      const input = inputWith(path, { surprise: 1 });
      expect([path, faultPointers(operation, input)]).toEqual([
        path,
        expect.arrayContaining([pointerTo([...path, 'surprise'])]),
      ]);
    }
  });

  test('takes nothing of any length', () => {
    for (const { path, kind } of places) {
      if (ruledBetweenFields.test(pointerTo(path))) continue;
      for (const [index, value] of tooMuch[kind].entries()) {
        const told = faultyPaths(operation.input, inputWith(path, value)).some((one) => isAt(path, one));
        expect([pointerTo(path), kind, index, told]).toEqual([pointerTo(path), kind, index, true]);
      }
    }
  });

  test('is open to everybody on themselves alone, if at all', () => {
    if (!isSelfService(operation)) {
      for (const { path } of routesOf(operation)) expect(path).not.toMatch(/^\/me(\/|$)/);
      return;
    }
    for (const { path } of routesOf(operation)) expect(path).toMatch(/^\/me(\/|$)/);
    const whoElse = places.filter(({ path }) =>
      /^(user|userName|userId|accountId|groupName)$/.test(String(path.at(-1))),
    );
    expect(whoElse).toEqual([]);
  });
});

test('addresses of applications are not of any length either', () => {
  const web = { displayName: 'Mail', type: 'web', redirectUris: ['https://app.example.com/'] };
  for (const long of longTexts) {
    const addresses = { redirectUris: [long], postLogoutRedirectUris: [long], backchannelLogoutUri: long };
    const pointers = faultPointers(createApplication, { ...web, ...addresses });
    expect(pointers).toEqual(['/redirectUris/0', '/postLogoutRedirectUris/0', '/backchannelLogoutUri']);
  }
});

/** What pages are made of, as text. */
const pageSources = ['portal', 'logon'].flatMap((folder) =>
  globSync('**/*.ts', { cwd: join(webFolder, folder) }).map((file) =>
    readFileSync(join(webFolder, folder, file), 'utf8'),
  ),
);

test.each([...browserOnlyOperations])('%s has no address, and is performed by a page', (name) => {
  expect(operations.map((operation) => operation.name)).toContain(name);
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  // Imported, and used.
  const mentions = new RegExp(`\\b${constant}\\b[^]*\\b${constant}\\b`);
  expect(pageSources.some((source) => mentions.test(source))).toBe(true);
});

test('every route leads to an operation of the table', () => {
  const known = new Set(operations.map(({ name }) => name));
  expect(routes.filter(({ operation }) => !known.has(operation.name)).map(({ path }) => path)).toEqual([]);
});

test('the document has no operation beside them', () => {
  const told = Object.values(apiDocument.paths).flatMap((item) => Object.values(item));
  const actions = new Set(operations.map(({ action }) => action));
  expect(told.filter((one) => !actions.has(String(one['x-ram-action'])))).toEqual([]);
});
