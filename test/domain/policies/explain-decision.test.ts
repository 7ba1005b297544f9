import { expect, test } from 'vitest';
import { decide } from '../../../src/domain/policies/decide.ts';
import { explainDecision } from '../../../src/domain/policies/explain-decision.ts';
import { alice, allow, compiled, customSource, deny, plainConditions, systemStatements } from './statements.ts';

const request = { action: 'ram:GetUser', resource: alice, conditions: plainConditions };
const viaGroup = { policyType: 'custom', policyName: 'shared', versionId: 'v3', through: 'developers' } as const;
const withMfa = { Bool: { 'acs:MFAPresent': 'true' } };
const office = { IpAddress: { 'acs:SourceIp': ['203.0.113.0/24'] } };

test('every matching statement is named with its policy, version and group, and which one decided', () => {
  const statements = [
    ...compiled([allow('ram:ListUsers'), allow('ram:Get*')]),
    ...compiled([deny('ram:GetUser'), deny('ram:DeleteUser')], viaGroup),
  ];
  expect(explainDecision(statements, request)).toEqual({
    outcome: 'explicitDeny',
    statement: { source: viaGroup, index: 0 },
    matching: [
      { source: customSource, index: 1, effect: 'Allow' },
      { source: viaGroup, index: 0, effect: 'Deny' },
    ],
    nearMisses: [],
  });
});

test('a statement that only its conditions keep from matching is told with those that failed', () => {
  const statements = compiled([allow('*', { condition: { ...withMfa, ...office } }), deny('*', { condition: office })]);
  const conditions = { ...plainConditions, mfaPresent: true };
  expect(explainDecision(statements, { ...request, conditions })).toEqual({
    outcome: 'implicitDeny',
    matching: [],
    nearMisses: [
      {
        source: customSource,
        index: 0,
        effect: 'Allow',
        failedConditions: [{ operator: 'IpAddress', key: 'acs:SourceIp', values: ['203.0.113.0/24'], absent: false }],
      },
      {
        source: customSource,
        index: 1,
        effect: 'Deny',
        failedConditions: [{ operator: 'IpAddress', key: 'acs:SourceIp', values: ['203.0.113.0/24'], absent: false }],
      },
    ],
  });
});

test('a key that the request lacks is told from one that does not fit', () => {
  const statements = compiled([allow('*', { condition: { Bool: { 'postern:TargetIsAdministrator': false } } })]);
  const { nearMisses } = explainDecision(statements, request);
  expect(nearMisses[0]?.failedConditions).toEqual([
    { operator: 'Bool', key: 'postern:TargetIsAdministrator', values: [false], absent: true },
  ]);
});

test('an answer can be sent: it holds data alone', () => {
  const explained = explainDecision(systemStatements('AdministratorAccess'), request);
  expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
});

test('with nothing that speaks of it there is nothing to tell', () => {
  const statements = compiled([allow('ram:ListUsers')]);
  expect(explainDecision(statements, request)).toEqual({ outcome: 'implicitDeny', matching: [], nearMisses: [] });
  expect(decide(statements, request)).toEqual({ outcome: 'implicitDeny' });
});
