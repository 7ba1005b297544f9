import {
  type CompiledStatement,
  compilePolicy,
  type PolicySource,
} from '../../../src/domain/policies/compile-policy.ts';
import type { RequestConditions } from '../../../src/domain/policies/conditions/condition-keys.ts';
import type { DocumentStatement, PolicyCondition } from '../../../src/domain/policies/policy-document.ts';
import { findSystemPolicy } from '../../../src/domain/policies/system-policies.ts';

export const alice = 'acs:ram:*:1000000000000001:user/alice';

export const customSource: PolicySource = { policyType: 'custom', policyName: 'mine', versionId: 'v1' };

interface Parts {
  readonly resource?: string | readonly string[];
  readonly condition?: PolicyCondition;
}

const statement = (
  effect: 'Allow' | 'Deny',
  actions: string | readonly string[],
  { resource = '*', condition }: Parts = {},
): DocumentStatement => ({
  Effect: effect,
  Action: actions,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
});

export const allow = (actions: string | readonly string[], parts?: Parts) => statement('Allow', actions, parts);
export const deny = (actions: string | readonly string[], parts?: Parts) => statement('Deny', actions, parts);

export const compiled = (
  statements: readonly DocumentStatement[],
  source: PolicySource = customSource,
): readonly CompiledStatement[] => compilePolicy({ Version: '1', Statement: statements }, source);

export function systemStatements(policyName: string): readonly CompiledStatement[] {
  const policy = findSystemPolicy(policyName);
  if (policy === undefined) throw new Error(`${policyName} does not exist`);
  return compilePolicy(policy.document, { policyType: 'system', policyName });
}

export const plainConditions: RequestConditions = {
  sourceIp: '198.51.100.7',
  mfaPresent: false,
  secureTransport: true,
  currentTime: new Date('2026-11-22T10:00:00Z'),
};
