import { z } from 'zod';
import { platformService, type PolicyDocument } from './policy-document.ts';
import { isElement, type PolicyFault, policyFault, valuesAt } from './policy-fault.ts';
import { faultsOfPolicyDocument, patternsLimit, policyDocumentLength } from './validate-policy-document.ts';

/** A policy document of an account, as operations take it: an object, not its text. All faults at once, each at its place. */
export const policyDocumentField = z
  .unknown()
  .superRefine((value, context) => {
    for (const { path, code, detail } of [...faultsOfPolicyDocument(value), ...faultsOfPlatformRights(value)]) {
      context.addIssue({ code: 'custom', path: [...path], message: detail, params: { code } });
    }
  })
  .meta({
    type: 'object',
    description: `A policy in RAM's policy language, at most ${policyDocumentLength} characters of JSON.`,
    examples: [{ Version: '1', Statement: [{ Effect: 'Allow', Action: 'ram:Get*', Resource: '*' }] }],
  }) as z.ZodType<PolicyDocument>;

/** Such an Allow would never count (`match-statement.ts`), so it is told instead of kept. A Deny does. */
function faultsOfPlatformRights(document: unknown): PolicyFault[] {
  const statements: unknown = isElement(document) ? document['Statement'] : undefined;
  return (Array.isArray(statements) ? statements : []).flatMap((statement: unknown, index) =>
    isElement(statement) && statement['Effect'] === 'Allow' ? platformActions(statement['Action'], index) : [],
  );
}

const platformActions = (actions: unknown, index: number): PolicyFault[] =>
  valuesAt(actions, ['Statement', index, 'Action'], patternsLimit).all.flatMap(({ value: pattern, path }) =>
    typeof pattern === 'string' && pattern.toLowerCase().startsWith(platformService)
      ? [policyFault(path, 'Rights over the platform come with PlatformAdministratorAccess alone.')]
      : [],
  );
