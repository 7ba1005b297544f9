import { type CompiledCondition, compileCondition } from './conditions/compile-condition.ts';
import { type DocumentStatement, listOf, type PolicyDocument, platformService } from './policy-document.ts';
import { compileWildcards, type TextMatcher } from './wildcard.ts';

/** Which policy a statement stands in. */
export interface PolicySource {
  readonly policyType: 'system' | 'custom';
  readonly policyName: string;
  readonly versionId?: string;
  /** The name of the group that it comes by; absent where the policy is attached to the user. */
  readonly through?: string;
}

/** A statement ready to be matched. Names are in their canonical form: see `canonicalAction`, `canonicalResource`. */
export interface CompiledStatement {
  readonly source: PolicySource;
  /** Its place in the document, from 0. */
  readonly index: number;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly matchesAction: TextMatcher;
  /** Stands in for `matchesAction` on actions of the platform. */
  readonly matchesPlatformAction: TextMatcher;
  readonly matchesResource: TextMatcher;
  readonly conditions: readonly CompiledCondition[];
}

/** Compared without case: user names are, and a Deny on `user/Alice` must not be escaped by asking for `user/ALICE`. */
export const canonicalAction = (action: string): string => action.toLowerCase();

/** Without case, too. RAM is global, so its resource names are written with a region (`acs:ram:*:…`) and without (`acs:ram::…`). */
export const canonicalResource = (resource: string): string =>
  resource.toLowerCase().replace(/^(acs:[^:]*):(?=:)/, '$1:*');

/** Makes a validated document ready to decide with. Throws on a condition that the validator does not pass. */
export const compilePolicy = (document: PolicyDocument, source: PolicySource): readonly CompiledStatement[] =>
  document.Statement.map((statement, index) => compileStatement(statement, source, index));

function compileStatement(statement: DocumentStatement, source: PolicySource, index: number): CompiledStatement {
  const { Effect: effect, Condition: condition = {} } = statement;
  const actions = listOf(statement.Action).map(canonicalAction);
  const resources = listOf(statement.Resource).map(canonicalResource);
  const platformActions =
    effect === 'Deny' ? actions : actions.filter((pattern) => pattern.startsWith(platformService));
  return {
    source,
    index,
    effect,
    actions,
    resources,
    matchesAction: compileWildcards(actions),
    matchesPlatformAction: compileWildcards(platformActions),
    matchesResource: compileWildcards(resources),
    conditions: compileCondition(condition),
  };
}
