import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePolicy } from '../../../src/domain/policies/compile-policy.ts';
import { decide } from '../../../src/domain/policies/decide.ts';
import type { PolicyDocument } from '../../../src/domain/policies/policy-document.ts';
import { validatePolicyDocument } from '../../../src/domain/policies/validate-policy-document.ts';
import { alice, customSource, plainConditions } from './statements.ts';

const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const nestedObjects = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

function milliseconds(act: () => void): number {
  const started = performance.now();
  act();
  return performance.now() - started;
}

test.each([
  ['lists', nested(100_000)],
  ['objects', nestedObjects(100_000)],
  ['an element', { Version: '1', Statement: [statement], Extra: nested(100_000) }],
  [
    'values',
    { Version: '1', Statement: [{ ...statement, Condition: { Bool: { 'acs:MFAPresent': nested(100_000) } } }] },
  ],
])('a document of a hundred thousand levels is one fault: %s', (_name, document) => {
  expect(milliseconds(() => expect(validatePolicyDocument(document)).toHaveLength(1))).toBeLessThan(1000);
});

const wide = Array<string>(100_000).fill('*');
test.each([
  ['actions', { Version: '1', Statement: [{ ...statement, Action: wide }] }],
  ['statements', { Version: '1', Statement: wide.map(() => statement) }],
  ['elements', Object.fromEntries(wide.map((_, index) => [`e${index}`, 1]))],
  ['one name', { Version: '1', Statement: [{ ...statement, Action: `ram:${'*a'.repeat(500_000)}` }] }],
])('a document of a hundred thousand %s is refused for its length, at once', (_name, document) => {
  const took = milliseconds(() =>
    expect(validatePolicyDocument(document)).toMatchObject([{ code: 'InvalidParameter.PolicyDocument.Length' }]),
  );
  expect(took).toBeLessThan(1000);
});

test('whatever is sent is told its faults, never thrown at', () => {
  const value = fc.anything({
    withNullPrototype: true,
    maxDepth: 5,
    key: fc.constantFrom('Effect', '__proto__', 'Action', 'Bool', 'x'),
  });
  const document = fc.record({ Version: fc.constant('1'), Statement: fc.oneof(value, fc.array(value)) });
  const conditional = value.map((Condition) => ({ Version: '1', Statement: [{ ...statement, Condition }] }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), document.map(throughJson), conditional.map(throughJson)), (sent) => {
      for (const { pointer, code, detail } of validatePolicyDocument(sent)) {
        expect(pointer === '' || pointer.startsWith('/')).toBe(true);
        expect(code).toMatch(
          /^(MalformedPolicyDocument|InvalidParameter\.PolicyDocument\.Length|MissingParameter\.PolicyDocument)$/,
        );
        expect(detail).not.toBe('');
      }
    }),
    { numRuns: 3000 },
  );
});

/** What of it could come over the wire. */
const throughJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? null : inner)) ?? 'null');

const request = { action: 'ram:GetUser', resource: alice, conditions: plainConditions };
const denying = (patterns: readonly string[]): PolicyDocument => ({
  Version: '1',
  Statement: [{ Effect: 'Deny', Action: patterns, Resource: patterns }],
});

test.each([
  ['stars', Array<string>(10_000).fill('*'), 'explicitDeny'],
  ['runs of stars', Array<string>(10_000).fill('*'.repeat(20)), 'explicitDeny'],
  ['names', Array.from({ length: 10_000 }, (_, index) => `ram:Action${index}`), 'implicitDeny'],
  [
    'patterns made to backtrack',
    Array.from({ length: 10_000 }, (_, index) => `*${'r*a*m*:*'.repeat(20)}${index}`),
    'implicitDeny',
  ],
])('ten thousand %s do not stall a decision, even unvalidated', (_name, patterns, outcome) => {
  const took = milliseconds(() => {
    const statements = compilePolicy(denying(patterns), customSource);
    for (let times = 0; times < 10; times += 1) expect(decide(statements, request).outcome).toBe(outcome);
  });
  expect(took).toBeLessThan(2000);
});

test('the longest documents that pass, as many as a user can have, are decided in a moment', () => {
  const patterns = Array.from({ length: 70 }, (_, index) => `acs:*:*:*:${'?r*a'.repeat(17)}${index}`);
  const document: PolicyDocument = { Version: '1', Statement: [{ Effect: 'Deny', Action: '*', Resource: patterns }] };
  expect(validatePolicyDocument(document)).toEqual([]);
  const statements = Array.from({ length: 300 }, () => compilePolicy(document, customSource)).flat();
  const resource = `acs:ram:*:1000000000000001:user/${'ra'.repeat(32)}`;
  expect(milliseconds(() => decide(statements, { ...request, resource }))).toBeLessThan(500);
});
