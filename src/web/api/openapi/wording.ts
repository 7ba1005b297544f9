import type { OpenApiDocument, OpenApiHeader, OpenApiParameter } from './openapi.ts';

/** What holds for every request; Markdown. */
export const apiDescription = [
  'Every request carries a bearer token, and the API never reads a cookie. What a caller may do is decided by the policies attached to the user, at',
  'every request; `x-ram-action` at each operation names the action that policies speak of.',
  '',
  '- An access key exchanges its id and secret for a token by `client_credentials`; an application of people needs `apiAccess`.',
  '- Bodies are JSON in UTF-8 of at most 256 KiB. Fields and query parameters that do not exist are refused. Times are RFC 3339 in UTC, ids are strings.',
  '- `PATCH` takes a JSON merge patch (RFC 7396): `null` takes a field away, an absent field stays.',
  '- Long lists are answered in pages: while there is a `nextCursor`, send it as `cursor` with the same filters.',
  '- Answers to GET of one thing carry an `ETag`; changes at the same address take `If-Match` and are refused with 412 when the thing has changed meanwhile.',
  '- `POST` takes an `Idempotency-Key`: a repetition within 24 hours gets the same answer without its secrets, and nothing is made twice.',
  '- Errors are `application/problem+json` with a `code`, a `requestId`, and all faulty fields at once in `errors`.',
].join('\n');

const text = { type: 'string' } as const;

export const headers: Readonly<Record<string, OpenApiHeader>> = {
  'X-Request-Id': { description: 'Names this request in the log.', schema: text },
  RateLimit: {
    description:
      'What is left to the caller, and for how long: `"caller";r=598;t=42` (draft-ietf-httpapi-ratelimit-headers).',
    schema: text,
  },
  'RateLimit-Policy': { description: 'The limit: `"caller";q=600;w=60`, requests in seconds.', schema: text },
  'Retry-After': { description: 'Seconds after which trying again can help.', schema: { type: 'integer' } },
  ETag: { description: 'Names exactly this state; for `If-Match` and `If-None-Match`.', schema: text },
  Location: { description: 'Where the new thing is; absent where several were made.', schema: text },
  'Idempotent-Replayed': {
    description: '`true` where the answer repeats an earlier one.',
    schema: { type: 'string', const: 'true' },
  },
  'Withheld-Secrets': {
    description:
      'JSON Pointers of the secrets that the first answer had and its repetition has not: `"/accessKey/secret"`.',
    schema: text,
  },
};

const entityTags = { type: 'string', examples: ['"3yPQ9yB0kqfI5tWq0yq8dA"'] } as const;

export const parameters: Readonly<Record<string, OpenApiParameter>> = {
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    description: 'Do this only while the thing is as this ETag of it says (`*`: while it exists); else 412.',
    schema: entityTags,
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    description: 'Answer 304 if the thing is still as this ETag of it says.',
    schema: entityTags,
  },
  'If-None-Match-Any': {
    name: 'If-None-Match',
    in: 'header',
    description: '`*`: only create, and answer 412 where it exists already.',
    schema: { type: 'string', const: '*' },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Of your own making, new for each thing to create: a repetition under the same key makes nothing a second time.',
    schema: { type: 'string', examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'] },
  },
};

/** Where tokens for the API come from. */
export const securityScheme = (issuer: string): OpenApiDocument['components']['securitySchemes']['management'] => {
  const scopes = {
    'management:read': 'Whatever reads.',
    'management:full': 'Changes too; asked for beside `management:read`.',
  };
  return {
    type: 'oauth2',
    description: `Ask for the resource \`${issuer}/api/v1\`.`,
    flows: {
      clientCredentials: { tokenUrl: `${issuer}/oauth2/token`, scopes },
      authorizationCode: { authorizationUrl: `${issuer}/oauth2/authorize`, tokenUrl: `${issuer}/oauth2/token`, scopes },
    },
  };
};
