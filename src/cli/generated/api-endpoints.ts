import { openApiDocuments } from '../../web/api/openapi/document.ts';
import type { Components, JsonSchema } from '../../web/api/openapi/json-schema.ts';
import { resolveSchema } from '../../web/api/openapi/json-schema.ts';
import {
  jsonType,
  type OpenApiOperation,
  type OpenApiParameter,
  type OpenApiResponse,
} from '../../web/api/openapi/openapi.ts';
import { routeGroups } from '../../web/api/routes.ts';
import type { ApiRequest } from '../client/management-api.ts';
import { secondNameOf, type VerbName, verbNameOf, wholeNameOf } from './verb-names.ts';

/** An endpoint of the management API, as the OpenAPI document tells it. */
export interface ApiEndpoint {
  readonly method: ApiRequest['method'];
  /** `/users/{userName}` */
  readonly path: string;
  readonly operation: OpenApiOperation;
  readonly components: Components;
}

/** An endpoint by the name of one of its verbs. */
export interface NamedEndpoint {
  readonly name: VerbName;
  readonly endpoint: ApiEndpoint;
  /** `turned`: the last part of the address comes first. `whole`: the list is had in one, in another media type than JSON. */
  readonly manner: 'usual' | 'turned' | 'whole';
}

/** Every endpoint by its verbs: of the same document that the server shows. */
export function namedEndpoints(): readonly NamedEndpoint[] {
  const { paths, components } = openApiDocuments(routeGroups)('');
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      const endpoint: ApiEndpoint = {
        ...{ method: method.toUpperCase() as ApiEndpoint['method'], path, operation },
        components: components.schemas,
      };
      const shape = { ...endpoint, isList: itemsOf(endpoint) !== undefined };
      const [name, second] = [verbNameOf(shape), secondNameOf(shape)];
      return [
        ...(name === undefined ? [] : [{ name, endpoint, manner: 'usual' as const }]),
        ...(second === undefined ? [] : [{ name: second, endpoint, manner: 'turned' as const }]),
        ...(wholeTypeOf(endpoint) === undefined
          ? []
          : [{ name: wholeNameOf(shape), endpoint, manner: 'whole' as const }]),
      ];
    }),
  );
}

function goodContent({ operation }: ApiEndpoint): NonNullable<OpenApiResponse['content']> {
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
  return good !== undefined && 'description' in good ? (good.content ?? {}) : {};
}

/** The media type in which a list can be had whole; undefined where it cannot. */
export const wholeTypeOf = (endpoint: ApiEndpoint): string | undefined =>
  Object.keys(goodContent(endpoint)).find((type) => type !== jsonType);

/** What it answers when all is well; undefined where that is nothing. */
function answerOf(endpoint: ApiEndpoint): JsonSchema | undefined {
  const schema = goodContent(endpoint)[jsonType]?.schema;
  return schema === undefined ? undefined : resolveSchema(schema, endpoint.components);
}

/** The form of one item, where it answers a list and nothing else. */
export function itemsOf(endpoint: ApiEndpoint): JsonSchema | undefined {
  const answer = answerOf(endpoint);
  const items = answer?.properties?.['items'];
  const others = Object.keys(answer?.properties ?? {}).filter((name) => !['items', 'nextCursor'].includes(name));
  return items?.items === undefined || others.length > 0 ? undefined : resolveSchema(items.items, endpoint.components);
}

/** What stands in the address, or behind it in the query. */
export const parametersIn = (place: 'path' | 'query', { operation }: ApiEndpoint): OpenApiParameter[] =>
  (operation.parameters ?? []).flatMap((one) => ('in' in one && one.in === place ? [one] : []));

/** The form of the body, and one to show; undefined where it takes none. Of one or many, one. */
export function bodyOf({ operation, components }: ApiEndpoint): { schema: JsonSchema; example: unknown } | undefined {
  const media = operation.requestBody?.content[jsonType];
  if (media === undefined) return undefined;
  const whole = resolveSchema(media.schema, components);
  const one = whole.oneOf?.find((alternative) => resolveSchema(alternative, components).properties !== undefined);
  return { schema: resolveSchema(one ?? whole, components), example: media.example };
}
