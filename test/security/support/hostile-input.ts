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
export const claimsText = fc.oneof(
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
