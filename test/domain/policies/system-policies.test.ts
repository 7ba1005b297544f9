import { describe, expect, test } from 'vitest';
import { operations } from '../../../src/domain/operations.ts';
import { decide } from '../../../src/domain/policies/decide.ts';
import { findSystemPolicy } from '../../../src/domain/policies/system-policies.ts';
import { alice, allow, compiled, plainConditions, systemStatements } from './statements.ts';

const outcomeOf = (policyName: string, action: string, targetIsAdministrator?: boolean, resource = alice) =>
  decide(systemStatements(policyName), {
    action,
    resource,
    conditions: { ...plainConditions, targetIsAdministrator },
  }).outcome;

test('names are found in whatever case', () => {
  expect(findSystemPolicy('administratoraccess')?.policyName).toBe('AdministratorAccess');
  expect(findSystemPolicy('Nothing')).toBeUndefined();
});

const everyAction = new Map(operations.map(({ action, effect }) => [action, effect]));

test('actions that only read are named Get or List, and no others', () => {
  for (const { action, effect } of operations) {
    expect([action, effect]).toEqual([action, /^(ram|postern):(Get|List)[A-Z]/.test(action) ? 'read' : 'change']);
  }
});

test.each([...everyAction])('%s (%s) is decided as the policy’s name says', (action, effect) => {
  const ofAccount = action.startsWith('ram:');
  expect(outcomeOf('AliyunRAMFullAccess', action)).toBe(ofAccount ? 'allow' : 'implicitDeny');
  expect(outcomeOf('AliyunRAMReadOnlyAccess', action)).toBe(ofAccount && effect === 'read' ? 'allow' : 'implicitDeny');
});

describe('the help desk', () => {
  const outcome = (action: string, targetIsAdministrator?: boolean, resource?: string) =>
    outcomeOf('PosternHelpDeskAccess', action, targetIsAdministrator, resource);

  test.each([
    'ram:CreateLoginProfile',
    'ram:UpdateLoginProfile',
    'ram:UnbindMFADevice',
    'ram:DeleteSession',
    'ram:UpdateUser',
  ])('%s helps a user, never an administrator, and nobody where it is not known who that is', (action) => {
    expect(outcome(action, false)).toBe('allow');
    expect(outcome(action, true)).toBe('explicitDeny');
    expect(outcome(action)).toBe('implicitDeny');
  });

  test.each(['ram:GetUser', 'ram:ListUsers', 'ram:ListGroupsForUser', 'ram:ListAuditEvents'])('%s reads', (action) => {
    expect(outcome(action, true)).toBe('allow');
    expect(outcome(action)).toBe('allow');
  });

  test('does not rename: the new name is nobody’s yet', () => {
    expect(outcome('ram:UpdateUser', false)).toBe('allow');
    expect(outcome('ram:UpdateUser', undefined, alice.replace('alice', 'new-name'))).toBe('implicitDeny');
  });

  test.each([
    ...['ram:CreateUser', 'ram:DeleteUser', 'ram:DeleteLoginProfile', 'ram:CreateAccessKey', 'ram:UpdateAccessKey'],
    ...['ram:AttachPolicyToUser', 'ram:DetachPolicyFromUser', 'ram:AddUserToGroup', 'ram:RemoveUserFromGroup'],
    ...[
      'ram:CreatePolicy',
      'ram:CreatePolicyVersion',
      'ram:SetDefaultPolicyVersion',
      'ram:CreateGroup',
      'ram:UpdateGroup',
    ],
    ...['ram:CreateApplication', 'ram:CreateApplicationSecret', 'ram:SetPasswordPolicy', 'postern:CreateAccount'],
  ])('%s is not theirs', (action) => {
    expect(outcome(action, false)).toBe('implicitDeny');
    expect(outcome(action)).toBe('implicitDeny');
  });

  test('speaks of actions that there are', () => {
    const allowed = systemStatements('PosternHelpDeskAccess').flatMap(({ effect, actions }) =>
      effect === 'Allow' ? actions : [],
    );
    // Asked for beside `ram:UpdateLoginProfile` where there is no profile yet.
    const known = [...everyAction.keys(), 'ram:CreateLoginProfile'].map((action) => action.toLowerCase());
    expect(allowed.filter((action) => !known.includes(action))).toEqual([]);
  });

  const changes = [...everyAction].filter(
    ([action, effect]) => effect === 'change' && action.startsWith('ram:') && action !== 'ram:ChangePassword',
  );
  test.each(changes.map(([action]) => action))(
    '%s on an administrator is forbidden, whatever else a helper has',
    (action) => {
      const statements = [...systemStatements('PosternHelpDeskAccess'), ...compiled([allow('*')])];
      const conditions = { ...plainConditions, targetIsAdministrator: true };
      expect(decide(statements, { action, resource: alice, conditions }).outcome).toBe('explicitDeny');
    },
  );

  test('forbids no helper to change their own password, though helpers count as administrators', () => {
    expect(outcome('ram:ChangePassword', true)).toBe('implicitDeny');
  });

  test('helps on users alone: not on groups or policies', () => {
    expect(outcome('ram:UpdateUser', false, 'acs:ram:*:1000000000000001:group/users')).toBe('implicitDeny');
  });
});
