import { z } from 'zod';

type PlaceKind = 'object' | 'array' | 'string' | 'number' | 'unknown';

/** A place in an input where something without a natural end can stand, or fields that nobody asked for. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly kind: PlaceKind;
}

/** Every such place of a schema, the alternatives' too. Throws on a kind of schema that it does not know, so that none is passed over. */
export function placesOf(schema: z.core.$ZodType, path: Place['path'] = []): Place[] {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape as Record<string, z.core.$ZodType>);
    return [{ path, kind: 'object' }, ...fields.flatMap(([name, field]) => placesOf(field, [...path, name]))];
  }
  if (schema instanceof z.ZodArray) return [{ path, kind: 'array' }, ...placesOf(schema.element, [...path, 0])];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => placesOf(option, path));
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return placesOf(schema.unwrap(), path);
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral || schema instanceof z.ZodBoolean) return [];
  const kind = kindOf(schema);
  if (kind === undefined) throw new Error(`a schema of type ${schema._zod.def.type} at /${path.join('/')}`);
  return [{ path, kind }];
}

const endless: Readonly<Record<string, PlaceKind>> = { string: 'string', number: 'number', unknown: 'unknown' };

const kindOf = (schema: z.core.$ZodType): PlaceKind | undefined => endless[schema._zod.def.type];

/** An input with nothing in it but this value at its place. */
export function inputWith([first, ...rest]: Place['path'], value: unknown): unknown {
  if (first === undefined) return value;
  const inner = inputWith(rest, value);
  return typeof first === 'number' ? [inner] : { [first]: inner };
}

/** Where a schema finds faults in an input, those of alternatives included. */
export function faultyPaths(schema: z.ZodType, input: unknown): PropertyKey[][] {
  const pathsOf = (issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[]): PropertyKey[][] =>
    issues.flatMap((issue) => {
      const path = [...base, ...issue.path];
      return [path, ...(issue.code === 'invalid_union' ? issue.errors.flatMap((one) => pathsOf(one, path)) : [])];
    });
  return pathsOf(schema.safeParse(input).error?.issues ?? [], []);
}
