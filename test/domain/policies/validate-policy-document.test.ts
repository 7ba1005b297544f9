import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/domain/app-error.ts';
import { parseInput } from '../../../src/domain/input-faults.ts';
import { policyDocumentField } from '../../../src/domain/policies/policy-document-field.ts';
import { systemPolicies } from '../../../src/domain/policies/system-policies.ts';
import { policyDocumentLength, validatePolicyDocument } from '../../../src/domain/policies/validate-policy-document.ts';

const statement = { Effect: 'Allow', Action: 'ram:GetUser', Resource: '*' };
const documentOf = (...statements: unknown[]) => ({ Version: '1', Statement: statements });
const withParts = (parts: object) => documentOf({ ...statement, ...parts });
const withCondition = (condition: unknown) => withParts({ Condition: condition });
const pointers = (document: unknown) => validatePolicyDocument(document).map(({ pointer }) => pointer);

test.each([
  ['one statement', documentOf(statement)],
  ['several', documentOf(statement, { ...statement, Effect: 'Deny' })],
  ['lists', withParts({ Action: ['ram:GetUser', '*'], Resource: ['*', 'acs:ram:*:*:user/alice'] })],
  ['wildcards', withParts({ Action: ['ram:*', 'r?m:Get*', '*:*', 'oss:PutObject'] })],
  ['both forms of a resource', withParts({ Resource: ['acs:ram:*:1:user/a', 'acs:ram::1:user/a'] })],
  ['short forms that end with a star', withParts({ Resource: ['acs:*', 'acs:postern:*', 'acs:ram:*:*'] })],
  ['a relative part with colons', withParts({ Resource: 'acs:oss:*:*:bucket/a:b c' })],
  ['an empty condition', withCondition({})],
  ['one value', withCondition({ IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } })],
  [
    'values of either version',
    withCondition({ NotIpAddress: { 'acs:SourceIp': ['10.0.0.1', '2001:db8::/32', '::1'] } }),
  ],
  ['truth as RAM writes it', withCondition({ Bool: { 'acs:MFAPresent': ['true', 'false'] } })],
  [
    'truth as JSON has it',
    withCondition({ Bool: { 'acs:SecureTransport': true, 'postern:TargetIsAdministrator': false } }),
  ],
  ['dates', withCondition({ DateLessThan: { 'acs:CurrentTime': '2026-12-31T23:59:59+08:00' } })],
])('a good document: %s', (_name, document) => {
  expect(validatePolicyDocument(document)).toEqual([]);
});

test.each(systemPolicies.map(({ policyName, document }) => [policyName, document]))(
  'the shipped policy %s is a good document',
  (_name, document) => {
    expect(validatePolicyDocument(document)).toEqual([]);
    expect(validatePolicyDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  },
);

const first = '/Statement/0';

test.each<[string, unknown, string[]]>([
  ['no object', null, ['']],
  ['a text', '{"Version":"1"}', ['']],
  ['a list', [statement], ['']],
  ['nothing in it', {}, ['/Version', '/Statement']],
  ['another version', { ...documentOf(statement), Version: '2012-10-17' }, ['/Version']],
  ['the version as a number', { ...documentOf(statement), Version: 1 }, ['/Version']],
  ['another element', { ...documentOf(statement), Id: 'x' }, ['/Id']],
  ['names in another case', { version: '1', statement: [] }, ['/version', '/statement', '/Version', '/Statement']],
  ['no statement', documentOf(), ['/Statement']],
  ['a statement that is no list', { Version: '1', Statement: statement }, ['/Statement']],
  ['too many statements', documentOf(...Array<unknown>(101).fill({})), ['/Statement']],
  [
    'a statement that is no object',
    documentOf(statement, 'x', null, []),
    ['/Statement/1', '/Statement/2', '/Statement/3'],
  ],
  ['an empty statement', documentOf({}), [`${first}/Effect`, `${first}/Action`, `${first}/Resource`]],
  ['another effect', withParts({ Effect: 'allow' }), [`${first}/Effect`]],
  [
    'NotAction',
    documentOf({ Effect: 'Allow', NotAction: '*', Resource: '*' }),
    [`${first}/NotAction`, `${first}/Action`],
  ],
  ['NotResource', withParts({ NotResource: '*' }), [`${first}/NotResource`]],
  ['Principal', withParts({ Principal: '*', NotPrincipal: '*' }), [`${first}/Principal`, `${first}/NotPrincipal`]],
  ['no actions', withParts({ Action: [] }), [`${first}/Action`]],
  ['an action without a service', withParts({ Action: ['ram:A', 'GetUser'] }), [`${first}/Action/1`]],
  [
    'actions of other types',
    withParts({ Action: [1, null, ['ram:A'], {}] }),
    [0, 1, 2, 3].map((at) => `${first}/Action/${at}`),
  ],
  ['an action with white space', withParts({ Action: 'ram:Get User' }), [`${first}/Action`]],
  ['an action with a line break at its end', withParts({ Action: 'ram:GetUser\n' }), [`${first}/Action`]],
  ['an action with a letter that only looks like one', withParts({ Action: 'ram:GеtUser' }), [`${first}/Action`]],
  ['no resources', withParts({ Resource: [] }), [`${first}/Resource`]],
  ['a resource of another kind', withParts({ Resource: 'arn:aws:iam::1:user/a' }), [`${first}/Resource`]],
  ['a resource of three parts', withParts({ Resource: 'acs:ram:user/a' }), [`${first}/Resource`]],
  ['a resource without an account', withParts({ Resource: 'acs:ram:*::user/a' }), [`${first}/Resource`]],
  ['a resource without a service', withParts({ Resource: 'acs::*:1:user/a' }), [`${first}/Resource`]],
  ['a resource of nothing', withParts({ Resource: 'acs:ram:*:1:' }), [`${first}/Resource`]],
  [
    'a resource with a letter that only looks like one',
    withParts({ Resource: 'acs:ram:*:*:user/аlice' }),
    [`${first}/Resource`],
  ],
  ['a resource with a control character', withParts({ Resource: 'acs:ram:*:*:user/a\u202e' }), [`${first}/Resource`]],
  ['a condition that is no object', withCondition([]), [`${first}/Condition`]],
  ['a condition that is null', withCondition(null), [`${first}/Condition`]],
  ['an operator unknown', withCondition({ IpEquals: {} }), [`${first}/Condition/IpEquals`]],
  ['an operator in another case', withCondition({ bool: { 'acs:MFAPresent': true } }), [`${first}/Condition/bool`]],
  ['an operator without keys', withCondition({ Bool: {} }), [`${first}/Condition/Bool`]],
  ['an operator with a list', withCondition({ Bool: [true] }), [`${first}/Condition/Bool`]],
  ['a key unknown', withCondition({ Bool: { 'acs:Weather': true } }), [`${first}/Condition/Bool/acs:Weather`]],
  [
    'an operator of another type',
    withCondition({ StringLike: { 'acs:SourceIp': '10.*' } }),
    [`${first}/Condition/StringLike/acs:SourceIp`],
  ],
  ['no values', withCondition({ Bool: { 'acs:MFAPresent': [] } }), [`${first}/Condition/Bool/acs:MFAPresent`]],
  [
    'too many values',
    withCondition({ Bool: { 'acs:MFAPresent': Array<boolean>(501).fill(true) } }),
    [`${first}/Condition/Bool/acs:MFAPresent`],
  ],
  [
    'values that cannot be read',
    withCondition({ IpAddress: { 'acs:SourceIp': ['10.0.0.1', '10.0.0.1/40', 7] } }),
    [1, 2].map((at) => `${first}/Condition/IpAddress/acs:SourceIp/${at}`),
  ],
  [
    'a date that is none',
    withCondition({ DateEquals: { 'acs:CurrentTime': '2026-02-30T00:00:00Z' } }),
    [`${first}/Condition/DateEquals/acs:CurrentTime`],
  ],
  [
    'an object as value',
    withCondition({ Bool: { 'acs:MFAPresent': { a: true } } }),
    [`${first}/Condition/Bool/acs:MFAPresent`],
  ],
  ['a name that needs escaping', { ...documentOf(statement), 'a/b~c': 1 }, ['/a~1b~0c']],
  [
    'names of prototypes',
    JSON.parse(
      '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","__proto__":1,"Condition":{"__proto__":{},"constructor":{},"Bool":{"__proto__":true,"toString":true}}}],"__proto__":{"Statement":[]}}',
    ),
    [
      '/__proto__',
      `${first}/__proto__`,
      `${first}/Condition/__proto__`,
      `${first}/Condition/constructor`,
      `${first}/Condition/Bool/__proto__`,
      `${first}/Condition/Bool/toString`,
    ],
  ],
])('a faulty document: %s', (_name, document, expected) => {
  expect(pointers(document)).toEqual(expected);
  expect(new Set(validatePolicyDocument(document).map(({ code }) => code))).toEqual(
    new Set(['MalformedPolicyDocument']),
  );
});

test('faults of several places are told at once, each behind the pointer of the document', () => {
  const document = documentOf({ ...statement, Effect: 'x' }, { ...statement, Action: 'x', Condition: { X: {} } });
  expect(validatePolicyDocument(document, '/policyDocument').map(({ pointer }) => pointer)).toEqual(
    ['/0/Effect', '/1/Action', '/1/Condition/X'].map((place) => `/policyDocument/Statement${place}`),
  );
});

test('the longest document passes, one character more does not, white space not counted', () => {
  const filled = (length: number) => {
    const name = (size: number) => withParts({ Resource: `acs:ram:*:*:${'a'.repeat(size)}` });
    return name(length - JSON.stringify(name(0)).length);
  };
  expect(validatePolicyDocument(filled(policyDocumentLength))).toEqual([]);
  expect(validatePolicyDocument(JSON.parse(JSON.stringify(filled(policyDocumentLength), null, 8)))).toEqual([]);
  expect(validatePolicyDocument(filled(policyDocumentLength + 1))).toMatchObject([
    { pointer: '', code: 'InvalidParameter.PolicyDocument.Length' },
  ]);
});

const schema = z.strictObject({ policyName: z.string(), policyDocument: policyDocumentField });

function faultsOf(input: unknown) {
  try {
    return parseInput(schema, input);
  } catch (error) {
    if (error instanceof AppError) return error.faults;
    throw error;
  }
}

test('as a field of an input it answers the document as it was given', () => {
  const input = { policyName: 'p', policyDocument: withCondition({ Bool: { 'acs:MFAPresent': 'true' } }) };
  expect(faultsOf(input)).toEqual(input);
});

test('as a field its faults stand among those of other fields, each at its place', () => {
  const policyDocument = documentOf({ ...statement, Effect: 'Never' }, { ...statement, Action: ['*', 'postern:*'] });
  expect(faultsOf({ policyDocument })).toMatchObject([
    { pointer: '/policyName', code: 'MissingParameter.PolicyName' },
    { pointer: '/policyDocument/Statement/0/Effect', code: 'MalformedPolicyDocument' },
    { pointer: '/policyDocument/Statement/1/Action/1', code: 'MalformedPolicyDocument' },
  ]);
  expect(faultsOf({ policyName: 'p' })).toMatchObject([
    { pointer: '/policyDocument', code: 'MissingParameter.PolicyDocument' },
  ]);
});

test('as a field it refuses rights over the platform, however they are written, and lets a Deny pass', () => {
  for (const action of ['postern:*', 'Postern:CreateAccount', ['ram:*', 'POSTERN:?']]) {
    const place = typeof action === 'string' ? '' : '/1';
    expect(faultsOf({ policyName: 'p', policyDocument: withParts({ Action: action }) })).toMatchObject([
      { pointer: `/policyDocument/Statement/0/Action${place}`, code: 'MalformedPolicyDocument' },
    ]);
    const denying = { policyName: 'p', policyDocument: withParts({ Action: action, Effect: 'Deny' }) };
    expect(faultsOf(denying)).toEqual(denying);
  }
});

test('as a field it shows in a JSON schema as an object', () => {
  expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
    properties: { policyDocument: { type: 'object' } },
    required: ['policyName', 'policyDocument'],
  });
});
