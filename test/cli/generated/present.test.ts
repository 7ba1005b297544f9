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
