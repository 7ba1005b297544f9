import { shownOnceKeyword } from '../shown-once.ts';
import { type Components, type JsonSchema, resolveSchema } from './json-schema.ts';

const texts: Readonly<Record<string, string>> = {
  'date-time': '2026-11-22T06:19:00.000Z',
  date: '2026-11-22',
  email: 'alice@example.com',
  uri: 'https://app.example.com/',
};

/** A value that a schema describes, made of the examples at its parts; an optional field is shown where it has one. */
export function sampleOf(schema: JsonSchema, components: Components): unknown {
  const whole = resolveSchema(schema, components);
  if (whole.examples !== undefined) return whole.examples[0];
  if (whole[shownOnceKeyword] === true && whole.type === 'string') return '…';
  if (whole.const !== undefined) return whole.const;
  if (whole.enum !== undefined) return whole.enum[0];
  const alternatives = whole.anyOf ?? whole.oneOf;
  if (alternatives !== undefined) return sampleOfOne(alternatives, components);
  return sampleOfType(whole, components);
}

/** The first that shows an example of its own; else null where that may be, else the first. */
function sampleOfOne(alternatives: readonly JsonSchema[], components: Components): unknown {
  const [first] = alternatives;
  const shown = alternatives.find((alternative) => hasExample(alternative, components));
  if (shown !== undefined) return sampleOf(shown, components);
  return first === undefined || alternatives.some(({ type }) => type === 'null') ? null : sampleOf(first, components);
}

function hasExample(schema: JsonSchema, components: Components): boolean {
  const whole = resolveSchema(schema, components);
  return (
    whole.examples !== undefined || Object.values(whole.properties ?? {}).some((one) => hasExample(one, components))
  );
}

function sampleOfType(schema: JsonSchema, components: Components): unknown {
  if (Array.isArray(schema.type) && schema.type.includes('null')) return null;
  switch (schema.type) {
    case 'object':
      return sampleOfObject(schema, components);
    case 'array':
      return schema.items === undefined ? [] : [sampleOf(schema.items, components)];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'null':
      return null;
    default:
      return texts[schema.format ?? ''] ?? 'text';
  }
}

function sampleOfObject({ properties = {}, required = [] }: JsonSchema, components: Components): unknown {
  const shown = Object.entries(properties).filter(
    ([name, property]) => required.includes(name) || property[shownOnceKeyword] || hasExample(property, components),
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, sampleOf(property, components)]));
}
