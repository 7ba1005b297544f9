import type { ApiPage } from '../../../src/web/views/pages/api-pages.ts';

/** The pages of the management API. */
export const apiSamples = {
  'API, index': {
    name: 'api/index',
    title: 'Postern management API',
    alias: 'acme',
    apiUrl: 'https://id.example.com/acme/api/v1',
    tokenUrl: 'https://id.example.com/acme/oauth2/token',
    documentHref: '/acme/api/v1/openapi.json',
    lead: 'Every request carries a bearer token.',
    notes: ['Bodies are JSON.', 'Times are RFC 3339.'],
    subjects: [
      {
        title: 'Users',
        href: '/acme/api/v1/docs/users',
        description: 'The RAM users of the account.',
        operations: [
          { method: 'GET', path: '/users', summary: 'List users', href: '/acme/api/v1/docs/users#listUsers' },
          { method: 'POST', path: '/users', summary: 'Create a user', href: '/acme/api/v1/docs/users#createUser' },
        ],
      },
    ],
  },
  'API, a subject': {
    name: 'api/subject',
    title: 'Users',
    alias: 'acme',
    apiPath: '/acme/api/v1',
    indexHref: '/acme/api/v1/docs',
    description: 'The RAM users of the account.',
    operations: [
      {
        id: 'updateUser',
        href: '#updateUser',
        method: 'PATCH',
        path: '/users/{userName}',
        summary: 'Change a user',
        description: 'What is left out stays.',
        action: 'ram:UpdateUser',
        scopes: 'management:read management:full',
        parameters: [
          { name: 'userName', type: 'text', required: true, description: '', example: 'alice', place: 'path' },
          { name: 'If-Match', type: 'text', required: false, description: 'An ETag.', example: '', place: 'header' },
        ],
        bodyFields: [
          { name: 'comments', type: 'text', required: false, description: 'For administrators.', example: '' },
        ],
        bodyType: 'application/merge-patch+json',
        bodyExample: '{ "comments": "On leave" }',
        curl: 'auth | curl --silent --config - "$API/users/alice" \\\n  --request PATCH',
        status: '200 OK',
        answerExample: '{ "userName": "alice" }',
        errors: [{ status: '404', codes: ['EntityNotExist.User'] }],
      },
    ],
  },
} as const satisfies Record<string, ApiPage>;
