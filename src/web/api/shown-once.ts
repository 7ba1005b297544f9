import { z } from 'zod';

/** The keyword of the document that marks a secret: it is in the answer that made it, and in none that repeats that answer. */
export const shownOnceKeyword = 'x-shown-once';

/** A secret in an answer's schema. Whatever is not marked by it is stored with the answer that a repeated request gets. */
export const shownOnce = (description: string) => z.string().meta({ description, [shownOnceKeyword]: true });

/** An answer to keep: without its secrets, and the JSON Pointers of those that it had. */
export interface KeptAnswer {
  readonly body: unknown;
  readonly withheld: readonly string[];
}

/** Takes the secrets out of an answer, by its schema. */
export function withoutSecrets(schema: z.ZodType | undefined, body: unknown): KeptAnswer {
  const withheld: string[] = [];
  const plain: unknown = body === undefined ? null : JSON.parse(JSON.stringify(body));
  return { body: strip(plain, schema === undefined ? [] : [schema], { pointer: '', withheld }), withheld };
}

interface Place {
  readonly pointer: string;
  readonly withheld: string[];
}

/** `schemas`: whichever may describe the value. */
function strip(value: unknown, schemas: readonly z.ZodType[], place: Place): unknown {
  const all = schemas.flatMap(alternatives);
  if (Array.isArray(value)) {
    const items = all.flatMap((schema) => (schema instanceof z.ZodArray ? [schema.element as z.ZodType] : []));
    return value.map((item, index) => strip(item, items, { ...place, pointer: `${place.pointer}/${index}` }));
  }
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const pointer = `${place.pointer}/${name}`;
    const ofField = all.flatMap((schema) => fieldOf(schema, name));
    if (!ofField.some(isSecret)) return [[name, strip(field, ofField, { ...place, pointer })]];
    place.withheld.push(pointer);
    return [];
  });
  return Object.fromEntries(kept);
}

function fieldOf(schema: z.ZodType, name: string): z.ZodType[] {
  const field = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>)[name] : undefined;
  return field === undefined ? [] : [field];
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).flatMap(alternatives);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return alternatives(schema.unwrap() as z.ZodType);
  return [schema];
}

const isSecret = (schema: z.ZodType): boolean =>
  [schema, ...alternatives(schema)].some((one) => one.meta()?.[shownOnceKeyword] === true);
