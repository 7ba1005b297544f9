import { expect, it } from 'vitest';
import { essentialAcrValues } from '../../../src/web/oidc/interaction-policy.ts';

type Claims = Parameters<typeof essentialAcrValues>[0];

const inIdToken = (acr: unknown) => ({ id_token: { acr } }) as Claims;

it.each<[string, Claims, string[]]>([
  ['nothing', {}, []],
  ['acr as a wish', inIdToken(null), []],
  ['a value that is not essential', inIdToken({ value: 'a' }), []],
  ['values that are not essential', inIdToken({ values: ['a', 'b'], essential: false }), []],
  ['one value', inIdToken({ essential: true, value: 'a' }), ['a']],
  ['several values', inIdToken({ essential: true, values: ['a', 'b'] }), ['a', 'b']],
  ['essential without any value', inIdToken({ essential: true }), []],
  ['no values at all', inIdToken({ essential: true, values: [] }), []],
  ['essential as a text', inIdToken({ essential: 'true', value: 'a' }), []],
  ['asked for of userinfo only', { userinfo: { acr: { essential: true, value: 'a' } } } as Claims, []],
])('%s', (_what, claims, expected) => expect(essentialAcrValues(claims)).toEqual(expected));

it.each<[string, unknown]>([
  ['values that are no texts', { essential: true, values: [1, null, 'b', {}] }],
  ['values that are no list', { essential: true, values: 'urn:postern:acr:mfa' }],
  ['a value that is no text', { essential: true, value: 5 }],
])('%s are refused, not passed over as if nothing had been asked', (_what, acr) => {
  expect(() => essentialAcrValues(inIdToken(acr))).toThrow(expect.objectContaining({ error: 'invalid_request' }));
});
