import type { OperationOutline } from '../../../src/domain/operation.ts';

/**
 * What each role may do, written down by hand from what the policies promise, and not from what decides. The operations are those on a
 * user, a group, a policy, … without any rights, in the caller's own account.
 */
export interface Role {
  readonly policyNames: readonly string[];
  readonly frozen?: boolean;
  readonly apiAccess?: 'read' | 'full';
  /** Beside what everybody may do on themselves. */
  readonly allows: (operation: Pick<OperationOutline, 'action' | 'effect'>) => boolean;
}

const helpDeskReads = [
  ...['ram:GetUser', 'ram:ListUsers', 'ram:GetLoginProfile', 'ram:ListMFADevices', 'ram:ListSessions'],
  ...[
    'ram:ListDevices',
    'ram:GetGroup',
    'ram:ListGroups',
    'ram:ListUsersForGroup',
    'ram:ListGroupsForUser',
    'ram:ListAuditEvents',
  ],
];

const helpDeskHelps = [
  ...['ram:CreateLoginProfile', 'ram:UpdateLoginProfile', 'ram:UnbindMFADevice', 'ram:DeleteSession'],
  ...['ram:DeleteDevice', 'ram:UpdateUser'],
];

const ofAccount = ({ action }: { readonly action: string }): boolean => action.startsWith('ram:');

export const roles = {
  administrator: { policyNames: ['AdministratorAccess'], allows: ofAccount },
  'full access to RAM': { policyNames: ['AliyunRAMFullAccess'], allows: ofAccount },
  'read-only access to RAM': {
    policyNames: ['AliyunRAMReadOnlyAccess'],
    allows: ({ action, effect }) => ofAccount({ action }) && effect === 'read',
  },
  'help desk': {
    policyNames: ['PosternHelpDeskAccess'],
    allows: ({ action }) => [...helpDeskReads, ...helpDeskHelps].includes(action),
  },
  'platform administrator': {
    policyNames: ['PlatformAdministratorAccess'],
    allows: ({ action }) => action.startsWith('postern:'),
  },
  'no policy': { policyNames: [], allows: () => false },
  'frozen administrator': { policyNames: ['AdministratorAccess'], frozen: true, allows: () => false },
  'administrator with a token to read': {
    policyNames: ['AdministratorAccess'],
    apiAccess: 'read',
    allows: ({ action, effect }) => ofAccount({ action }) && effect === 'read',
  },
} satisfies Record<string, Role>;

/** What users may do on themselves without a policy: always, or as the account's preferences stand at first. Nothing else. */
export const onOneself: Readonly<Record<string, 'always' | 'at first' | 'not at first'>> = {
  GetOwnUser: 'always',
  GetOwnAccessDecisions: 'always',
  ListOwnSessions: 'always',
  DeleteOwnSession: 'always',
  DeleteOwnSessions: 'always',
  ListOwnConsents: 'always',
  DeleteOwnConsent: 'always',
  ListOwnGroups: 'always',
  ListOwnPolicies: 'always',
  ListOwnActivity: 'always',
  ListOwnDevices: 'always',
  DeleteOwnDevice: 'always',
  DeleteOwnDevices: 'always',
  ListOwnMFADevices: 'always',
  ChangePassword: 'at first',
  CreateOwnVirtualMFADevice: 'at first',
  ActivateOwnMFADevice: 'at first',
  RegisterOwnPasskey: 'at first',
  UpdateOwnMFADevice: 'at first',
  DeleteOwnMFADevice: 'at first',
  GetOwnRecoveryCodes: 'always',
  CreateOwnRecoveryCodes: 'at first',
  CreateOwnAccessKey: 'not at first',
  GetOwnAccessKey: 'not at first',
  ListOwnAccessKeys: 'not at first',
  UpdateOwnAccessKey: 'not at first',
  DeleteOwnAccessKey: 'not at first',
};

const openToEverybody = ({ name }: Pick<OperationOutline, 'name'>): boolean =>
  onOneself[name] === 'always' || onOneself[name] === 'at first';

/** Whether a role may do this. A token to read does not change even what is the caller's own. */
export function mayDo(role: Role, operation: Pick<OperationOutline, 'name' | 'action' | 'effect'>): boolean {
  if (role.frozen === true) return false;
  if (role.apiAccess === 'read' && operation.effect === 'change') return false;
  return role.allows(operation) || openToEverybody(operation);
}

/** How many resources a change touches, each of which gets an event: one, but for these. */
export const resourcesTouched: Readonly<Record<string, number>> = { AddUserToGroup: 2, RemoveUserFromGroup: 2 };
