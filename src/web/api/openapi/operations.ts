import { parameterExamples } from '../parameter-examples.ts';
import { placeholdersOf } from '../read-input.ts';
import type { Route } from '../route-types.ts';
import type { WholeForm } from '../whole-form.ts';
import { errorAnswers } from './error-answers.ts';
import { type Components, fieldSchema, type JsonSchema, resolveSchema, withoutFields } from './json-schema.ts';
import {
  jsonType,
  type OpenApiOperation,
  type OpenApiParameter,
  type OpenApiResponse,
  type Reference,
} from './openapi.ts';
import { sampleOf } from './sample.ts';

/** What is told of a route beside what it says itself. */
export interface RouteContext {
  readonly operationId: string;
  readonly tag: string;
  readonly input: JsonSchema;
  readonly answer: JsonSchema | undefined;
  readonly components: Components;
}

/** `/users/:userName` as OpenAPI writes it. */
export const openApiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

/** One operation of the document. Throws where a placeholder or the body is no field of the operation's input. */
export function describeOperation(route: Route, context: RouteContext): OpenApiOperation {
  const parameters = [
    ...pathParameters(route, context),
    ...queryParameters(route, context),
    ...headerParameters(route),
  ];
  const body = requestBody(route, context);
  const scopes = route.operation.effect === 'read' ? ['management:read'] : ['management:read', 'management:full'];
  return {
    operationId: context.operationId,
    tags: [context.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    'x-ram-action': route.operation.action,
    security: [{ management: scopes }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [route.status]: goodAnswer(route, context),
      ...(route.hasEtag ? notModified : {}),
      ...errorAnswers(route),
    },
  };
}

function inputField(route: Route, { input, components }: RouteContext, path: readonly string[]): JsonSchema {
  const found = path.reduce<JsonSchema | undefined>(
    (schema, name) => schema && fieldSchema(schema, name, components),
    input,
  );
  if (found === undefined) throw new Error(`${route.method} ${route.path}: the input has no field ${path.join('.')}`);
  return found;
}

function pathParameters(route: Route, context: RouteContext): OpenApiParameter[] {
  return placeholdersOf(route.path).map((name) => {
    const example = parameterExamples[name];
    if (example === undefined) throw new Error(`${route.path}: parameter-examples.ts has no example of ${name}`);
    const schema = inputField(route, context, route.paramsIn === undefined ? [name] : [route.paramsIn, name]);
    return { name, in: 'path', required: true, schema, example };
  });
}

function queryParameters(route: Route, context: RouteContext): OpenApiParameter[] {
  const required = resolveSchema(context.input, context.components).required ?? [];
  const ofInput = route.queryNames.map((name): OpenApiParameter => {
    const { description, ...schema } = inputField(route, context, [name]);
    const example = route.example?.query?.[name];
    return {
      ...{ name, in: 'query', schema },
      ...(required.includes(name) ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      ...(example === undefined ? {} : { example: typed(example) }),
    };
  });
  return route.wholeAs === undefined ? ofInput : [...ofInput, formatParameter(route.wholeAs)];
}

const formatParameter = ({ format, mediaType, isUsual = false }: WholeForm): OpenApiParameter => ({
  ...{ name: 'format', in: 'query', schema: { type: 'string', enum: ['json', format] } },
  description: isUsual
    ? `With \`json\`, or \`Accept: ${jsonType}\`, one page is answered; else the whole list as \`${format}\`.`
    : `With \`${format}\` the whole list is answered, as with \`Accept: ${mediaType}\`.`,
});

/** An example of a query's value as its schema types it. */
const typed = (text: string): string | number | boolean =>
  /^(?:true|false|[0-9]+)$/.test(text) ? (JSON.parse(text) as number | boolean) : text;

function headerParameters(route: Route): Reference[] {
  const names = [
    ...(route.hasEtag ? ['If-None-Match'] : []),
    ...(route.guardedBy !== undefined ? ['If-Match'] : []),
    ...(route.creates === true ? ['If-None-Match-Any'] : []),
    ...(route.takesIdempotencyKey ? ['Idempotency-Key'] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function bodySchema(route: Route, context: RouteContext): JsonSchema | undefined {
  const { body, oneOrMany, path, given = {} } = route;
  if (body === undefined) return undefined;
  if (body === '') {
    const whole = resolveSchema(context.input, context.components);
    return withoutFields(whole, [...placeholdersOf(path), ...Object.keys(given)]);
  }
  const field = inputField(route, context, [body]);
  if (oneOrMany !== true) return field;
  const one = resolveSchema(field, context.components).items;
  if (one === undefined) throw new Error(`${route.method} ${path}: ${body} is no array`);
  return { oneOf: [one, field] };
}

function requestBody(route: Route, context: RouteContext): OpenApiOperation['requestBody'] {
  const schema = bodySchema(route, context);
  if (schema === undefined) return undefined;
  const example = route.example?.body;
  const media = { schema, ...(example === undefined ? {} : { example }) };
  const content = { ...(route.method === 'PATCH' ? { 'application/merge-patch+json': media } : {}), [jsonType]: media };
  return {
    required: resolveSchema(schema, context.components).required !== undefined || route.oneOrMany === true,
    content,
  };
}

const notModified: Readonly<Record<string, OpenApiResponse>> = {
  304: { description: 'Not modified: what `If-None-Match` names is what there is.' },
};

const header = (name: string): Reference => ({ $ref: `#/components/headers/${name}` });

const replay = {
  'Idempotent-Replayed': header('Idempotent-Replayed'),
  'Withheld-Secrets': header('Withheld-Secrets'),
};

function goodAnswer(route: Route, { answer, components }: RouteContext): OpenApiResponse {
  const headers = {
    'X-Request-Id': header('X-Request-Id'),
    RateLimit: header('RateLimit'),
    'RateLimit-Policy': header('RateLimit-Policy'),
    ...(route.hasEtag ? { ETag: header('ETag') } : {}),
    ...(route.tellsLocation ? { Location: header('Location') } : {}),
    ...(route.takesIdempotencyKey ? replay : {}),
  };
  if (answer === undefined) return { description: 'Done.', headers };
  const example = route.example?.answer ?? sampleOf(answer, components);
  const description = route.status === 201 ? 'Made.' : 'Here it is.';
  const whole = route.wholeAs === undefined ? {} : { [route.wholeAs.mediaType]: { schema: { type: 'string' } } };
  return { description, headers, content: { [jsonType]: { schema: answer, example }, ...whole } };
}
