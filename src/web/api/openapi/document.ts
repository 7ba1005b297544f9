import type { Route, RouteGroup } from '../route-types.ts';
import { problemSchema, sharedErrorAnswers } from './error-answers.ts';
import { type Components, convertSchemas, type JsonSchema } from './json-schema.ts';
import type { OpenApiDocument, OpenApiOperation } from './openapi.ts';
import { describeOperation, openApiPath } from './operations.ts';
import { apiDescription, headers, parameters, securityScheme } from './wording.ts';

/** Makes the document for an issuer out of the routes, which are read once. */
export function openApiDocuments(groups: readonly RouteGroup[]): (issuer: string) => OpenApiDocument {
  const { paths, schemas } = describeRoutes(groups);
  const tags = new Map(groups.map(({ tag, description }) => [tag, description]));
  return (issuer) => ({
    openapi: '3.1.1',
    info: {
      title: 'Postern management API',
      version: '1',
      summary: 'Users, credentials, rights and applications of an account.',
      description: apiDescription,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${issuer}/api/v1` }],
    security: [{ management: ['management:read'] }],
    tags: [...tags].map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas,
      responses: sharedErrorAnswers,
      parameters,
      headers,
      securitySchemes: { management: securityScheme(issuer) },
    },
  });
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

function describeRoutes(groups: readonly RouteGroup[]) {
  const routes = groups.flatMap((group) => group.routes);
  const inputs = convertSchemas(new Map(routes.map((one) => [nameOf(one), one.input])), 'input');
  const answers = convertSchemas(
    new Map(routes.flatMap((one) => (one.answer === undefined ? [] : [[nameOf(one), one.answer] as const]))),
    'output',
  );
  const schemas = joined(inputs.components, answers.components);
  const ids = operationIds(routes);
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const { tag, routes: ofGroup } of groups) {
    for (const one of ofGroup) {
      const input = inputs.converted.get(nameOf(one));
      if (input === undefined) throw new Error(`the input of ${nameOf(one)} was not converted`);
      const operationId = ids.get(one) ?? '';
      const answer = answers.converted.get(nameOf(one));
      const operation = describeOperation(one, { operationId, tag, input, answer, components: schemas });
      paths[openApiPath(one.path)] = { ...paths[openApiPath(one.path)], [one.method.toLowerCase()]: operation };
    }
  }
  return { paths, schemas: { ...schemas, Problem: problemSchema } };
}

/** Components of both directions. One name for two shapes would leave one of them untold. */
function joined(inputs: Components, answers: Components): Components {
  const differing = Object.keys(inputs).filter(
    (name) => answers[name] !== undefined && JSON.stringify(answers[name]) !== JSON.stringify(inputs[name]),
  );
  if (differing.length > 0)
    throw new Error(`named alike in requests and answers, but of two shapes: ${differing.join()}`);
  return { ...inputs, ...answers } satisfies Record<string, JsonSchema>;
}

const camelCase = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
const pascalCase = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The operation's name; where several routes lead to it, what tells them apart comes behind. */
function operationIds(routes: readonly Route[]): ReadonlyMap<Route, string> {
  const taken = new Set<string>();
  const ids = new Map<Route, string>();
  for (const one of routes) {
    const name = camelCase(one.operation.name);
    const last = /:(\w+)$/.exec(one.path)?.[1];
    const candidates = [
      name,
      ...(last === undefined ? [] : [`${name}By${pascalCase(last)}`]),
      `${name}By${pascalCase(one.method.toLowerCase())}`,
      `${name}At${one.path
        .split(/[^A-Za-z]+/)
        .map(pascalCase)
        .join('')}`,
    ];
    const id = candidates.find((candidate) => !taken.has(candidate));
    if (id === undefined) throw new Error(`${nameOf(one)}: no name is left for it`);
    taken.add(id);
    ids.set(one, id);
  }
  return ids;
}
