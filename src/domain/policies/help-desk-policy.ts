import type { PolicyDocument } from './policy-document.ts';

/** Enough to see why somebody cannot log on. Logons stand in the audit log, among all other events. */
const reads = [
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

const help = [
  ...['ram:CreateLoginProfile', 'ram:UpdateLoginProfile', 'ram:UnbindMFADevice', 'ram:DeleteSession'],
  ...['ram:DeleteDevice', 'ram:UpdateUser'],
];

/**
 * Every verb that changes something, so that no other policy of the same helper reaches an administrator either: credentials, factors,
 * keys, sessions, attachments, memberships, whatever comes. `ram:ChangePassword` alone is left out: it is for one's own only, and
 * helpers count as administrators themselves.
 */
const changes = [
  ...['Add', 'Attach', 'Bind', 'Clear', 'Create', 'Delete', 'Detach', 'Disable', 'Enable', 'End', 'Generate', 'Grant'],
  ...[
    'Put',
    'Release',
    'Remove',
    'Reset',
    'Restore',
    'Retire',
    'Revoke',
    'Rotate',
    'Set',
    'Tag',
    'Unbind',
    'Untag',
    'Update',
  ],
].map((verb) => `ram:${verb}*`);

/**
 * For a help desk. It is twice kept from administrators: the help is allowed where the target is known to be none, and every change is forbidden
 * where it is known to be one.
 *
 * The first also keeps it from renaming, although `ram:UpdateUser` renames: a rename needs the right over the new name as well, which
 * is nobody's yet, so there is no target that is no administrator. It is kept from it on purpose: rights hang on names (a policy on
 * `user/alice` would come to speak of whoever is given the name, and cease to protect whom it spoke of), and apps
 * know people by their logon names.
 */
export const helpDeskDocument: PolicyDocument = {
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: reads, Resource: '*' },
    {
      Effect: 'Allow',
      Action: help,
      Resource: 'acs:ram:*:*:user/*',
      Condition: { Bool: { 'postern:TargetIsAdministrator': 'false' } },
    },
    {
      Effect: 'Deny',
      Action: changes,
      Resource: '*',
      Condition: { Bool: { 'postern:TargetIsAdministrator': 'true' } },
    },
  ],
};
