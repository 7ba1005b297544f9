import { type ConditionValue, listOf, type PolicyCondition } from '../policy-document.ts';
import { type ConditionKey, conditionKeys, type RequestFacts } from './condition-keys.ts';
import { conditionOperators, type ValueTest } from './operators.ts';

/** One operator on one key. All of a statement's must hold. */
export interface CompiledCondition {
  readonly operator: string;
  readonly key: ConditionKey;
  readonly negated: boolean;
  readonly values: readonly ConditionValue[];
  readonly tests: readonly ValueTest[];
}

/** Throws on what the validator does not pass: a condition that is left out would widen an Allow. */
export function compileCondition(condition: PolicyCondition): CompiledCondition[] {
  return Object.entries(condition).flatMap(([operator, byKey]) =>
    Object.entries(byKey).map(([keyName, values]) => compileOne(operator, keyName, listOf(values))),
  );
}

function compileOne(operatorName: string, keyName: string, values: readonly ConditionValue[]): CompiledCondition {
  const operator = conditionOperators.get(operatorName);
  const key = conditionKeys.get(keyName);
  const tests = values.map((value) => operator?.compile(value)).filter((test) => test !== undefined);
  if (operator === undefined || operator.type !== key?.type || tests.length !== values.length || tests.length === 0) {
    throw new Error(`condition ${operatorName} on ${keyName} was not validated`);
  }
  return { operator: operatorName, key, negated: operator.negated, values, tests };
}

/**
 * Whether a condition is met. Of a key that the request lacks nothing can be told, and each effect takes the reading that grants less:
 * an Allow asks for something that nobody has shown, so it never matches; a Deny with a negated operator ("unless from the office") matches,
 * as in RAM, or leaving the key out would escape it. A Deny with a positive one speaks of requests that have the key. (`postern:TargetIsAdministrator`
 * has no negated operator: absent means that there is nobody to protect, so no Deny matches.)
 */
export function conditionHolds(
  { key, negated, tests }: CompiledCondition,
  effect: 'Allow' | 'Deny',
  facts: RequestFacts,
): boolean {
  const actual = key.read(facts);
  if (actual === undefined) return negated && effect === 'Deny';
  for (const test of tests) if (test(actual)) return !negated;
  return negated;
}
