import { canonicalAction, canonicalResource, type CompiledStatement, type PolicySource } from './compile-policy.ts';
import { conditionHolds } from './conditions/compile-condition.ts';
import { factsOf, type RequestConditions, type RequestFacts } from './conditions/condition-keys.ts';
import { type Access, platformService } from './policy-document.ts';

/** What is to be decided: who wants to do what to what is in the statements and here; how they came, in `conditions`. */
export interface DecisionRequest extends Access {
  readonly conditions: RequestConditions;
}

/** A statement as answers name it. */
export interface StatementReference {
  readonly source: PolicySource;
  readonly index: number;
}

/** A request with its names in canonical form. */
export interface Subject {
  readonly action: string;
  readonly ofPlatform: boolean;
  readonly resource: string;
  readonly facts: RequestFacts;
}

export function subjectOf({ action: typedAction, resource, conditions }: DecisionRequest): Subject {
  const action = canonicalAction(typedAction);
  return {
    action,
    ofPlatform: action.startsWith(platformService),
    resource: canonicalResource(resource),
    facts: factsOf(conditions),
  };
}

/** Whether a statement speaks of this action on this resource, whatever its conditions. */
export const reaches = (statement: CompiledStatement, subject: Subject): boolean =>
  actionMatches(statement, subject) && statement.matchesResource(subject.resource);

/** Whether all its conditions are met. */
export function conditionsHold({ conditions, effect }: CompiledStatement, { facts }: Subject): boolean {
  for (const condition of conditions) if (!conditionHolds(condition, effect, facts)) return false;
  return true;
}

export const referenceTo = ({ source, index }: CompiledStatement): StatementReference => ({ source, index });

/**
 * An action of the platform is allowed only by a pattern that names the service, and only by a policy that comes with the product: `*` of
 * an account's administrator does not reach it, nor does what administrators of an account could write for themselves. A Deny
 * on `*` does.
 */
function actionMatches(statement: CompiledStatement, { action, ofPlatform }: Subject): boolean {
  if (!ofPlatform) return statement.matchesAction(action);
  if (statement.effect === 'Allow' && statement.source.policyType !== 'system') return false;
  return statement.matchesPlatformAction(action);
}
