import { expect, test } from 'vitest';
import { decide } from '../../../src/domain/policies/decide.ts';
import type { PolicyStatement } from '../../../src/domain/policies/policy-document.ts';
import { systemPolicies } from '../../../src/domain/policies/system-policies.ts';

const alice = 'acs:ram:*:1000000000000001:user/alice';
const allow = (actions: string[], resources = ['*']): PolicyStatement => ({ effect: 'Allow', actions, resources });
const deny = (actions: string[], resources = ['*']): PolicyStatement => ({ effect: 'Deny', actions, resources });
const statementsOf = (name: string) => systemPolicies.find(({ policyName }) => policyName === name)?.statements ?? [];

const cases: readonly [string, readonly PolicyStatement[], string, string, string][] = [
  ['nothing attached', [], 'ram:GetUser', alice, 'implicitDeny'],
  ['a matching allow', [allow(['ram:GetUser'])], 'ram:GetUser', alice, 'allow'],
  ['another action', [allow(['ram:ListUsers'])], 'ram:GetUser', alice, 'implicitDeny'],
  ['another resource', [allow(['ram:*'], ['acs:ram:*:*:user/bob'])], 'ram:GetUser', alice, 'implicitDeny'],
  ['one of several actions', [allow(['ram:A', 'ram:GetUser'])], 'ram:GetUser', alice, 'allow'],
  [
    'action and resource in different statements',
    [allow(['ram:GetUser'], ['x']), allow(['x'])],
    'ram:GetUser',
    alice,
    'implicitDeny',
  ],
  ['a deny before an allow', [deny(['ram:GetUser']), allow(['*'])], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny after an allow', [allow(['*']), deny(['ram:Get*'])], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny of another user', [allow(['*']), deny(['*'], ['acs:ram:*:*:user/bob'])], 'ram:GetUser', alice, 'allow'],
  [
    'a deny escaped by case',
    [allow(['*']), deny(['*'], ['acs:ram:*:*:user/Alice'])],
    'ram:GetUser',
    alice.replace('alice', 'ALICE'),
    'explicitDeny',
  ],
  ['an action in another case', [allow(['RAM:getuser'])], 'ram:GetUser', alice, 'allow'],
  [
    'a resource without a region',
    [allow(['*'], ['acs:ram::1000000000000001:user/alice'])],
    'ram:GetUser',
    alice,
    'allow',
  ],
  [
    'a resource of another account',
    [allow(['*'], ['acs:ram:*:1000000000000002:*'])],
    'ram:GetUser',
    alice,
    'implicitDeny',
  ],
  ['one character', [allow(['ram:GetUse?'])], 'ram:GetUser', alice, 'allow'],
  ['one character too few', [allow(['ram:GetUser?'])], 'ram:GetUser', alice, 'implicitDeny'],
  ['an administrator in the account', statementsOf('AdministratorAccess'), 'ram:DeleteUser', alice, 'allow'],
  [
    'an administrator on the platform',
    statementsOf('AdministratorAccess'),
    'postern:CreateAccount',
    'acs:postern:*:1:account',
    'implicitDeny',
  ],
  [
    'a platform administrator on the platform',
    statementsOf('PlatformAdministratorAccess'),
    'postern:CreateAccount',
    'acs:postern:*:1:account',
    'allow',
  ],
  [
    'a platform administrator in the account',
    statementsOf('PlatformAdministratorAccess'),
    'ram:DeleteUser',
    alice,
    'implicitDeny',
  ],
  [
    'a deny of everything reaches the platform',
    [...statementsOf('PlatformAdministratorAccess'), deny(['*'])],
    'postern:X',
    'acs:postern:*:1:a',
    'explicitDeny',
  ],
  ['a pattern that only begins near postern', [allow(['p*'])], 'postern:X', 'acs:postern:*:1:a', 'implicitDeny'],
  ['a reader reads', statementsOf('AliyunRAMReadOnlyAccess'), 'ram:ListUsers', alice, 'allow'],
  ['a reader changes', statementsOf('AliyunRAMReadOnlyAccess'), 'ram:DeleteUser', alice, 'implicitDeny'],
];

test.each(cases)('%s', (_name, statements, action, resource, decision) => {
  expect(decide(statements, { action, resource })).toBe(decision);
});
