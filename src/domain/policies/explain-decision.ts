import type { CompiledStatement } from './compile-policy.ts';
import { type CompiledCondition, conditionHolds } from './conditions/compile-condition.ts';
import { type Decision, decide } from './decide.ts';
import {
  type DecisionRequest,
  reaches,
  referenceTo,
  type StatementReference,
  type Subject,
  subjectOf,
} from './match-statement.ts';
import type { ConditionValue } from './policy-document.ts';

export interface ExplainedStatement extends StatementReference {
  readonly effect: 'Allow' | 'Deny';
}

export interface FailedCondition {
  readonly operator: string;
  readonly key: string;
  /** As the policy has them. */
  readonly values: readonly ConditionValue[];
  /** The request does not have the key at all. */
  readonly absent: boolean;
}

/** Speaks of the action on the resource, but does not match. */
export interface NearMiss extends ExplainedStatement {
  readonly failedConditions: readonly FailedCondition[];
}

export interface Explanation extends Decision {
  /** Every statement that matches, in the order given. */
  readonly matching: readonly ExplainedStatement[];
  readonly nearMisses: readonly NearMiss[];
}

/** The decision of `decide`, with every statement that has to do with it. */
export function explainDecision(statements: readonly CompiledStatement[], request: DecisionRequest): Explanation {
  const subject = subjectOf(request);
  const judged = statements
    .filter((statement) => reaches(statement, subject))
    .map((statement) => ({
      ...referenceTo(statement),
      effect: statement.effect,
      failedConditions: failedConditions(statement, subject),
    }));
  return {
    ...decide(statements, request),
    matching: judged
      .filter(({ failedConditions: failed }) => failed.length === 0)
      .map(({ source, index, effect }) => ({ source, index, effect })),
    nearMisses: judged.filter(({ failedConditions: failed }) => failed.length > 0),
  };
}

const failedConditions = ({ conditions, effect }: CompiledStatement, { facts }: Subject): FailedCondition[] =>
  conditions
    .filter((condition) => !conditionHolds(condition, effect, facts))
    .map(({ operator, key, values }: CompiledCondition) => ({
      operator,
      key: key.name,
      values,
      absent: key.read(facts) === undefined,
    }));
