import fc from 'fast-check';
import { z } from 'zod';

/** Values to try for fields of these names, at whatever depth they stand. */
export type Pools = Readonly<Record<string, readonly unknown[]>>;

/** What has no pool of its own. */
const anyText = ['quiet-text'];

/** Inputs that a schema takes, of the values in the pools: for walking through operations as callers would use them. */
export function likelyInputs(schema: z.core.$ZodType, pools: Pools, name = ''): fc.Arbitrary<unknown> {
  const pool = pools[name];
  if (schema instanceof z.ZodObject) return likelyObject(schema.shape as Shape, pools);
  if (schema instanceof z.ZodArray)
    return fc.array(likelyInputs(schema.element, pools, name), { minLength: 1, maxLength: 2 });
  if (schema instanceof z.ZodNullable)
    return fc.option(likelyInputs(schema.unwrap(), pools, name), { freq: 3, nil: null });
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return likelyInputs(schema.unwrap(), pools, name);
  if (schema instanceof z.ZodUnion)
    return fc.oneof(...schema.options.map((option) => likelyInputs(option, pools, name)));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...(pool ?? schema.options));
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodNumber) return fc.constantFrom(...(pool ?? [1, 12, 3600]));
  return fc.constantFrom(...(pool ?? anyText));
}

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** Fields that can be left out are, half the time. */
function likelyObject(shape: Shape, pools: Pools): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape).map(([name, field]) => [name, likelyInputs(field, pools, name)] as const);
  const requiredKeys = Object.entries(shape).flatMap(([name, field]) =>
    field instanceof z.ZodOptional || field instanceof z.ZodDefault ? [] : [name],
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys });
}
