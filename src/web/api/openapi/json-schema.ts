import { z } from 'zod';
import { shownOnceKeyword } from '../shown-once.ts';

/** A JSON Schema (2020-12) as zod writes it, with references into the document's components. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly contentEncoding?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [shownOnceKeyword]?: boolean;
}

export type Components = Readonly<Record<string, JsonSchema>>;

const componentAddress = '#/components/schemas/';

/**
 * Converts schemas together, so that each part with `meta({ id })` becomes one component. Inputs are told as they are sent (a field with a
 * default may be absent) and refuse what they do not name; answers may grow fields, so they do not say that they end.
 */
export function convertSchemas(
  schemas: ReadonlyMap<string, z.ZodType>,
  io: 'input' | 'output',
): { readonly converted: ReadonlyMap<string, JsonSchema>; readonly components: Components } {
  const all = z.toJSONSchema(z.object(Object.fromEntries(schemas)), {
    ...{ io, unrepresentable: 'any', target: 'draft-2020-12' },
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  const { properties = {}, $defs = {} } = JSON.parse(
    JSON.stringify(all).replaceAll('"#/$defs/', `"${componentAddress}`),
    io === 'output' ? withoutRequiredSecrets : undefined,
  ) as { properties?: Record<string, JsonSchema>; $defs?: Record<string, JsonSchema> };
  return { converted: new Map(Object.entries(properties)), components: $defs };
}

/** A secret is in the answer that made it, and in none that repeats that answer. */
function withoutRequiredSecrets(_key: string, value: unknown): unknown {
  const { properties, required } = (value ?? {}) as JsonSchema;
  if (properties === undefined || !Array.isArray(required)) return value;
  const always = (required as readonly string[]).filter((name) => properties[name]?.[shownOnceKeyword] !== true);
  return { ...(value as JsonSchema), required: always };
}

/** The schema that a reference leads to. Throws where it leads nowhere. */
export function resolveSchema(schema: JsonSchema, components: Components): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const found = components[schema.$ref.slice(componentAddress.length)];
  if (found === undefined) throw new Error(`no component is named ${schema.$ref}`);
  return found;
}

/** A field of an object, or of whichever alternative has it. */
export function fieldSchema(schema: JsonSchema, name: string, components: Components): JsonSchema | undefined {
  const whole = resolveSchema(schema, components);
  const own = whole.properties?.[name];
  if (own !== undefined) return own;
  for (const alternative of [...(whole.anyOf ?? []), ...(whole.oneOf ?? [])]) {
    const found = fieldSchema(alternative, name, components);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same object without some of its fields. */
export function withoutFields(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const left = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  const required = schema.required?.filter((name) => !names.includes(name)) ?? [];
  const { required: _required, ...rest } = schema;
  return { ...rest, properties: Object.fromEntries(left), ...(required.length > 0 ? { required } : {}) };
}
