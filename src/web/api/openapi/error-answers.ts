import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../../domain/app-error.ts';
import { statusOf } from '../../http/problem.ts';
import type { Route } from '../route-types.ts';
import type { JsonSchema } from './json-schema.ts';
import { type OpenApiResponse, problemType, type Reference } from './openapi.ts';

/** What any request can be refused with. */
const always: readonly ErrorCode[] = [
  'InvalidParameter',
  'MalformedRequest',
  'InvalidAccessToken',
  'NoPermission',
  'NotAcceptable',
  'RequestTooLarge',
  'UnsupportedMediaType',
  'Throttling.User',
  'InternalError',
  'ServiceUnavailable',
];

/** Every code that a route can be refused with. */
const codesOf = (route: Route): readonly ErrorCode[] => [
  ...new Set([
    ...always,
    ...(route.refuses ?? []),
    ...(route.operation.effect === 'change' ? (['PreconditionFailed'] as const) : []),
    ...(route.takesIdempotencyKey ? (['IdempotencyKeyReused', 'IdempotentRequestInProgress'] as const) : []),
  ]),
];

/** An error (RFC 9457). */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Why a request was refused (RFC 9457).',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string', description: 'The name of the status.' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'What programs go by.' },
    detail: { type: 'string', description: 'For people.' },
    requestId: { type: 'string', description: 'Also in the header `X-Request-Id` and in the log.' },
    errors: {
      type: 'array',
      description: 'Every faulty field at once.',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'Into what was sent (RFC 6901).' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const problemOf = (status: number, codes: readonly ErrorCode[]): OpenApiResponse => ({
  description: `${STATUS_CODES[status] ?? ''}: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
  ...(status === 429 || status === 503
    ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
    : {}),
  content: {
    [problemType]: {
      schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: codes } } },
    },
  },
});

function byStatus(codes: readonly ErrorCode[]): ReadonlyMap<number, readonly ErrorCode[]> {
  const statuses = [...new Set(codes.map(statusOf))].toSorted((left, right) => left - right);
  return new Map(statuses.map((status) => [status, codes.filter((code) => statusOf(code) === status)]));
}

/** Answers that many routes share, by the name they go by in the document. */
export const sharedErrorAnswers: Readonly<Record<string, OpenApiResponse>> = Object.fromEntries(
  [...byStatus(always)].map(([status, codes]) => [`Problem${status}`, problemOf(status, codes)]),
);

/** The error answers of a route: its own in full, those that any request can meet by reference. */
export function errorAnswers(route: Route): Readonly<Record<string, OpenApiResponse | Reference>> {
  const general = byStatus(always);
  const answers = [...byStatus(codesOf(route))].map(([status, codes]): [string, OpenApiResponse | Reference] => [
    String(status),
    general.get(status)?.length === codes.length
      ? { $ref: `#/components/responses/Problem${status}` }
      : problemOf(status, codes),
  ]);
  return Object.fromEntries(answers);
}
