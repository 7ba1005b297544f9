import { expect, test } from 'vitest';
import { givesAdministration } from '../../../src/domain/policies/gives-administration.ts';
import type { DocumentStatement } from '../../../src/domain/policies/policy-document.ts';
import { systemPolicies } from '../../../src/domain/policies/system-policies.ts';
import { alice, allow, compiled, deny, systemStatements } from './statements.ts';

const account = 'acs:ram:*:1000000000000001';

const cases: readonly [string, readonly DocumentStatement[], boolean][] = [
  ['nothing', [], false],
  ['reading everything', [allow(['ram:Get*', 'ram:list*', 'ram:GetUser'])], false],
  ['reading with wildcards in the service', [allow(['r*:Get*', '*:List?sers'])], false],
  ['everything', [allow('*')], true],
  ['everything of the service', [allow('ram:*')], true],
  ['one change on one user', [allow('ram:UpdateUser', { resource: `${account}:user/bob` })], true],
  ['one change beside reading', [allow(['ram:Get*', 'ram:CreateAccessKey'])], true],
  ['a wildcard that reading begins with', [allow('ram:G*')], true],
  ['a wildcard in place of a letter', [allow('ram:?etUser')], true],
  ['a service with a wildcard', [allow('r?m:DeleteUser')], true],
  ['any service', [allow('*:DeleteUser')], true],
  ['changes on groups', [allow('ram:AddUserToGroup', { resource: `${account}:group/developers` })], true],
  ['changes on the own user', [allow('ram:*', { resource: alice })], false],
  [
    'changes on the own user, written otherwise',
    [allow('ram:*', { resource: 'acs:ram::1000000000000001:USER/Alice' })],
    false,
  ],
  ['changes on the own user and another', [allow('ram:*', { resource: [alice, `${account}:user/bob`] })], true],
  ['changes on whoever begins with the own name', [allow('ram:*', { resource: `${alice}*` })], true],
  ['changes on the own name in any account', [allow('ram:*', { resource: 'acs:ram:*:*:user/alice' })], true],
  ['changes in another account', [allow('ram:*', { resource: 'acs:ram:*:2000000000000002:*' })], true],
  ['another service', [allow(['oss:*', 'ecs:StopInstance'])], false],
  ['the platform, exactly', [allow('postern:CreateAccount', { resource: 'acs:postern:*:1:x' })], true],
  ['the platform, reading', [allow('Postern:List*')], true],
  ['everything, under a condition', [allow('*', { condition: { Bool: { 'acs:MFAPresent': true } } })], true],
  ['everything, with a Deny of it', [allow('*'), deny('*')], true],
  ['a Deny alone', [deny('*')], false],
];

test.each(cases)('%s', (_name, statements, expected) => {
  expect(givesAdministration(compiled(statements), alice)).toBe(expected);
});

test('without an own resource, as for a group, changes anywhere count', () => {
  expect(givesAdministration(compiled([allow('ram:*', { resource: alice })]))).toBe(true);
  expect(givesAdministration(compiled([allow('ram:Get*')]))).toBe(false);
});

test('of the shipped policies the one that only reads makes no administrator, every other does', () => {
  const making = systemPolicies.filter(({ policyName }) => givesAdministration(systemStatements(policyName), alice));
  expect(systemPolicies.filter((policy) => !making.includes(policy)).map(({ policyName }) => policyName)).toEqual([
    'AliyunRAMReadOnlyAccess',
  ]);
});
