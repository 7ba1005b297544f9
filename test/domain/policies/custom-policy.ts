import { performOperation } from '../../../src/domain/operation.ts';
import { createPolicy } from '../../../src/domain/policies/create-policy.ts';
import type { Harness, TestAccount } from '../operation-harness.ts';

type Statement = Readonly<Record<string, unknown>>;

/** A policy document; statements allow everything unless they say otherwise. */
export const documentOf = (...statements: readonly Statement[]) => ({
  Version: '1' as const,
  Statement: statements.map((statement) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...statement })),
});

export const allowing = (action: string, resource = '*') => documentOf({ Action: action, Resource: resource });

/** Makes a custom policy as the account's administrator. */
export const newPolicy = (
  { deps }: Harness,
  { admin }: TestAccount,
  policyName: string,
  policyDocument: unknown = allowing('ram:GetUser'),
) => performOperation(deps, admin, createPolicy, { policyName, policyDocument });
