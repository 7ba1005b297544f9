import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePolicy } from '../../../src/domain/policies/compile-policy.ts';
import { decide } from '../../../src/domain/policies/decide.ts';
import { explainDecision } from '../../../src/domain/policies/explain-decision.ts';
import type { PolicyDocument } from '../../../src/domain/policies/policy-document.ts';
import { validatePolicyDocument } from '../../../src/domain/policies/validate-policy-document.ts';
import { oracleDecision, type OracleRequest } from './decision-oracle.ts';

const actions = ['ram:GetUser', 'ram:ListUsers', 'RAM:deleteuser', 'postern:CreateAccount', 'oss:PutObject'];
const resources = [
  ...['acs:ram:*:1:user/alice', 'acs:ram::1:user/Alice', 'acs:ram:*:1:user/bob', 'acs:ram:*:2:user/alice'],
  ...['acs:ram:*:1:group/a', 'acs:postern:*:1:account'],
];
const addresses = [
  ...['10.0.0.1', '10.0.0.2', '10.1.0.0', '192.0.2.255', '::ffff:10.0.0.1', '::ffff:a00:2', '::1', '2001:db8::1'],
  ...['2001:DB8:0:0:1::', '::10.0.0.1', '255.255.255.255'],
];
const times = [
  '2026-11-22T10:00:00Z',
  '2026-11-22T18:00:00+08:00',
  '2026-03-01T00:00:00Z',
  '2028-02-29T23:59:59-05:30',
];

/** A name with a run of its letters, or one, made a wildcard. The beginning stays, so that it is a good pattern. */
const patternOf = (names: readonly string[], kept: number) =>
  fc
    .tuple(fc.constantFrom(...names), fc.nat(40), fc.nat(6), fc.constantFrom('*', '?', '**', '*?', ''))
    .map(([name, from, length, symbol]) => {
      const at = kept + (from % (name.length - kept));
      return symbol === '' ? name : `${name.slice(0, at)}${symbol}${name.slice(at + length)}`;
    });

const actionPattern = fc.oneof(
  { weight: 1, arbitrary: fc.constant('*') },
  { weight: 4, arbitrary: patternOf(actions, 8) },
);
const resourcePattern = fc.oneof(
  { weight: 2, arbitrary: fc.constant('*') },
  { weight: 3, arbitrary: patternOf(resources, 16) },
);

const address = fc.oneof(fc.constantFrom(...addresses), fc.ipV4(), fc.ipV6());
const network = fc.oneof(
  address,
  fc.tuple(address, fc.nat(128)).map(([text, prefix]) => `${text}/${text.includes(':') ? prefix : prefix % 33}`),
);
const someOf = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

const truth = someOf(fc.constantFrom<string | boolean>('true', 'false', true, false));
const dateOperators = [
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
];
const optionally = { requiredKeys: [] };
const onTime = fc.record({ 'acs:CurrentTime': someOf(fc.constantFrom(...times)) });
const onAddress = fc.record({ 'acs:SourceIp': someOf(network) });
const onTruths = fc.record(
  { 'acs:MFAPresent': truth, 'acs:SecureTransport': truth, 'postern:TargetIsAdministrator': truth },
  { requiredKeys: ['acs:MFAPresent'] },
);
const condition = fc.record(
  {
    ...{ IpAddress: onAddress, NotIpAddress: onAddress, Bool: onTruths },
    ...Object.fromEntries(dateOperators.map((name) => [name, onTime])),
  },
  optionally,
);
/** Rarely more than two operators: with all of them nothing would ever match. */
const fewOperators = condition.map((all) => Object.fromEntries(Object.entries(all).slice(0, 2)));

const statement = fc.record(
  {
    Effect: fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Deny'),
    Action: someOf(actionPattern),
    Resource: someOf(resourcePattern),
    Condition: fewOperators,
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);
const policy = fc.record({ shipped: fc.boolean(), statements: fc.array(statement, { minLength: 1, maxLength: 3 }) });

const request: fc.Arbitrary<OracleRequest> = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(...resources),
  sourceIp: fc.option(address, { nil: undefined }),
  mfaPresent: fc.boolean(),
  secureTransport: fc.boolean(),
  time: fc.constantFrom(...times),
  targetIsAdministrator: fc.option(fc.boolean(), { nil: undefined }),
});

type Policy = typeof policy extends fc.Arbitrary<infer T> ? T : never;

const documentOf = ({ statements }: Policy) => ({ Version: '1', Statement: statements }) as PolicyDocument;

const compileAll = (policies: readonly Policy[]) =>
  policies.flatMap((one, index) =>
    compilePolicy(documentOf(one), { policyType: one.shipped ? 'system' : 'custom', policyName: `p${index}` }),
  );

const decisionRequest = ({ action, resource, time, ...conditions }: OracleRequest) => ({
  action,
  resource,
  conditions: { ...conditions, currentTime: new Date(time) },
});

test('every decision agrees with the specification read a second time, and both outcomes come often', () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 4 }), request, (policies, asked) => {
      for (const one of policies) expect(validatePolicyDocument(documentOf(one))).toEqual([]);
      const { outcome } = decide(compileAll(policies), decisionRequest(asked));
      seen[outcome] = (seen[outcome] ?? 0) + 1;
      expect(outcome).toBe(oracleDecision(policies, asked));
    }),
    { numRuns: 8000 },
  );
  for (const outcome of ['allow', 'explicitDeny', 'implicitDeny']) expect(seen[outcome]).toBeGreaterThan(400);
});

test('the order of statements decides which is named, never the outcome', () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 4 }), request, (policies, asked) => {
      const statements = compileAll(policies);
      const { outcome } = decide(statements, decisionRequest(asked));
      expect(decide(statements.toReversed(), decisionRequest(asked)).outcome).toBe(outcome);
    }),
    { numRuns: 1000 },
  );
});

test('an explanation decides as the decision does, and the one that decided is among those that match', () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 4 }), request, (policies, asked) => {
      const statements = compileAll(policies);
      const decision = decide(statements, decisionRequest(asked));
      const { matching, nearMisses, ...explained } = explainDecision(statements, decisionRequest(asked));
      expect(explained).toEqual(decision);
      const effects = matching.map(({ effect }) => effect);
      const expected = effects.includes('Deny') ? 'explicitDeny' : effects.includes('Allow') ? 'allow' : 'implicitDeny';
      expect(expected).toBe(decision.outcome);
      if (decision.statement !== undefined)
        expect(matching).toContainEqual(expect.objectContaining(decision.statement));
      for (const { failedConditions } of nearMisses) expect(failedConditions.length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});
