import { expect, test } from 'vitest';
import { labelOf, presentList, presentThing } from '../../../src/cli/generated/present.ts';

test('one thing is shown as lines, with what it is made of in its place', () => {
  const text = presentThing({
    loginProfile: { userName: 'alice', mfaRequired: true, passwordSetAt: '2026-03-01T09:30:12.345Z' },
    initialPassword: 'abc',
  });
  expect(text.split('\n')).toEqual([
    'User name:         alice',
    'MFA required:      yes',
    'Password set at:   2026-03-01 09:30 UTC',
    'Initial password:  abc',
  ]);
});

test('a new key is told apart from its owner, and its secret is there to be handed over', () => {
  expect(presentThing({ accessKey: { id: 'PSTKx', status: 'active', secret: 's' } }).split('\n')).toEqual([
    'Access key id:      PSTKx',
    'Access key status:  active',
    'Access key secret:  s',
  ]);
});

test('documents stand as they are, lists within a thing as tables', () => {
  const text = presentThing({
    policyName: 'wiki',
    policyDocument: { Version: '1', Statement: [] },
    entities: [{ userName: 'alice' }, { userName: 'bob' }],
  });
  expect(text).toContain('Policy document:\n{\n  "Version": "1"');
  expect(text).toContain('Entities:\nUSER NAME\nalice\nbob');
});

test('a decision is shown with the statements that speak of it, and with what a near miss lacks', () => {
  const statement = {
    policyType: 'custom',
    policyName: 'wiki',
    versionId: 'v2',
    throughGroup: 'operators',
    statement: 1,
  };
  const failedConditions = [{ operator: 'IpAddress', key: 'acs:SourceIp', values: ['192.0.2.0/24'], absent: true }];
  const items = [
    { decision: 'deny', policy: statement, matching: [statement], nearMisses: [{ ...statement, failedConditions }] },
  ];
  const shown = 'wiki v2 statement 1 by group operators';
  const miss = `${shown} but for IpAddress acs:SourceIp 192.0.2.0/24 (absent)`;
  expect(presentThing({ userActive: true, items })).toContain(`\ndeny      ${shown}  ${shown}  ${miss}`);
  const schema = { properties: { policy: { $ref: '#/components/schemas/StatementReference' } } };
  expect(presentList(schema, items, 80)).toEqual({ table: `POLICY\n${shown}`, left: [] });
});

test('an empty list still names its columns', () => {
  const item = { properties: { groupName: { type: 'string' }, quotas: { type: 'object' } } };
  expect(presentList(item, [], 80)).toEqual({ table: 'GROUP NAME', left: [] });
});

test('nothing of a server steers the terminal', () => {
  expect(presentThing({ comments: '\u001b[2J\n' })).toBe('Comments:  \ufffd[2J\ufffd');
  expect(presentThing({ policyDocument: { Version: '\u202e' } })).not.toContain('\u202e');
});

test.each([
  ['lastLoginIp', 'Last login ip'],
  ['logonUrl', 'Logon address'],
  ['mfaActive', 'MFA active'],
])('%s is called "%s"', (name, label) => {
  expect(labelOf(name)).toBe(label);
});
