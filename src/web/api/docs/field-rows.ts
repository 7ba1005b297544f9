import type { ApiFieldView } from '../../views/pages/api-pages.ts';
import { type Components, type JsonSchema, resolveSchema } from '../openapi/json-schema.ts';

/** The fields of a body, those of objects within as `consoleLogon.password`. Of alternatives the first is told. */
export function fieldRows(schema: JsonSchema, components: Components, prefix = ''): ApiFieldView[] {
  const whole = resolveSchema(schema, components);
  const [first] = whole.oneOf ?? whole.anyOf ?? [];
  if (whole.properties === undefined) return first === undefined ? [] : fieldRows(first, components, prefix);
  return Object.entries(whole.properties).flatMap(([name, property]) => {
    const required = whole.required?.includes(name) === true;
    const resolved = resolveSchema(property, components);
    const { description = '' } = { ...resolved, ...property };
    const row = {
      name: `${prefix}${name}`,
      type: typeInWords(property, components),
      required,
      description,
      example: '',
    };
    return resolved.properties === undefined ? [row] : [row, ...fieldRows(property, components, `${row.name}.`)];
  });
}

const formats: Readonly<Record<string, string>> = { 'date-time': 'time', email: 'e-mail address', uri: 'address' };

/** What a value may be, for people. */
export function typeInWords(schema: JsonSchema, components: Components): string {
  const whole = resolveSchema(schema, components);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum !== undefined) return whole.enum.map(String).join(', ');
  const alternatives = whole.anyOf ?? whole.oneOf;
  if (alternatives !== undefined) return wordsOf(alternatives.map((one) => typeInWords(one, components)));
  if (whole.type === 'array')
    return `list of ${whole.items === undefined ? 'anything' : typeInWords(whole.items, components)}`;
  const types: readonly string[] = whole.type === undefined ? [] : [whole.type].flat();
  return wordsOf(
    types.map((type) => (type === 'string' ? (formats[whole.format ?? ''] ?? 'text') : (typeNames[type] ?? type))),
  );
}

const typeNames: Readonly<Record<string, string>> = { boolean: 'true or false', integer: 'whole number' };

const wordsOf = (types: readonly string[]): string =>
  types.length === 0 ? 'anything' : [...new Set(types)].join(' or ');
