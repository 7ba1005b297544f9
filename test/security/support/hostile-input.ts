import fc from 'fast-check';

const awkward = [
  '',
  '\u0000',
  '%',
  '%00',
  '%ff',
  '%2e%2e',
  '..',
  '/',
  '\\',
  "'",
  '"',
  '<',
  '{}',
  '[]',
  'null',
  '-1',
  '1e400',
  '0x1',
  'a'.repeat(3000),
  '\ud800',
  '𝒳',
  '__proto__',
  'constructor',
  '*',
  '@',
  'a@b',
  '${x}',
];
/** Any text, with a liking for what parsers stumble over. */
export const text = fc.oneof(
  fc.constantFrom(...awkward),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
);

/** Well-formed and less well-formed values of the `claims` parameter. */
const claimsText = fc.oneof(
  fc.constantFrom(
    '{}',
    'null',
    '[]',
    '{"id_token":null}',
    '{"id_token":{"acr":{"essential":true}}}',
    '{"id_token":{"acr":{"essential":true,"values":[{},1,null]}}}',
    '{"userinfo":{"__proto__":null}}',
    '{"id_token":{"sub":{"value":"1"}}}',
    '{"id_token":{"auth_time":{"essential":"x"}}}',
  ),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify({ id_token: value })),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify({ id_token: { acr: value, email: value } })),
);

const encode = (value: string): string => encodeURIComponent(value.toWellFormed());

export const queryNames = fc.oneof(
  fc.constantFrom(
    'username',
    'client_id',
    'id_token_hint',
    'post_logout_redirect_uri',
    'state',
    'factor',
    'q',
    'limit',
    'cursor',
    'access_token',
  ),
  text,
);

export const authorizationParameter = fc.constantFrom(
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'claims',
  'acr_values',
  'response_mode',
  'response_type',
  'redirect_uri',
  'code_challenge',
  'code_challenge_method',
  'login_hint',
  'id_token_hint',
  'ui_locales',
  'request',
  'request_uri',
  'resource',
  'display',
  'registration',
  'client_id',
);

export const authorizationValue = fc.oneof(
  text,
  fc.constantFrom(
    'openid offline_access',
    'none',
    'login consent',
    'none login',
    'form_post',
    'fragment',
    'query',
    'token',
    'code id_token',
    'plain',
    'https://evil.example',
    'eyJhbGciOiJub25lIn0.e30.',
  ),
  claimsText,
);

export const tokenField = fc.oneof(
  fc.constantFrom(
    'grant_type',
    'code',
    'refresh_token',
    'client_id',
    'client_secret',
    'token',
    'token_type_hint',
    'redirect_uri',
    'code_verifier',
    'scope',
    'resource',
    'xsrf',
    'logout',
    'client_assertion',
    'client_assertion_type',
  ),
  text,
);

export const tokenValue = fc.oneof(
  text,
  fc.constantFrom('authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'),
  fc.constant('<client>'),
  fc.constant('<key>'),
);

export const credentials = fc.oneof(
  fc.constant(''),
  fc.constant('Basic'),
  text.map((one) => `Basic ${Buffer.from(one).toString('base64')}`),
  text.map((one) => `Bearer ${encode(one)}`),
  fc.constant('Basic %%%'),
  fc.constant('<client>'),
);

export const formField = fc.oneof(
  fc.constantFrom(
    'username',
    'password',
    'step',
    'csrf',
    'code',
    'new_password',
    'confirm_password',
    'decision',
    'recovery_code',
    'passkey_response',
    'remember_device',
    'name',
  ),
  text,
);

export const pathSegment = fc.oneof(
  fc.constantFrom(
    'fuzzed',
    '-',
    '.well-known',
    'oauth2',
    'api',
    'v1',
    'users',
    'logon',
    'portal',
    'console',
    'token',
    'authorize',
    'assets',
    '0'.repeat(16),
  ),
  text.map((one) => encode(one).slice(0, 200)),
);
