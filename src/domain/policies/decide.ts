import type { CompiledStatement } from './compile-policy.ts';
import { targetKey } from './conditions/condition-keys.ts';
import {
  conditionsHold,
  type DecisionRequest,
  reaches,
  referenceTo,
  type StatementReference,
  subjectOf,
} from './match-statement.ts';

/** `explicitDeny`: a statement forbids it. `implicitDeny`: none allows it. */
export type Outcome = 'allow' | 'explicitDeny' | 'implicitDeny';

export interface Decision {
  readonly outcome: Outcome;
  /** The first that decided; absent for `implicitDeny`. */
  readonly statement?: StatementReference;
}

/** RAM's order: a Deny that matches wins, else an Allow, else it is refused. */
export function decide(statements: readonly CompiledStatement[], request: DecisionRequest): Decision {
  const subject = subjectOf(request);
  let allowing: CompiledStatement | undefined;
  for (const statement of statements) {
    if (allowing !== undefined && statement.effect === 'Allow') continue;
    if (!reaches(statement, subject) || !conditionsHold(statement, subject)) continue;
    if (statement.effect === 'Deny') return { outcome: 'explicitDeny', statement: referenceTo(statement) };
    allowing = statement;
  }
  return allowing === undefined ? { outcome: 'implicitDeny' } : { outcome: 'allow', statement: referenceTo(allowing) };
}

/** Whether a condition speaks of `postern:TargetIsAdministrator`, which costs queries to find out. */
export const needsTarget = (statements: readonly CompiledStatement[]): boolean =>
  statements.some(({ conditions }) => conditions.some(({ key }) => key === targetKey));
