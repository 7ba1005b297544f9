/** Where something stands in a document. */
export type PolicyPath = readonly (string | number)[];

export interface PolicyFault {
  readonly path: PolicyPath;
  /** RAM's codes. */
  readonly code:
    | 'MalformedPolicyDocument'
    | 'InvalidParameter.PolicyDocument.Length'
    | 'MissingParameter.PolicyDocument';
  readonly detail: string;
}

export const policyFault = (path: PolicyPath, detail: string): PolicyFault => ({
  path,
  code: 'MalformedPolicyDocument',
  detail,
});

/** An object with members of its own, `__proto__` counted like any other name. */
export const isElement = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const hasElements = (value: Readonly<Record<string, unknown>>): boolean => Object.keys(value).length > 0;

interface PlacedValue {
  readonly value: unknown;
  readonly path: PolicyPath;
}

/**
 * The values of an element that is written as one or as a list of them, each with its place. None is a fault: an empty list would
 * silently match nothing, or everything where it is negated.
 */
export function valuesAt(
  value: unknown,
  path: PolicyPath,
  limit: number,
): { readonly all: readonly PlacedValue[]; readonly faults: readonly PolicyFault[] } {
  if (!Array.isArray(value)) return { all: [{ value, path }], faults: [] };
  if (value.length === 0) return { all: [], faults: [policyFault(path, 'At least one value is needed.')] };
  if (value.length > limit) return { all: [], faults: [policyFault(path, `At most ${limit} values can be listed.`)] };
  return { all: value.map((one: unknown, index) => ({ value: one, path: [...path, index] })), faults: [] };
}
