import { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import { parseInput } from '../../domain/input-faults.ts';

/** Reads the query. Throws `InvalidParameter` for unknown parameters, and for one given twice: proxies disagree on which counts. */
export function parseQuery<Output>(schema: z.ZodType<Output>, query: URLSearchParams): Output {
  const names = [...query.keys()];
  const repeated = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  if (repeated.size > 0) {
    const detail = 'This parameter is given more than once.';
    const faults = [...repeated].map((name) => ({ pointer: `/${name}`, code: 'InvalidParameter.Repeated', detail }));
    throw new AppError('InvalidParameter', 'Some parameters are given more than once.', { faults });
  }
  return parseInput(schema, Object.fromEntries(query));
}

/** A whole number in a query. */
export const queryNumber = z
  .string()
  .regex(/^[0-9]{1,9}$/, { error: 'A whole number is needed.' })
  .transform(Number);

/** Yes or no in a query. */
export const queryFlag = z.enum(['true', 'false']).transform((value) => value === 'true');

const nothing = z.strictObject({});

/** For a request that has nothing to say: no body, or an empty object. */
export function requireNothing(body: unknown): void {
  parseInput(nothing, body ?? {});
}
