import { helpDeskDocument } from './help-desk-policy.ts';
import type { PolicyDocument } from './policy-document.ts';

/** A policy that comes with the product. */
export interface SystemPolicy {
  readonly policyName: string;
  readonly description: string;
  /** Can be attached, and counts, in the platform account only. */
  readonly platformOnly: boolean;
  readonly document: PolicyDocument;
}

export const administratorAccess = 'AdministratorAccess';
export const platformAdministratorAccess = 'PlatformAdministratorAccess';

const allowing = (actions: readonly string[], resource = '*'): PolicyDocument => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }],
});

export const systemPolicies: readonly SystemPolicy[] = [
  {
    policyName: administratorAccess,
    description: 'Everything in the account. Does not reach the platform (actions postern:*).',
    platformOnly: false,
    document: allowing(['*']),
  },
  {
    policyName: platformAdministratorAccess,
    description: 'The platform: its accounts and its settings.',
    platformOnly: true,
    document: allowing(['postern:*'], 'acs:postern:*'),
  },
  {
    policyName: 'AliyunRAMFullAccess',
    description: 'Users, keys, groups, policies and applications of the account.',
    platformOnly: false,
    document: allowing(['ram:*']),
  },
  {
    policyName: 'AliyunRAMReadOnlyAccess',
    description: 'Reads users, keys, groups, policies and applications of the account.',
    platformOnly: false,
    document: allowing(['ram:Get*', 'ram:List*']),
  },
  {
    policyName: 'PosternHelpDeskAccess',
    description:
      'Helps users who cannot log on: passwords, second factors, sessions, freezing. Never reaches administrators.',
    platformOnly: false,
    document: helpDeskDocument,
  },
];

/** Policy names are compared without case, as all names are. */
export const findSystemPolicy = (policyName: string): SystemPolicy | undefined =>
  systemPolicies.find((policy) => policy.policyName.toLowerCase() === policyName.toLowerCase());
