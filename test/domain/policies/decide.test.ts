import { expect, test } from 'vitest';
import type { CompiledStatement } from '../../../src/domain/policies/compile-policy.ts';
import type { RequestConditions } from '../../../src/domain/policies/conditions/condition-keys.ts';
import { decide, needsTarget } from '../../../src/domain/policies/decide.ts';
import type { DocumentStatement, PolicyCondition } from '../../../src/domain/policies/policy-document.ts';
import { alice, allow, compiled, customSource, deny, plainConditions, systemStatements } from './statements.ts';

const bob = { resource: 'acs:ram:*:*:user/bob' };

const cases: readonly [string, readonly DocumentStatement[], string, string, string][] = [
  ['nothing attached', [], 'ram:GetUser', alice, 'implicitDeny'],
  ['a matching allow', [allow('ram:GetUser')], 'ram:GetUser', alice, 'allow'],
  ['another action', [allow('ram:ListUsers')], 'ram:GetUser', alice, 'implicitDeny'],
  ['another resource', [allow('ram:*', bob)], 'ram:GetUser', alice, 'implicitDeny'],
  ['one of several actions', [allow(['ram:A', 'ram:GetUser'])], 'ram:GetUser', alice, 'allow'],
  ['one of several resources', [allow('ram:*', { resource: [bob.resource, alice] })], 'ram:GetUser', alice, 'allow'],
  [
    'action and resource in different statements',
    [allow('ram:GetUser', bob), allow('ram:ListUsers')],
    'ram:GetUser',
    alice,
    'implicitDeny',
  ],
  ['a deny before an allow', [deny('ram:GetUser'), allow('*')], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny after an allow', [allow('*'), deny('ram:Get*')], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny between allows', [allow('*'), deny('ram:Get*'), allow('*')], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny alone', [deny('ram:Get*')], 'ram:GetUser', alice, 'explicitDeny'],
  ['a deny of another user', [allow('*'), deny('*', bob)], 'ram:GetUser', alice, 'allow'],
  [
    'a deny escaped by the case of the request',
    [allow('*'), deny('*', { resource: alice })],
    'ram:GetUser',
    alice.replace('alice', 'ALICE'),
    'explicitDeny',
  ],
  [
    'a deny escaped by the case of the policy',
    [allow('*'), deny('*', { resource: 'acs:ram:*:*:user/Alice' })],
    'ram:GetUser',
    alice,
    'explicitDeny',
  ],
  ['an action in another case', [allow('RAM:getuser')], 'ram:GetUser', alice, 'allow'],
  [
    'a policy without a region',
    [allow('*', { resource: 'acs:ram::1000000000000001:user/alice' })],
    'ram:GetUser',
    alice,
    'allow',
  ],
  [
    'a request without a region',
    [allow('*', { resource: alice })],
    'ram:GetUser',
    'acs:ram::1000000000000001:user/alice',
    'allow',
  ],
  [
    'a deny escaped by leaving out the region',
    [allow('*'), deny('*', { resource: alice })],
    'ram:GetUser',
    'acs:ram::1000000000000001:user/alice',
    'explicitDeny',
  ],
  ['another account', [allow('*', { resource: 'acs:ram:*:1000000000000002:*' })], 'ram:GetUser', alice, 'implicitDeny'],
  ['one character', [allow('ram:GetUse?')], 'ram:GetUser', alice, 'allow'],
  ['one character too few', [allow('ram:GetUser?')], 'ram:GetUser', alice, 'implicitDeny'],
  ['an empty condition', [allow('*', { condition: {} })], 'ram:GetUser', alice, 'allow'],
  ['a deny of everything reaches the platform', [deny('*')], 'postern:X', 'acs:postern:*:1:a', 'explicitDeny'],
  ['a deny that names the platform', [deny('postern:*')], 'postern:X', 'acs:postern:*:1:a', 'explicitDeny'],
];

test.each(cases)('%s', (_name, statements, action, resource, outcome) => {
  expect(decide(compiled(statements), { action, resource, conditions: plainConditions }).outcome).toBe(outcome);
});

const platform = 'acs:postern:*:1:account';
const ofSystem = (statements: readonly DocumentStatement[]) =>
  compiled(statements, { policyType: 'system', policyName: 'Shipped' });

const shipped: readonly [string, readonly CompiledStatement[], string, string, string][] = [
  ['an administrator in the account', systemStatements('AdministratorAccess'), 'ram:DeleteUser', alice, 'allow'],
  [
    'an administrator on the platform',
    systemStatements('AdministratorAccess'),
    'postern:CreateAccount',
    platform,
    'implicitDeny',
  ],
  [
    'a platform administrator on the platform',
    systemStatements('PlatformAdministratorAccess'),
    'Postern:createaccount',
    platform,
    'allow',
  ],
  [
    'a platform administrator in the account',
    systemStatements('PlatformAdministratorAccess'),
    'ram:DeleteUser',
    alice,
    'implicitDeny',
  ],
  [
    'a platform administrator whom an account forbids everything',
    [...systemStatements('PlatformAdministratorAccess'), ...compiled([deny('*')])],
    'postern:X',
    platform,
    'explicitDeny',
  ],
  ['a pattern that only begins near the platform', ofSystem([allow('p*')]), 'postern:X', platform, 'implicitDeny'],
  ['a pattern that names the platform', ofSystem([allow('postern:*')]), 'postern:X', platform, 'allow'],
  ['the same in a custom policy', compiled([allow('postern:*')]), 'postern:X', platform, 'implicitDeny'],
  ['the exact name in a custom policy', compiled([allow('postern:X')]), 'postern:X', platform, 'implicitDeny'],
  ['a reader reads', systemStatements('AliyunRAMReadOnlyAccess'), 'ram:ListUsers', alice, 'allow'],
  ['a reader changes', systemStatements('AliyunRAMReadOnlyAccess'), 'ram:DeleteUser', alice, 'implicitDeny'],
];

test.each(shipped)('%s', (_name, statements, action, resource, outcome) => {
  expect(decide(statements, { action, resource, conditions: plainConditions }).outcome).toBe(outcome);
});

const office: PolicyCondition = { IpAddress: { 'acs:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } };
const notOffice: PolicyCondition = { NotIpAddress: { 'acs:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } };
const withMfa: PolicyCondition = { Bool: { 'acs:MFAPresent': 'true' } };
const target = (value: string): PolicyCondition => ({ Bool: { 'postern:TargetIsAdministrator': value } });
const duringTheDay: PolicyCondition = {
  DateGreaterThanEquals: { 'acs:CurrentTime': '2026-11-22T09:00:00+08:00' },
  DateLessThan: { 'acs:CurrentTime': '2026-11-22T18:00:00+08:00' },
};

const inOffice = { sourceIp: '203.0.113.9' };
const nowhere = { sourceIp: undefined };
const at = (time: string) => ({ currentTime: new Date(time) });

/** What the condition does as an Allow's (else nothing is allowed) and as a Deny's (beside an Allow of everything). */
const conditional: readonly [string, PolicyCondition, Partial<RequestConditions>, boolean, boolean][] = [
  ['from the network', office, inOffice, true, true],
  ['from elsewhere', office, {}, false, false],
  ['from one of several networks', office, { sourceIp: '2001:db8::5' }, true, true],
  ['from an IPv4 address written as IPv6', office, { sourceIp: '::ffff:203.0.113.9' }, true, true],
  ['outside of all networks', notOffice, {}, true, true],
  ['not outside of one of them', notOffice, { sourceIp: '2001:db8::5' }, false, false],
  ['without an address, from a network', office, nowhere, false, false],
  ['without an address, outside of a network: the reading that grants less', notOffice, nowhere, false, true],
  ['with an address that is none, outside of a network', notOffice, { sourceIp: 'unknown' }, false, true],
  [
    'with an address that is none, from everywhere',
    { IpAddress: { 'acs:SourceIp': '0.0.0.0/0' } },
    { sourceIp: '' },
    false,
    false,
  ],
  ['with a second factor', withMfa, { mfaPresent: true }, true, true],
  ['without a second factor', withMfa, {}, false, false],
  ['with one value or the other', { Bool: { 'acs:MFAPresent': [true, false] } }, {}, true, true],
  ['within the hours', duringTheDay, at('2026-11-22T01:00:00Z'), true, true],
  ['before the hours', duringTheDay, at('2026-11-22T00:59:59Z'), false, false],
  ['at their end', duringTheDay, at('2026-11-22T10:00:00Z'), false, false],
  ['over https', { Bool: { 'acs:SecureTransport': true } }, {}, true, true],
  ['over http', { Bool: { 'acs:SecureTransport': true } }, { secureTransport: false }, false, false],
  ['two keys, both met', { Bool: { 'acs:SecureTransport': true, 'acs:MFAPresent': false } }, {}, true, true],
  ['two keys, one met', { Bool: { 'acs:SecureTransport': true, 'acs:MFAPresent': true } }, {}, false, false],
  ['two operators, one met', { ...office, ...withMfa }, inOffice, false, false],
  ['a target that is an administrator', target('true'), { targetIsAdministrator: true }, true, true],
  ['a target that is none', target('true'), { targetIsAdministrator: false }, false, false],
  ['a target that must be none and is', target('false'), { targetIsAdministrator: false }, true, true],
  ['no target, where it must be an administrator', target('true'), {}, false, false],
  ['no target, where it must be none', target('false'), {}, false, false],
];

test.each(conditional)('a condition: %s', (_name, condition, given, allows, denies) => {
  const request = { action: 'ram:GetUser', resource: alice, conditions: { ...plainConditions, ...given } };
  const outcome = (statements: readonly DocumentStatement[]) => decide(compiled(statements), request).outcome;
  expect(outcome([allow('*', { condition })])).toBe(allows ? 'allow' : 'implicitDeny');
  expect(outcome([allow('*'), deny('*', { condition })])).toBe(denies ? 'explicitDeny' : 'allow');
});

test('a decision names the first statement that decided, with its policy', () => {
  const request = { action: 'ram:GetUser', resource: alice, conditions: plainConditions };
  const through = { ...customSource, policyName: 'group-policy', through: 'developers' };
  const statements = [
    ...compiled([allow('ram:ListUsers'), allow('*'), allow('*')]),
    ...compiled([allow('*')], through),
  ];
  expect(decide(statements, request)).toEqual({ outcome: 'allow', statement: { source: customSource, index: 1 } });
  expect(decide([...statements, ...compiled([deny('ram:A'), deny('*')], through)], request)).toEqual({
    outcome: 'explicitDeny',
    statement: { source: through, index: 1 },
  });
  expect(decide([], request)).toEqual({ outcome: 'implicitDeny' });
});

test('the target needs to be known only where a condition speaks of it', () => {
  expect(needsTarget(compiled([allow('*', { condition: office }), deny('*')]))).toBe(false);
  expect(needsTarget(compiled([allow('*'), deny('*', { condition: target('true') })]))).toBe(true);
  expect(needsTarget([])).toBe(false);
});

test('a condition that was not validated is never left out', () => {
  const unknown = [{ Bool: { 'acs:Weather': 'true' } }, { Sometimes: { 'acs:SourceIp': '10.0.0.1' } }];
  const unreadable = [{ IpAddress: { 'acs:SourceIp': ['10.0.0.1', 'x'] } }, { Bool: { 'acs:SourceIp': true } }];
  const empty = [{ NotIpAddress: { 'acs:SourceIp': [] } }];
  for (const condition of [...unknown, ...unreadable, ...empty]) {
    expect(() => compiled([allow('*', { condition })])).toThrow('was not validated');
  }
});
