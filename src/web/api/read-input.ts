import { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import { parseQuery, queryFlag, queryNumber, requireNothing } from './query.ts';
import type { ApiRequest, RequestShape } from './api-request.ts';

/** What the request asks of the operation. */
export interface Reading {
  readonly input: unknown;
  /** Where the body stands in `input`, so that faults point into the document that the client sent. */
  readonly bodyAt?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of a path's placeholders: `/users/:userName` -> `userName`. */
export const placeholdersOf = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

/** How requests to an address are read into the operation's input. */
export function inputReader(
  path: string,
  fields: Readonly<Record<string, z.ZodType>>,
  shape: RequestShape,
): (request: ApiRequest) => Reading {
  const names = placeholdersOf(path);
  const query = z.strictObject(fields);
  return (request) => {
    const params = Object.fromEntries(names.map((name) => [name, request.params[name]]));
    const placed = shape.paramsIn === undefined ? params : { [shape.paramsIn]: params };
    const rest = { ...shape.given, ...parseQuery(query, request.query) };
    if (shape.body !== undefined) return readBody(request.body ?? {}, shape, { ...rest, ...placed });
    requireNothing(request.body);
    return { input: { ...rest, ...placed } };
  };
}

function readBody(body: unknown, { body: field = '', oneOrMany = false }: RequestShape, others: Fields): Reading {
  if (oneOrMany) {
    return Array.isArray(body)
      ? { input: { ...others, [field]: body }, bodyAt: `/${field}` }
      : { input: { ...others, [field]: [body] }, bodyAt: `/${field}/0` };
  }
  if (field !== '') return { input: { ...others, [field]: body }, bodyAt: `/${field}` };
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return { input: body, bodyAt: '' };
  refuseNames(Object.keys(others), body);
  // A copy by spreading keeps an own `__proto__` as a field like any other, which the schema then refuses.
  return { input: { ...body, ...others }, bodyAt: '' };
}

/** What the address says cannot be said again by the body, where the two could differ. */
function refuseNames(names: readonly string[], body: object): void {
  const repeated = names.filter((name) => Object.hasOwn(body, name));
  if (repeated.length === 0) return;
  const detail = 'This field does not exist here: the address says it.';
  const faults = repeated.map((name) => ({ pointer: `/${name}`, code: 'InvalidParameter.UnknownField', detail }));
  throw new AppError('InvalidParameter', 'Some fields are not valid; see errors.', { faults });
}

/** The fields of the input that only the query can provide, as they are read from text. */
export function queryFields(
  input: z.ZodType,
  placeholders: readonly string[],
  { paramsIn, body, given = {} }: RequestShape,
): Record<string, z.ZodType> {
  if (body === '' || !(input instanceof z.ZodObject)) return {};
  const provided = new Set([...(paramsIn === undefined ? placeholders : [paramsIn]), body, ...Object.keys(given)]);
  const left = Object.entries(input.shape as Record<string, z.ZodType>).filter(([name]) => !provided.has(name));
  return Object.fromEntries(left.map(([name, schema]) => [name, fromText(schema).optional()]));
}

/** How a value of this type is written in a query. */
function fromText(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return fromText(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodNumber) return queryNumber;
  if (schema instanceof z.ZodBoolean) return queryFlag;
  return z.string();
}
