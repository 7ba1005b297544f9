import type { FieldFault } from '../app-error.ts';
import { pointerTo } from '../input-faults.ts';
import { faultsOfCondition } from './conditions/validate-condition.ts';
import { isElement, type PolicyFault, type PolicyPath, policyFault, valuesAt } from './policy-fault.ts';

/** RAM: characters of a policy document, counted as JSON without white space between its parts. */
export const policyDocumentLength = 6144;

/** Levels of the deepest document there is: the list of values of a condition. */
const depthLimit = 7;
const statementsLimit = 100;
/** Actions, or resources, of one statement. */
export const patternsLimit = 500;

/** Every fault of a policy document with its place, as an answer tells them; `pointer` (RFC 6901) is where the document stands. */
export const validatePolicyDocument = (value: unknown, pointer = ''): FieldFault[] =>
  faultsOfPolicyDocument(value).map(({ path, code, detail }) => ({
    pointer: `${pointer}${pointerTo(path)}`,
    code,
    detail,
  }));

/**
 * Every fault of a policy document, with the path to its place. One that is too deep or too long is not read any further, so what a
 * hostile one costs is its length.
 */
export function faultsOfPolicyDocument(value: unknown): PolicyFault[] {
  if (value === undefined)
    return [{ path: [], code: 'MissingParameter.PolicyDocument', detail: 'This field is required.' }];
  if (!isElement(value)) return [policyFault([], 'A policy document is a JSON object.')];
  if (isDeeper(value, depthLimit)) return [policyFault([], 'The document is nested too deeply.')];
  if (JSON.stringify(value).length > policyDocumentLength) {
    const detail = `A policy document has at most ${policyDocumentLength} characters.`;
    return [{ path: [], code: 'InvalidParameter.PolicyDocument.Length', detail }];
  }
  const { Version: version, Statement: statements } = value;
  return [
    ...faultsOfNames(value, [], ['Version', 'Statement']),
    ...(version === '1' ? [] : [policyFault(['Version'], 'Version is "1".')]),
    ...faultsOfStatements(statements, ['Statement']),
  ];
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

const unsupported: ReadonlyMap<string, string> = new Map([
  ['NotAction', 'NotAction is not supported: list under Action what is meant.'],
  ['NotResource', 'NotResource is not supported: list under Resource what is meant.'],
  ['Principal', 'Principal is not supported: a policy counts for whom it is attached to.'],
  ['NotPrincipal', 'NotPrincipal is not supported: a policy counts for whom it is attached to.'],
]);

const faultsOfNames = (element: object, path: PolicyPath, known: readonly string[]): PolicyFault[] =>
  Object.keys(element)
    .filter((name) => !known.includes(name))
    .map((name) =>
      policyFault(
        [...path, name],
        unsupported.get(name) ?? `This element does not exist here. Known are: ${known.join(', ')}.`,
      ),
    );

function faultsOfStatements(statements: unknown, path: PolicyPath): PolicyFault[] {
  if (!Array.isArray(statements) || statements.length === 0) {
    return [policyFault(path, 'Statement is a list of at least one statement.')];
  }
  if (statements.length > statementsLimit) {
    return [policyFault(path, `A policy has at most ${statementsLimit} statements.`)];
  }
  return statements.flatMap((statement: unknown, index) => faultsOfStatement(statement, [...path, index]));
}

function faultsOfStatement(statement: unknown, path: PolicyPath): PolicyFault[] {
  if (!isElement(statement)) return [policyFault(path, 'A statement is an object.')];
  const { Effect: effect, Action: actions, Resource: resources } = statement;
  return [
    ...faultsOfNames(statement, path, ['Effect', 'Action', 'Resource', 'Condition']),
    ...(effect === 'Allow' || effect === 'Deny'
      ? []
      : [policyFault([...path, 'Effect'], 'Effect is "Allow" or "Deny".')]),
    ...faultsOfPatterns(actions, [...path, 'Action'], actionPattern),
    ...faultsOfPatterns(resources, [...path, 'Resource'], resourcePattern),
    ...('Condition' in statement ? faultsOfCondition(statement['Condition'], [...path, 'Condition']) : []),
  ];
}

interface PatternRule {
  readonly isValid: (pattern: string) => boolean;
  readonly detail: string;
}

const actionPattern: PatternRule = {
  isValid: (pattern) => /^(\*|[A-Za-z0-9*?_-]+:[A-Za-z0-9*?._/-]+)$/.test(pattern),
  detail: 'An action is written <service>:<Name>, for example ram:GetUser or ram:List*; * alone is all of them.',
};

const resourcePattern: PatternRule = {
  isValid: isResourcePattern,
  detail:
    'A resource is written acs:<service>:<region>:<account>:<relative>, for example acs:ram:*:*:user/alice; * alone is all of them.',
};

/**
 * All five parts, the region perhaps empty; a `*` at the end of fewer may stand for the rest. Every name of ours is ASCII, so a letter
 * that only looks like one of them is told here instead of never matching.
 */
function isResourcePattern(pattern: string): boolean {
  if (pattern === '*') return true;
  if (!/^acs:[\x20-\x7e]+$/.test(pattern)) return false;
  const [, service, , account, ...relative] = pattern.split(':');
  return service !== '' && account !== '' && (pattern.endsWith('*') || (relative.length > 0 && !pattern.endsWith(':')));
}

function faultsOfPatterns(value: unknown, path: PolicyPath, { isValid, detail }: PatternRule): PolicyFault[] {
  const { all, faults } = valuesAt(value, path, patternsLimit);
  return [
    ...faults,
    ...all.flatMap(({ value: pattern, path: at }) =>
      typeof pattern === 'string' && isValid(pattern) ? [] : [policyFault(at, detail)],
    ),
  ];
}
