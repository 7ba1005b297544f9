import { STATUS_CODES } from 'node:http';
import type { ApiFieldView, ApiOperationView } from '../../views/pages/api-pages.ts';
import { type JsonSchema, resolveSchema } from '../openapi/json-schema.ts';
import {
  jsonType,
  type OpenApiDocument,
  type OpenApiOperation,
  type OpenApiParameter,
  type OpenApiResponse,
  problemType,
  type Reference,
} from '../openapi/openapi.ts';
import { curlExample } from './curl-example.ts';
import { fieldRows, typeInWords } from './field-rows.ts';

interface Located {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenApiOperation;
}

/** One operation as its page shows it. */
export function viewOperation(document: OpenApiDocument, { path, method, operation }: Located): ApiOperationView {
  const { schemas } = document.components;
  const parameters = (operation.parameters ?? []).map((one) => resolveParameter(document, one));
  const [bodyType = '', body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const goodAnswer = good === undefined ? undefined : resolveResponse(document, good[1]);
  return {
    id: operation.operationId,
    href: `#${operation.operationId}`,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    description: operation.description ?? '',
    action: operation['x-ram-action'],
    scopes: operation.security.flatMap((one) => one['management'] ?? []).join(' '),
    parameters: parameters.map((one) => ({ ...viewParameter(one, document), place: one.in })),
    bodyFields: body === undefined ? [] : fieldRows(body.schema, schemas),
    bodyType,
    bodyExample: body === undefined ? '' : JSON.stringify(body.example ?? {}, null, 2),
    curl: curlExample({
      method,
      path,
      parameters,
      bodyType,
      body: body === undefined ? undefined : (body.example ?? {}),
    }),
    status: good === undefined ? '' : `${good[0]} ${STATUS_CODES[good[0]] ?? ''}`,
    answerExample: exampleOf(goodAnswer),
    errors: errorsOf(document, operation),
  };
}

const exampleOf = (answer: OpenApiResponse | undefined): string => {
  const example = answer?.content?.[jsonType]?.example;
  return example === undefined ? '' : JSON.stringify(example, null, 2);
};

const viewParameter = (one: OpenApiParameter, document: OpenApiDocument): ApiFieldView => ({
  name: one.name,
  type: typeInWords(resolveSchema(one.schema, document.components.schemas), document.components.schemas),
  required: one.required === true,
  description: one.description ?? '',
  example: one.example === undefined ? '' : String(one.example),
});

const lastPart = ({ $ref }: Reference): string => $ref.slice($ref.lastIndexOf('/') + 1);

function resolveParameter({ components }: OpenApiDocument, one: OpenApiParameter | Reference): OpenApiParameter {
  if (!('$ref' in one)) return one;
  const found = components.parameters[lastPart(one)];
  if (found === undefined) throw new Error(`no parameter is named ${one.$ref}`);
  return found;
}

function resolveResponse({ components }: OpenApiDocument, one: OpenApiResponse | Reference): OpenApiResponse {
  if (!('$ref' in one)) return one;
  const found = components.responses[lastPart(one)];
  if (found === undefined) throw new Error(`no answer is named ${one.$ref}`);
  return found;
}

function errorsOf(document: OpenApiDocument, operation: OpenApiOperation): ApiOperationView['errors'] {
  return Object.entries(operation.responses).flatMap(([status, answer]) => {
    const schema: JsonSchema | undefined = resolveResponse(document, answer).content?.[problemType]?.schema;
    const codes = schema?.properties?.['code']?.enum;
    return codes === undefined ? [] : [{ status, codes: codes.map(String) }];
  });
}
