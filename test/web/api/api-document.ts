import { z } from 'zod';
import { openApiDocuments } from '../../../src/web/api/openapi/document.ts';
import type { OpenApiOperation, OpenApiResponse } from '../../../src/web/api/openapi/openapi.ts';
import { routeGroups, routes } from '../../../src/web/api/routes.ts';
import type { Route } from '../../../src/web/api/route-types.ts';

export const apiDocument = openApiDocuments(routeGroups)('https://id.example.com/demo');

/** What was answered, as far as the document speaks of it. */
export interface DocumentedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const patternOf = ({ path }: Route): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);

/** The route that serves a path under `/<alias>/api/v1`, as the router finds it. */
const routeAt = (method: string, path: string): Route | undefined =>
  routes.find((one) => one.method === (method === 'HEAD' ? 'GET' : method) && patternOf(one).test(path));

export function operationOf({ method, path }: Route): OpenApiOperation {
  const found = apiDocument.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`the document does not know ${method} ${path}`);
  return found;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema with its references where zod looks for them, refusing fields that it does not name. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  if (typeof value['$ref'] === 'string') return { $ref: value['$ref'].replace('#/components/schemas/', '#/$defs/') };
  const inner = Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'examples' && name !== 'x-shown-once')
      .map(([name, one]) => [name, name === 'enum' ? one : closed(one)]),
  );
  const ends = isObject(inner['properties']) && inner['additionalProperties'] === undefined;
  return ends ? { ...inner, additionalProperties: false } : inner;
}

const closedComponents = closed(apiDocument.components.schemas) as Record<string, unknown>;

const compiled = new WeakMap<object, z.ZodType>();

function schemaOf(part: object): z.ZodType {
  const known = compiled.get(part);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema({ ...(closed(part) as object), $defs: closedComponents } as Parameters<
    typeof z.fromJSONSchema
  >[0]);
  compiled.set(part, made);
  return made;
}

/** Throws unless a value is as this part of the document says. */
export function requireSchema(part: object, value: unknown, where: string): void {
  const { error } = schemaOf(part).safeParse(value);
  if (error !== undefined) throw new Error(`${where}: not as documented: ${z.prettifyError(error)}`);
}

const resolved = (answer: OpenApiOperation['responses'][string]): OpenApiResponse => {
  if (!('$ref' in answer)) return answer;
  const found = apiDocument.components.responses[answer.$ref.slice('#/components/responses/'.length)];
  if (found === undefined) throw new Error(`the document has no ${answer.$ref}`);
  return found;
};

/** Throws unless an answer is one that the document promises: status, media type, every field of the body, and the code of an error. */
export function requireDocumented(method: string, path: string, answer: DocumentedAnswer): void {
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (type === 'application/problem+json' && answer.text !== '') requireProblem(answer, `${method} ${path}`);
  const one = routeAt(method, path.split('?')[0] ?? '');
  if (one === undefined) return;
  const where = `${one.method} ${one.path} answered ${answer.status}`;
  const promised = operationOf(one).responses[answer.status];
  if (promised === undefined) throw new Error(`${where}: this status is not documented: ${answer.text.slice(0, 300)}`);
  const { content } = resolved(promised);
  if (answer.text === '') return;
  const media = content?.[type];
  if (media === undefined) throw new Error(`${where}: ${type} is not documented`);
  if (type === 'application/problem+json') requireCode(media.schema, answer, where);
  else if (type === 'application/json') requireSchema(media.schema, JSON.parse(answer.text), where);
}

function requireProblem(answer: DocumentedAnswer, where: string): void {
  const problem = JSON.parse(answer.text) as { status: number; requestId: string };
  requireSchema(apiDocument.components.schemas['Problem'] ?? {}, problem, where);
  if (problem.status !== answer.status) throw new Error(`${where}: the problem tells of another status`);
  if (problem.requestId !== answer.headers.get('x-request-id')) throw new Error(`${where}: another request id`);
}

function requireCode(
  schema: { properties?: Readonly<Record<string, { enum?: readonly unknown[] }>> },
  answer: DocumentedAnswer,
  where: string,
) {
  const { code } = JSON.parse(answer.text) as { code: string };
  const codes = schema.properties?.['code']?.enum ?? [];
  if (!codes.includes(code)) throw new Error(`${where} with ${code}, which the document does not name (refuses)`);
}
