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
  ['values that are no texts', inIdToken({ essential: true, values: [1, null, 'b', {}] }), ['b']],
  ['a value that is no text', inIdToken({ essential: true, value: 5 }), []],
  ['essential as a text', inIdToken({ essential: 'true', value: 'a' }), []],
  ['asked for of userinfo only', { userinfo: { acr: { essential: true, value: 'a' } } } as Claims, []],
])('%s', (_what, claims, expected) => expect(essentialAcrValues(claims)).toEqual(expected));
