import { type Components, type JsonSchema, resolveSchema } from '../../web/api/openapi/json-schema.ts';
import { singular } from './verb-names.ts';

/** How a value is written on the command line. */
export type FieldKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly of: 'text' | 'number' }
  /** Anything with parts of its own: given as JSON. */
  | { readonly kind: 'json' }
  /** The content of a file. */
  | { readonly kind: 'file' }
  /** Never an argument, which others on the machine can see. */
  | { readonly kind: 'secret' };

/** A field of a request. */
export type Field = FieldKind & {
  readonly name: string;
  readonly required: boolean;
  /** Whether a change can take it away. */
  readonly nullable: boolean;
  readonly description: string | undefined;
};

/** Fields with such names hold what proves somebody's identity, unless their type cannot hold a secret. */
const secretName = /(?:password|passwordHash|secret|token|seed|pin)$|^(?:code|otp)\d*$|^.*AuthenticationCode\d*$/i;

/** `aliasName` -> `alias-name` */
export const kebabCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** The fields of an object's schema, in its order. */
export function fieldsOf(schema: JsonSchema, components: Components): Field[] {
  const required = schema.required ?? [];
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    toField(name, property, { components, required: required.includes(name) }),
  );
}

export function toField(
  name: string,
  property: JsonSchema,
  { components, required }: { components: Components; required: boolean },
): Field {
  const whole = resolveSchema(property, components);
  const { schema, nullable } = withoutNull(whole, components);
  const description = property.description ?? whole.description ?? schema.description;
  return { ...kindOf(name, schema, components), name, required, nullable, description };
}

function withoutNull(schema: JsonSchema, components: Components): { schema: JsonSchema; nullable: boolean } {
  if (Array.isArray(schema.type)) {
    const types = (schema.type as readonly string[]).filter((type) => type !== 'null');
    return { schema: { ...schema, type: types[0] ?? 'null' }, nullable: types.length < schema.type.length };
  }
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null');
  const [only] = rest ?? [];
  if (only === undefined || rest?.length !== 1) return { schema, nullable: rest?.length !== schema.anyOf?.length };
  return { schema: resolveSchema(only, components), nullable: rest.length !== schema.anyOf?.length };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function kindOf(name: string, schema: JsonSchema, components: Components): FieldKind {
  const choices = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (choices?.every(isText) === true) return { kind: 'choice', choices };
  if (schema.type === 'boolean') return { kind: 'boolean' };
  if (schema.type === 'integer' || schema.type === 'number') return { kind: 'number' };
  if (schema.type === 'array') return listKind(schema, components);
  if (schema.type !== 'string') return isUnion(schema, 'string') ? { kind: 'text' } : { kind: 'json' };
  if (schema.contentEncoding === 'base64') return { kind: 'file' };
  return secretName.test(name) ? { kind: 'secret' } : { kind: 'text' };
}

/** Whether every alternative is of this type. */
const isUnion = (schema: JsonSchema, type: string): boolean =>
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((one) => one.type === type) &&
  [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].every((one) => one.type === type);

function listKind(schema: JsonSchema, components: Components): FieldKind {
  const type = schema.items === undefined ? undefined : resolveSchema(schema.items, components).type;
  if (type === 'string') return { kind: 'list', of: 'text' };
  return type === 'integer' || type === 'number' ? { kind: 'list', of: 'number' } : { kind: 'json' };
}

/** The name of a field's option, without the hyphens: one of a list at a time. */
export const optionName = ({ name, kind }: Field): string => {
  const words = kebabCase(name).split('-');
  return kind === 'list' ? [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('-') : words.join('-');
};
