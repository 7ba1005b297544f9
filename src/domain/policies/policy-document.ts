/** A value of a condition as administrators write it; `conditions/operators.ts` says which form a type has. */
export type ConditionValue = string | number | boolean;

/** Operator -> key -> values: values of a key OR, keys AND, operators AND. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, OneOrMore<ConditionValue>>>>>;

type OneOrMore<T> = T | readonly T[];

export interface DocumentStatement {
  readonly Effect: 'Allow' | 'Deny';
  /** Patterns of action names, `<service>:<Name>`: `*` any run of characters, `?` one. */
  readonly Action: OneOrMore<string>;
  /** Patterns of resource names, `acs:<service>:<region>:<account>:<relative>`. */
  readonly Resource: OneOrMore<string>;
  readonly Condition?: PolicyCondition;
}

/** A policy as administrators write it, in RAM's policy language. */
export interface PolicyDocument {
  readonly Version: '1';
  readonly Statement: readonly DocumentStatement[];
}

/** Where the language lets a list be written as its only element. */
export const listOf = <T>(value: OneOrMore<T>): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** What a caller wants to do to what. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}

/** Actions on the deployment itself, which nothing but naming the service allows. */
export const platformService = 'postern:';
