import type { PolicyStatement } from './policy-document.ts';

/** A policy that comes with the product. */
export interface SystemPolicy {
  readonly policyName: string;
  readonly description: string;
  /** Can be attached, and counts, in the platform account only. */
  readonly platformOnly: boolean;
  readonly statements: readonly PolicyStatement[];
}

export const administratorAccess = 'AdministratorAccess';
export const platformAdministratorAccess = 'PlatformAdministratorAccess';

const allow = (actions: readonly string[]): PolicyStatement => ({ effect: 'Allow', actions, resources: ['*'] });

export const systemPolicies: readonly SystemPolicy[] = [
  {
    policyName: administratorAccess,
    description: 'Everything in the account. Does not reach the platform (actions postern:*).',
    platformOnly: false,
    statements: [allow(['*'])],
  },
  {
    policyName: platformAdministratorAccess,
    description: 'The platform: its accounts and its settings.',
    platformOnly: true,
    statements: [{ effect: 'Allow', actions: ['postern:*'], resources: ['acs:postern:*'] }],
  },
  {
    policyName: 'AliyunRAMFullAccess',
    description: 'Users, keys, groups, policies and applications of the account.',
    platformOnly: false,
    statements: [allow(['ram:*'])],
  },
  {
    policyName: 'AliyunRAMReadOnlyAccess',
    description: 'Reads users, keys, groups, policies and applications of the account.',
    platformOnly: false,
    statements: [allow(['ram:Get*', 'ram:List*'])],
  },
];

/** Policy names are compared without case, as all names are. */
export const findSystemPolicy = (policyName: string): SystemPolicy | undefined =>
  systemPolicies.find((policy) => policy.policyName.toLowerCase() === policyName.toLowerCase());
