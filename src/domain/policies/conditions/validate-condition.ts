import { hasElements, isElement, type PolicyFault, type PolicyPath, policyFault, valuesAt } from '../policy-fault.ts';
import { conditionKeys } from './condition-keys.ts';
import { type ConditionOperator, type ConditionType, conditionOperators } from './operators.ts';

/** Values of one key. Far more than a document's length leaves room for beside the rest, but for the shortest. */
const valuesLimit = 500;

const forms: Readonly<Record<ConditionType, string>> = {
  text: 'Write text.',
  number: 'Write a number.',
  instant: 'Write a date and time as RFC 3339 has it, for example 2026-11-22T18:00:00+08:00.',
  boolean: 'Write true or false.',
  address: 'Write an address or a network, for example 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.',
};

const operatorsOf = (wanted: ConditionType): string =>
  [...conditionOperators].flatMap(([name, { type }]) => (type === wanted ? [name] : [])).join(', ');

/** What is wrong with `Condition` of a statement. An empty one is none, as RAM's own console writes it. */
export function faultsOfCondition(condition: unknown, path: PolicyPath): PolicyFault[] {
  if (!isElement(condition)) return [policyFault(path, 'Condition is an object: operator, key, values.')];
  return Object.entries(condition).flatMap(([name, byKey]) => faultsOfOperator(name, byKey, [...path, name]));
}

function faultsOfOperator(name: string, byKey: unknown, path: PolicyPath): PolicyFault[] {
  const operator = conditionOperators.get(name);
  if (operator === undefined) {
    return [policyFault(path, `This operator is not known. Known are: ${[...conditionOperators.keys()].join(', ')}.`)];
  }
  if (!isElement(byKey) || !hasElements(byKey))
    return [policyFault(path, 'An operator has at least one key with its values.')];
  return Object.entries(byKey).flatMap(([key, values]) => faultsOfKey(operator, { key, values }, [...path, key]));
}

function faultsOfKey(
  operator: ConditionOperator,
  { key: name, values }: { readonly key: string; readonly values: unknown },
  path: PolicyPath,
): PolicyFault[] {
  const key = conditionKeys.get(name);
  if (key === undefined) {
    return [policyFault(path, `This condition key is not known. Known are: ${[...conditionKeys.keys()].join(', ')}.`)];
  }
  if (key.type !== operator.type) {
    return [policyFault(path, `This operator does not fit ${name}. What fits: ${operatorsOf(key.type)}.`)];
  }
  const { all, faults } = valuesAt(values, path, valuesLimit);
  return [
    ...faults,
    ...all.flatMap(({ value, path: at }) =>
      operator.compile(value) === undefined ? [policyFault(at, forms[operator.type])] : [],
    ),
  ];
}
